/** Device pixels of a PNG per CSS pixel of its figure. */
const density = 3;

/**
 * An SVG document as a PNG file.
 *
 * @throws Error if the browser cannot draw it
 */
export async function pngOfSvg(markup: string): Promise<Uint8Array<ArrayBuffer>> {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(markup)}`;
  await picture.decode();
  const canvas = document.createElement('canvas');
  canvas.width = density * picture.width;
  canvas.height = density * picture.height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser has no canvas to draw the chart on.');
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('The browser could not make a PNG of the chart.');
  return new Uint8Array(await blob.arrayBuffer());
}
