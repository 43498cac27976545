/** An opaque pixel, as the four bytes of an image lie in memory. */
const pixel = (red: number, green: number, blue: number) =>
  (255 << 24) | (blue << 16) | (green << 8) | red;

/** A CSS colour #rrggbb as a pixel. */
function pixelOf(colour: string): number {
  const value = Number.parseInt(colour.slice(1), 16);
  return pixel(value >> 16, (value >> 8) & 255, value & 255);
}

/** Fills a canvas of width × height with the pixels that `fill` writes, row-major. */
function write(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  fill: (pixels: Uint32Array) => void,
): void {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser gives no canvas to draw on.');
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = context.createImageData(width, height);
  fill(new Uint32Array(image.data.buffer));
  context.putImageData(image, 0, 0);
}

/** One lattice of spins, a pixel a site: +1 in the colour `up`, −1 in `down` (#rrggbb). */
export function paintSpins(
  canvas: HTMLCanvasElement,
  rows: number,
  cols: number,
  spins: Int8Array,
  up: string,
  down: string,
): void {
  const [bright, dark] = [pixelOf(up), pixelOf(down)];
  write(canvas, cols, rows, (pixels) => {
    for (let k = 0; k < pixels.length; k++) pixels[k] = spins[k] > 0 ? bright : dark;
  });
}

/** A grey picture, 0 black … 255 white. */
export function paintGrey(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  grey: Uint8Array,
): void {
  write(canvas, width, height, (pixels) => {
    for (let k = 0; k < pixels.length; k++) pixels[k] = pixel(grey[k], grey[k], grey[k]);
  });
}
