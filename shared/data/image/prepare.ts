import type { ArraySpins } from '../arrays/array-spins.ts';
import { countLevels, type GreyImage, twoLevels } from './grey.ts';
import { checkPreparation, defaultSide, maxSpins, type PreparationOptions } from './options.ts';
import { PictureError } from './picture-error.ts';
import { centredRegion, checkInside, type Rectangle, whole } from './region.ts';
import { copyGreys, subsample } from './subsample.ts';
import {
  cut,
  cutAdaptive,
  mean,
  median,
  otsu,
  type Tally,
  tallyLevels,
  tallyValues,
} from './threshold.ts';

/** Spins from one input: windows × (rows·cols) values ±1, window-major, row-major within. */
export interface Prepared {
  readonly rows: number;
  readonly cols: number;
  readonly windows: number;
  readonly spins: Int8Array;
  /** Part of the picture that was used, in source pixels; null for spin arrays. */
  readonly region: Rectangle | null;
  /** Grey value 0 … 255 from which on a site is +1; null for the adaptive rule and for spin arrays. */
  readonly threshold: number | null;
  /** Sentences that a person can act on. */
  readonly warnings: readonly string[];
}

/**
 * The whole way from a grey picture to spins: region → subsample (or tiles) → threshold → invert.
 *
 * @throws RangeError if an option makes no sense; PictureError `unsuitable` or `tooLarge` if it does not
 * fit this picture
 */
export function prepare(image: GreyImage, options: PreparationOptions): Prepared {
  checkPreparation(options);
  const { crop, tile } = options;
  if (crop !== null) checkInside(crop, image);
  const frame = crop ?? whole(image);
  const rows = options.rows ?? Math.min(frame.height, defaultSide);
  const cols = options.cols ?? Math.min(frame.width, defaultSide);
  if (rows < 2 || cols < 2) {
    throw new PictureError(
      'unsuitable',
      `A picture of ${frame.width} × ${frame.height} pixels gives no lattice: rows and columns must be at least 2.`,
    );
  }
  const region = tile === null ? (crop ?? centredRegion(image, rows, cols)) : frame;
  const corners = tile === null ? null : tileCorners(region, rows, cols, tile);
  const windows = corners === null ? 1 : corners.length;
  const warnings = corners === null ? scaleWarnings(region, rows, cols) : [];
  const spins = new Int8Array(windows * rows * cols);

  // how often each grey value occurs: among the sites, or for tiles among the region's own pixels
  const greys =
    corners === null
      ? subsample(image, region, rows, cols, options.resample)
      : new Float64Array(rows * cols);
  const tally = corners === null ? tallyValues(greys) : tallyLevels(countLevels(image, region));
  const threshold = chooseThreshold(image, region, tally, options);

  for (let k = 0; k < windows; k++) {
    if (corners !== null) copyGreys(image, { ...corners[k], width: cols, height: rows }, greys);
    const part = spins.subarray(k * rows * cols, (k + 1) * rows * cols);
    if (threshold === null) cutAdaptive(greys, rows, cols, part);
    else cut(greys, threshold, part);
  }
  if (options.invert) invert(spins);
  warnings.push(...ruleWarnings(image, frame, { rows, cols }, tally, options));
  warnings.push(...uniformWarnings(spins, tally));
  return { rows, cols, windows, spins, region, threshold, warnings };
}

/** s_k → −s_k, in place. */
export function invert(spins: Int8Array): void {
  for (let k = 0; k < spins.length; k++) spins[k] = -spins[k];
}

/** Threshold 0 … 255; null for the adaptive rule, which has one for every site. */
function chooseThreshold(
  image: GreyImage,
  region: Rectangle,
  tally: Tally,
  { threshold: rule }: PreparationOptions,
): number | null {
  if (typeof rule === 'number') return rule;
  // no cut can divide equal pixels: bright ones are up, dark ones down
  if (tally.values.length === 1) return 127.5;
  if (rule === 'adaptive') return null;
  if (rule === 'mean') return mean(tally);
  if (rule === 'median') return median(tally);
  // a picture drawn in two greys keeps them: a site follows the majority of its pixels
  const levels = twoLevels(image, region);
  return levels === null ? otsu(tally) : (levels[0] + levels[1]) / 2;
}

/** Upper left corners of all windows of rows × cols pixels, `stride` apart in both directions. */
function tileCorners(
  region: Rectangle,
  rows: number,
  cols: number,
  stride: number,
): { x: number; y: number }[] {
  if (region.width < cols || region.height < rows) {
    throw new PictureError(
      'unsuitable',
      `No window of ${cols} × ${rows} pixels fits into the region of ${region.width} × ${region.height}: choose fewer rows and columns, or do not tile.`,
    );
  }
  const across = Math.floor((region.width - cols) / stride) + 1;
  const down = Math.floor((region.height - rows) / stride) + 1;
  if (across * down * rows * cols > maxSpins) {
    throw new PictureError(
      'tooLarge',
      `A stride of ${stride} makes ${across * down} windows of ${rows} × ${cols}, more than the ${maxSpins} spins that are accepted: choose a larger stride.`,
    );
  }
  return Array.from({ length: across * down }, (_, k) => ({
    x: region.x + (k % across) * stride,
    y: region.y + Math.floor(k / across) * stride,
  }));
}

