import type { GreyImage } from './grey.ts';

/**
 * A picture turned upright.
 *
 * @param orientation 1 … 8 as in TIFF and EXIF: where the first row and the first column lie
 */
export function orient(image: GreyImage, orientation: number): GreyImage {
  if (orientation <= 1 || orientation > 8) return image;
  const { width, height, data, levels } = image;
  const turned = orientation >= 5;
  const [w, h] = turned ? [height, width] : [width, height];
  const mirrorX = [2, 3, 7, 8].includes(orientation);
  const mirrorY = [3, 4, 6, 7].includes(orientation);
  const result = levels === 255 ? new Uint8Array(data.length) : new Uint16Array(data.length);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const [u, v] = turned ? [y, x] : [x, y];
      const column = mirrorX ? width - 1 - u : u;
      const row = mirrorY ? height - 1 - v : v;
      result[y * w + x] = data[row * width + column];
    }
  }
  return { width: w, height: h, data: result, levels };
}
