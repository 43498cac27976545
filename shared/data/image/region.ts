import { PictureError } from './picture-error.ts';

/** A part of a picture in source pixels: columns x … x + width − 1, rows y … y + height − 1. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** All of a picture. */
export function whole({ width, height }: Size): Rectangle {
  return { x: 0, y: 0, width, height };
}

/**
 * The largest region of the lattice's shape, width : height = cols : rows up to rounding to whole pixels,
 * in the picture's middle (half a pixel up or left where the margin is odd).
 */
export function centredRegion({ width, height }: Size, rows: number, cols: number): Rectangle {
  const scale = Math.min(width / cols, height / rows);
  const side = (cells: number, limit: number) =>
    Math.max(1, Math.min(limit, Math.round(scale * cells)));
  const w = side(cols, width);
  const h = side(rows, height);
  return { x: Math.floor((width - w) / 2), y: Math.floor((height - h) / 2), width: w, height: h };
}

/** @throws PictureError `unsuitable` if any part of the region lies outside the picture */
export function checkInside(region: Rectangle, { width, height }: Size): void {
  const { x, y } = region;
  if (x + region.width <= width && y + region.height <= height) return;
  throw new PictureError(
    'unsuitable',
    `The crop ${x},${y},${region.width},${region.height} (x,y,width,height) reaches outside the picture, which is ${width} × ${height} pixels (width × height): choose x + width of at most ${width} and y + height of at most ${height}.`,
  );
}