function scaleWarnings({ width, height }: Rectangle, rows: number, cols: number): string[] {
  const warnings: string[] = [];
  if (width < cols || height < rows) {
    warnings.push(
      `The region of ${width} × ${height} pixels is smaller than the lattice of ${rows} × ${cols}: its pixels are repeated, which makes neighbours equal and J too large; use fewer rows and columns.`,
    );
  }
  // rounding to whole pixels alone may not be blamed
  const stretch = Math.abs(width * rows - height * cols);
  if (stretch > Math.max(rows, cols)) {
    warnings.push(
      `The region of ${width} × ${height} pixels is stretched onto ${rows} rows × ${cols} columns: the distance between neighbours differs along the two axes.`,
    );
  }
  return warnings;
}

/** What the size and the rule decide by themselves, where a person may not have meant it. */
function ruleWarnings(
  image: GreyImage,
  frame: Rectangle,
  { rows, cols }: { rows: number; cols: number },
  tally: Tally,
  options: PreparationOptions,
): string[] {
  const warnings: string[] = [];
  const { width, height } = frame;
  const isOwnSize = options.rows === null || options.cols === null;
  const isReduced = options.tile === null && width * height > rows * cols;
  if (isOwnSize && isReduced && twoLevels(image, frame) !== null) {
    warnings.push(
      `The picture has two grey levels only, as spins have that are prepared already, and its ${height} × ${width} pixels become a lattice of ${rows} × ${cols}, which changes J: where every pixel is a spin, ask for ${height} rows and ${width} columns.`,
    );
  }
  if (options.threshold === 'median' && tally.values.length > 1) {
    warnings.push(
      'The median threshold divides the sites into halves whatever the picture shows: m is set to about 0 by the rule, and so h says nothing about the picture.',
    );
  }
  return warnings;
}

function uniformWarnings(spins: Int8Array, tally: Tally): string[] {
  if (spins.some((spin) => spin !== spins[0])) return [];
  const sign = spins[0] === 1 ? '+1' : '−1';
  return tally.values.length === 1
    ? [
        `All pixels are equal (grey ${Math.round(tally.values[0])} of 255), so every spin is ${sign}.`,
      ]
    : [`The threshold leaves every spin ${sign}: choose another one.`];
}

/**
 * Spins that were given as an array: only `invert` applies to them, and a lattice that is asked for must
 * be theirs.
 *
 * @throws RangeError if an option makes no sense; PictureError `unsuitable` for another lattice
 */
export function prepareArray(array: ArraySpins, options: PreparationOptions): Prepared {
  checkPreparation(options);
  const { rows, cols } = array;
  if ((options.rows ?? rows) !== rows || (options.cols ?? cols) !== cols) {
    throw new PictureError(
      'unsuitable',
      `The array holds lattices of ${rows} × ${cols}, which cannot be resized to ${options.rows ?? rows} × ${options.cols ?? cols}: leave the size out.`,
    );
  }
  const spins = array.spins.slice();
  if (options.invert) invert(spins);
  const ignored = options.crop !== null || options.tile !== null;
  const warnings = [...(array.warnings ?? [])];
  if (ignored) warnings.push('Crop and tiles apply to pictures, not to arrays of spins.');
  if (array.windows === 1) warnings.push(...tableWarnings(array));
  else if (rows === 1) {
    warnings.push(
      `Each of its ${array.windows} rows is a configuration of its own, with no neighbours above and below: take empty lines out where they shall be one lattice.`,
    );
  }
  return { ...array, spins, region: null, threshold: null, warnings };
}

/** What speaks for samples × variables in an array that is read as one picture. */
function tableWarnings({ rows, cols, spins, hasNames }: ArraySpins): string[] {
  const signs: string[] = [];
  if (hasNames) signs.push('its columns have names');
  if (rows > 4 * cols) signs.push(`it has ${rows} rows and ${cols} columns`);
  const texts = new Set<string>();
  // some thousand rows tell, and of wide ones fewer, which takes no time and memory worth naming
  const distinct = Math.min(rows, Math.max(4, Math.min(10_000, Math.floor(2e6 / cols))));
  for (let q = 0; q < distinct; q++) texts.add(spins.subarray(q * cols, (q + 1) * cols).join());
  // rows that repeat are rare in a picture, unless it is one of stripes or of one colour
  if (2 * texts.size < distinct && texts.size > 2) signs.push('its rows repeat');
  if (signs.length === 0) return [];
  return [
    `The array looks like a table, since ${signs.join(' and ')}, and is read as one picture whose neighbouring rows are neighbours in space: for samples × variables the result means nothing.`,
  ];
}

/** One configuration of an array as a picture: +1 white, −1 black. */
export function spinsAsPicture({ rows, cols, spins }: ArraySpins, window = 0): GreyImage {
  const data = new Uint8Array(rows * cols);
  // not by `from`, which lists every value first and ends the process at a hundred million
  for (let k = 0; k < data.length; k++) data[k] = spins[window * data.length + k] === 1 ? 255 : 0;
  return { width: cols, height: rows, data, levels: 255 };
}
