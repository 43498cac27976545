import { type GreyImage, stepsPerGrey } from './grey.ts';
import type { Resampling } from './options.ts';
import type { Rectangle } from './region.ts';

/**
 * Grey values 0 … 255 of rows × cols sites that divide a region evenly, row-major.
 *
 * @param region must lie inside the picture
 */
export function subsample(
  image: GreyImage,
  region: Rectangle,
  rows: number,
  cols: number,
  resample: Resampling,
): Float64Array {
  return resample === 'area'
    ? areaMean(image, region, rows, cols)
    : nearest(image, region, rows, cols);
}

/**
 * Site (q, r) covers q·h/rows ≤ y < (q+1)·h/rows and r·w/cols ≤ x < (r+1)·w/cols of the region's w × h
 * pixels; its value is the mean over that area, pixels on an edge counted by the part inside.
 *
 * Overlaps are counted in units of 1/cols and 1/rows of a pixel, so that all sums are whole numbers
 * below 2⁵³ and the mean is exact up to one rounding.
 */
function areaMean(image: GreyImage, region: Rectangle, rows: number, cols: number): Float64Array {
  const { data } = image;
  const { width, height } = region;
  const sums = new Float64Array(rows * cols);
  const line = new Float64Array(cols);
  for (let y = 0; y < height; y++) {
    const start = (region.y + y) * image.width + region.x;
    // this row of pixels, summed over the width of every site
    for (let r = 0; r < cols; r++) {
      const left = r * width;
      const right = left + width;
      const first = Math.floor(left / cols);
      const last = Math.ceil(right / cols) - 1;
      if (first === last) {
        line[r] = width * data[start + first];
        continue;
      }
      let inner = 0;
      for (let k = start + first + 1; k < start + last; k++) inner += data[k];
      line[r] =
        ((first + 1) * cols - left) * data[start + first] +
        cols * inner +
        (right - last * cols) * data[start + last];
    }
    // its share in every row of sites that it touches
    for (let q = Math.floor((y * rows) / height); q * height < (y + 1) * rows; q++) {
      const overlap = Math.min((y + 1) * rows, (q + 1) * height) - Math.max(y * rows, q * height);
      for (let r = 0; r < cols; r++) sums[q * cols + r] += overlap * line[r];
    }
  }
  // one division by a whole number, so that a uniform region keeps its value exactly
  const area = width * height * stepsPerGrey(image);
  for (let k = 0; k < sums.length; k++) sums[k] /= area;
  return sums;
}

/** The pixel that holds the centre of every site: y = ⌊(q + ½)·h/rows⌋, x = ⌊(r + ½)·w/cols⌋. */
function nearest(image: GreyImage, region: Rectangle, rows: number, cols: number): Float64Array {
  const steps = stepsPerGrey(image);
  const values = new Float64Array(rows * cols);
  for (let q = 0; q < rows; q++) {
    const y = region.y + Math.floor(((2 * q + 1) * region.height) / (2 * rows));
    for (let r = 0; r < cols; r++) {
      const x = region.x + Math.floor(((2 * r + 1) * region.width) / (2 * cols));
      values[q * cols + r] = image.data[y * image.width + x] / steps;
    }
  }
  return values;
}

/** Grey values 0 … 255 of a region's own pixels, row-major, into `values` (width·height). */
export function copyGreys(image: GreyImage, region: Rectangle, values: Float64Array): void {
  const steps = stepsPerGrey(image);
  for (let y = 0, k = 0; y < region.height; y++) {
    const start = (region.y + y) * image.width + region.x;
    for (let p = start; p < start + region.width; p++) values[k++] = image.data[p] / steps;
  }
}

/** A picture whose longest side is at most `longest` pixels, by area mean; smaller ones stay as they are. */
export function shrink(image: GreyImage, longest: number): GreyImage {
  const scale = longest / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const region = { x: 0, y: 0, width: image.width, height: image.height };
  const values = areaMean(image, region, height, width);
  const data = new Uint8Array(values.length);
  for (let k = 0; k < data.length; k++) data[k] = Math.round(values[k]);
  return { width, height, data, levels: 255 };
}
