import type { Rectangle } from './region.ts';

/** A picture of one grey channel, row-major: data[y·width + x] = 0 (black) … levels (white). */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array;
  /** The value of white: 255 (8 bits) or 65535 (16 bits). */
  readonly levels: 255 | 65535;
}

/** Interleaved channels as a decoder gives them: grey, grey + alpha, RGB or RGBA, alpha not premultiplied. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly data: Uint8Array | Uint16Array;
}

// Rec. 709 luma weights 0.2126, 0.7152, 0.0722 in units of 2⁻¹⁶; they add up to one
const red = 13933;
const green = 46871;
const blue = 4732;

/**
 * Grey values of any decoder's pixels, always by the same formula:
 *
 *     Y = ⌊(13933 R + 46871 G + 4732 B + 32768) / 65536⌋,    Y over white = W − round((W − Y)·A/W)
 *
 * with W = 255 or 65535: Rec. 709 luma (ITU-R BT.709-6, item 3.2) of the *encoded* (gamma) values, then
 * alpha laid over white. A grey pixel R = G = B keeps its value exactly.
 */
export function toGrey({ width, height, channels, data }: Pixels): GreyImage {
  const levels = data instanceof Uint16Array ? 65535 : 255;
  if (channels === 1) return { width, height, data, levels };
  const grey = levels === 255 ? new Uint8Array(width * height) : new Uint16Array(width * height);
  // row by row: one loop over all pixels would run half its length before it is compiled well
  for (let y = 0; y < height; y++) {
    const [start, end] = [y * width, (y + 1) * width];
    if (channels === 2) greyRow(data, grey, start, end);
    else lumaRow(data, grey, start, end, channels);
    if (channels !== 3) flattenRow(data, grey, start, end, channels, levels);
  }
  return { width, height, data: grey, levels };
}

type Values = Uint8Array | Uint16Array;

function lumaRow(data: Values, grey: Values, start: number, end: number, channels: number): void {
  for (let k = start, p = start * channels; k < end; k++, p += channels) {
    grey[k] = (red * data[p] + green * data[p + 1] + blue * data[p + 2] + 32768) >>> 16;
  }
}

function greyRow(data: Values, grey: Values, start: number, end: number): void {
  for (let k = start; k < end; k++) grey[k] = data[2 * k];
}

/** Lays the grey values over white; alpha is the last channel. */
function flattenRow(
  data: Values,
  grey: Values,
  start: number,
  end: number,
  channels: number,
  levels: number,
): void {
  for (let k = start, p = (start + 1) * channels - 1; k < end; k++, p += channels) {
    grey[k] = levels - Math.round(((levels - grey[k]) * data[p]) / levels);
  }
}

/** Stored steps in one unit of the scale 0 … 255 on which thresholds and histograms work: levels/255. */
export function stepsPerGrey(image: GreyImage): number {
  return image.levels / 255;
}

/** The grey values at 8 bits, 0 … 255. */
export function eightBits({ data }: GreyImage): Uint8Array {
  if (data instanceof Uint8Array) return data;
  const bytes = new Uint8Array(data.length);
  for (let k = 0; k < data.length; k++) bytes[k] = (data[k] * 255) / 65535;
  return bytes;
}

/** Number of pixels of a region at every stored value: levels + 1 counts. */
export function countLevels({ data, width, levels }: GreyImage, region: Rectangle): Uint32Array {
  const size = levels + 1;
  // four tallies side by side: a count that follows the same count would wait for it
  const counts = new Uint32Array(4 * size);
  for (let y = region.y; y < region.y + region.height; y++) {
    const start = y * width + region.x;
    countRow(data, start, start + region.width, counts, size);
  }
  const sum = counts.slice(0, size);
  for (let k = size; k < counts.length; k++) sum[k % size] += counts[k];
  return sum;
}

function countRow(data: Values, start: number, end: number, counts: Uint32Array, size: number) {
  const even = end - ((end - start) % 4);
  for (let k = start; k < even; k += 4) {
    counts[data[k]]++;
    counts[size + data[k + 1]]++;
    counts[2 * size + data[k + 2]]++;
    counts[3 * size + data[k + 3]]++;
  }
  for (let k = even; k < end; k++) counts[data[k]]++;
}

/** Histogram of a region with 256 bins; bin v holds the grey values v ≤ value < v + 1 of 0 … 255. */
export function histogram(image: GreyImage, region: Rectangle): Uint32Array {
  const counts = countLevels(image, region);
  const bins = new Uint32Array(256);
  const steps = stepsPerGrey(image);
  for (let level = 0; level < counts.length; level++) {
    bins[Math.floor(level / steps)] += counts[level];
  }
  return bins;
}

/**
 * The two grey values (0 … 255) of a region that has exactly two; null where it has one or more than two.
 */
export function twoLevels(image: GreyImage, region: Rectangle): [number, number] | null {
  const first = image.data[region.y * image.width + region.x];
  let second = first;
  for (let y = region.y; y < region.y + region.height; y++) {
    const start = y * image.width + region.x;
    for (let k = start; k < start + region.width; k++) {
      const value = image.data[k];
      if (value === first || value === second) continue;
      if (second !== first) return null;
      second = value;
    }
  }
  const steps = stepsPerGrey(image);
  return second === first
    ? null
    : [Math.min(first, second) / steps, Math.max(first, second) / steps];
}
