import { evaluate, type Model } from '../models/contract.ts';
import { UnsuitableError } from '../models/failures.ts';
import { type Lattice, siteCount } from '../models/lattice/lattice.ts';
import { finish, type Sliced } from '../numerics/yielding.ts';

/** Spins that are looked at in some ten milliseconds. */
const spinsPerSlice = 2 ** 19;

/** M images of one lattice's shape as spins ±1: images × n, image-major, row-major within. */
export interface SpinData {
  readonly rows: number;
  readonly cols: number;
  readonly images: number;
  readonly spins: Int8Array;
}

/** Spins of one image, a view and not a copy. */
export function imageSpins(data: SpinData, image: number): Int8Array {
  const n = data.rows * data.cols;
  return data.spins.subarray(image * n, (image + 1) * n);
}

/** The sufficient statistics of every image and their first two moments between images. */
export interface Observed {
  readonly images: number;
  /** T_a(s^i): images × p. */
  readonly values: Float64Array;
  /** Mean over the images: p. */
  readonly mean: Float64Array;
  /** Covariance between images with M − 1 in the denominator: p × p; null for one image. */
  readonly covariance: Float64Array | null;
}

/**
 * Evaluates the model's statistics on every image, in slices.
 *
 * @throws UnsuitableError if the data's shape is not the lattice's, or there is no image
 */
export function* observing(model: Model, data: SpinData): Sliced<Observed> {
  checkShape(model.lattice, data);
  const p = model.statistics.length;
  const m = data.images;
  const values = new Float64Array(m * p);
  const imagesPerSlice = Math.ceil(spinsPerSlice / siteCount(model.lattice));
  for (let i = 0; i < m; i++) {
    if (i > 0 && i % imagesPerSlice === 0) yield;
    evaluate(model, imageSpins(data, i), values.subarray(i * p, (i + 1) * p));
  }
  const mean = new Float64Array(p);
  for (let k = 0; k < values.length; k++) mean[k % p] += values[k] / m;
  return { images: m, values, mean, covariance: m > 1 ? spread(values, mean, m) : null };
}

/** The same at once. */
export function observe(model: Model, data: SpinData): Observed {
  return finish(observing(model, data));
}

function spread(values: Float64Array, mean: Float64Array, images: number): Float64Array {
  const p = mean.length;
  const result = new Float64Array(p * p);
  for (let i = 0; i < images; i++) {
    for (let a = 0; a < p; a++) {
      const da = values[i * p + a] - mean[a];
      for (let b = 0; b < p; b++) {
        result[a * p + b] += (da * (values[i * p + b] - mean[b])) / (images - 1);
      }
    }
  }
  return result;
}

function checkShape(l: Lattice, data: SpinData): void {
  if (data.images < 1) throw new UnsuitableError('There is no image to fit.');
  if (
    data.rows !== l.rows ||
    data.cols !== l.cols ||
    data.spins.length !== data.images * siteCount(l)
  ) {
    throw new UnsuitableError(
      `The data are ${data.images} images of ${data.rows} × ${data.cols}, the lattice is ${l.rows} × ${l.cols}.`,
    );
  }
}
