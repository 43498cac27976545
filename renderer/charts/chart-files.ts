import { type Drawing, drawing, type Figure } from './figure.ts';
import { figureSvg } from './figure-svg.ts';
import type { Palette } from './palette.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Size of exported charts in CSS pixels, and device pixels of a PNG per CSS pixel. */
const exported: Size = { width: 720, height: 440 };
const density = 3;
/** Three charts stand side by side on a page, where the words of larger ones would be too small to read. */
export const onReport: Size = { width: 320, height: 210 };

/** A figure as a PNG file. */
export async function pngOf(figure: Figure, palette: Palette): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = document.createElement('canvas');
  const drawn = draw(canvas, figure, palette, exported);
  // what nothing was painted on is transparent; a file has the theme's paper behind it
  const context = drawn.chart.ctx;
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, exported.width, exported.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  drawn.destroy();
  if (!blob) throw new Error('The browser could not make a PNG of the chart.');
  return new Uint8Array(await blob.arrayBuffer());
}

/** A figure as an SVG document. */
export function svgOf(figure: Figure, palette: Palette, size = exported): string {
  const drawn = draw(document.createElement('canvas'), figure, palette, size);
  const svg = figureSvg(figure, palette, drawn.chart);
  drawn.destroy();
  return svg;
}

function draw(
  canvas: HTMLCanvasElement,
  figure: Figure,
  palette: Palette,
  { width, height }: Size,
): Drawing {
  canvas.width = width;
  canvas.height = height;
  return drawing(canvas, palette, figure, density);
}
