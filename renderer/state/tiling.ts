import type { Rectangle } from '../../shared/data/image/region.ts';

/** How the windows of a tiling lie, in source pixels. */
export interface Tiling {
  readonly windows: number;
  /** The k-th window. */
  at(k: number): Rectangle;
  /** The window that begins last before a point; beside the region the nearest one. */
  under(x: number, y: number): number;
}

/**
 * The windows that preparation cuts from a region, row by row.
 *
 * @param stride source pixels between neighbouring windows
 */
export function tilingOf(
  region: Rectangle,
  {
    rows,
    cols,
    windows,
  }: { readonly rows: number; readonly cols: number; readonly windows: number },
  stride: number,
): Tiling {
  const across = Math.floor((region.width - cols) / stride) + 1;
  const place = (along: number, count: number) =>
    Math.min(count - 1, Math.max(0, Math.floor(along / stride)));
  return {
    windows,
    at: (k) => ({
      x: region.x + (k % across) * stride,
      y: region.y + Math.floor(k / across) * stride,
      width: cols,
      height: rows,
    }),
    under: (x, y) => place(y - region.y, windows / across) * across + place(x - region.x, across),
  };
}
