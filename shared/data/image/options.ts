import { type Channel, isChannel, mostChannels } from './channel.ts';
import type { Rectangle } from './region.ts';

/** How a picture becomes smaller: mean over the area of every site, or the pixel nearest to its centre. */
export const resamplings = ['area', 'nearest'] as const;
export type Resampling = (typeof resamplings)[number];

/** Rules that choose the threshold from the picture; a number 0 … 255 fixes it. */
export const thresholdRules = ['otsu', 'median', 'mean', 'adaptive'] as const;
export type ThresholdRule = (typeof thresholdRules)[number];

/** All that the way from a picture to spins can be told; the same for window, command line and fit file. */
export interface PreparationOptions {
  /** Part of the picture in source pixels; null: the largest centred region of the lattice's shape (with tiles: all). */
  readonly crop: Rectangle | null;
  /** Sites along the vertical; null: the picture's own height when at most 64, else 64. */
  readonly rows: number | null;
  /** Sites along the horizontal; null: the picture's own width when at most 64, else 64. */
  readonly cols: number | null;
  /** Stride in source pixels of windows of rows × cols pixels; null: one lattice from the whole region. */
  readonly tile: number | null;
  readonly resample: Resampling;
  /** What grey is made of; null: luminance of colours, and of other channels the first. */
  readonly channel: Channel | null;
  readonly threshold: ThresholdRule | number;
  /** Dark pixels become +1. */
  readonly invert: boolean;
}

export const defaultPreparation: PreparationOptions = {
  crop: null,
  rows: null,
  cols: null,
  tile: null,
  resample: 'area',
  channel: null,
  threshold: 'otsu',
  invert: false,
};

/** Side of the lattice where none is asked for and the picture is larger. */
export const defaultSide = 64;

/** Most spins that one picture may give: 256 MiB. */
export const maxSpins = 2 ** 28;

/** @throws RangeError, one sentence, at the first option that makes no sense for any picture */
export function checkPreparation(options: PreparationOptions): void {
  const { crop, rows, cols, tile, resample, channel, threshold } = options;
  for (const [name, value] of Object.entries({ rows, cols })) {
    if (value !== null && !(Number.isInteger(value) && value >= 2)) {
      throw new RangeError(`${name} must be a whole number of at least 2, not ${value}.`);
    }
  }
  if (rows !== null && cols !== null && rows * cols > maxSpins) {
    throw new RangeError(
      `A lattice of ${rows} × ${cols} is too large: at most ${maxSpins} sites are accepted.`,
    );
  }
  if (crop !== null) {
    const { x, y, width, height } = crop;
    const fits = [x, y, width, height].every(Number.isInteger) && Math.min(x, y) >= 0;
    if (!fits || Math.min(width, height) < 1) {
      throw new RangeError(
        `crop takes x,y,width,height in whole pixels with width and height of at least 1, not ${x},${y},${width},${height}.`,
      );
    }
  }
  if (tile !== null && !(Number.isInteger(tile) && tile >= 1)) {
    throw new RangeError(`tile takes a stride in whole pixels, at least 1, not ${tile}.`);
  }
  if (!resamplings.includes(resample)) {
    throw new RangeError(`resample takes ${resamplings.join(' or ')}, not ${resample}.`);
  }
  if (channel !== null && !isChannel(channel)) {
    throw new RangeError(
      `channel takes mean, luminance or a number from 1 to ${mostChannels}, not ${channel}.`,
    );
  }
  const fixed = typeof threshold === 'number';
  if (fixed ? !(threshold >= 0 && threshold <= 255) : !thresholdRules.includes(threshold)) {
    throw new RangeError(
      `threshold takes ${thresholdRules.join(', ')} or a number 0 … 255, not ${threshold}.`,
    );
  }
}
