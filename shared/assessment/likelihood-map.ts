import { priorFall } from '../inference/penalties/prior.ts';
import type { Problem } from '../inference/run.ts';
import type { ExactMethod } from '../models/lattice/exact/method.ts';
import { dot } from '../numerics/symmetric.ts';
import { finish, type Sliced } from '../numerics/yielding.ts';

/** One side of the map: a parameter's values from `min` to `max`, equally spaced. */
export interface Axis {
  readonly parameter: string;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/** Log-likelihood of all images over a plane, relative to its largest value; with a prior, log-posterior. */
export interface LikelihoodMap {
  /** The coupling. */
  readonly x: Axis;
  /** The field per site. */
  readonly y: Axis;
  /** M (ℓ − ℓ_max): one value a point, x running faster. */
  readonly values: readonly number[];
  /** How far below 0 the regions end that hold the truth with 68 and 95 %. */
  readonly depths: { readonly '68': number; readonly '95': number };
  readonly method: 'exact' | 'reweighting';
  /** Points, by their place in `values`, where too few samples count and a parabola goes on. */
  readonly continued: readonly number[];
}

const columns = 33;
const rows = 25;
/** Points of a map. */
export const mapPoints = columns * rows;
/** Half width of the map in standard errors. */
const reach = 3.6;
/** Seconds that a whole exact map may take; where samples say little beyond a parabola, with so few images, more. */
const patience = 1;
const fewImages = 3;
const morePatience = 3;
/** Reweighting is safe while so many samples count: N_eff = (Σw)²/Σw². */
const fewestSamples = 200;

/** Fall of ℓ that bounds the 68 % and the 95 % region of two parameters: −ln(1 − p). */
const depths: LikelihoodMap['depths'] = { '68': -Math.log(1 - 0.68), '95': -Math.log(1 - 0.95) };

/** The plane about an estimate (J, h): J and h per site, wide enough for points that are to be marked. */
export function mapAxes(
  center: ArrayLike<number>,
  errors: ArrayLike<number>,
  sites: number,
  marked: readonly ArrayLike<number>[],
): [Axis, Axis] {
  const [x, y] = [0, 1].map((a) => {
    const scale = a === 1 ? 1 / sites : 1;
    let [min, max] = [center[a] - reach * errors[a], center[a] + reach * errors[a]];
    for (const point of marked) {
      // a mark far away is not worth a map in which the regions are a dot
      if (Math.abs(point[a] - center[a]) > 2 * reach * errors[a]) continue;
      min = Math.min(min, point[a] - 0.3 * errors[a]);
      max = Math.max(max, point[a] + 0.3 * errors[a]);
    }
    return { min: scale * min, max: scale * max };
  });
  return [
    { parameter: 'J', ...x, count: columns },
    { parameter: 'hPerSite', ...y, count: rows },
  ];
}

/** Whether a map by an exact method takes some seconds at most. */
export function isQuickMap(method: ExactMethod | null, images: number): method is ExactMethod {
  const most = images <= fewImages ? morePatience : patience;
  return method !== null && mapPoints * method.seconds <= most;
}

/** The map by an exact method. */
export function* exactMap(
  method: ExactMethod,
  [x, y]: readonly [Axis, Axis],
  sites: number,
  { observed, penalty }: Pick<Problem, 'observed' | 'penalty'>,
  images: number,
  onProgress: (done: number, total: number) => void,
): Sliced<LikelihoodMap> {
  const values: number[] = [];
  for (const theta of pointsOf(x, y, sites)) {
    const { logZ } = finish(method.evaluate(theta));
    values.push(images * (dot(theta, observed.mean) - logZ - priorFall(theta, penalty)));
    onProgress(values.length, x.count * y.count);
    yield;
  }
  return { x, y, values: relative(values), depths, method: 'exact', continued: [] };
}

/**
 * The map from samples at θ̂,
 *
 *   ℓ(θ) − ℓ(θ̂) = δ·(T̄ − ⟨T⟩) − ln ⟨exp δ·(T − ⟨T⟩)⟩,   δ = θ − θ̂,
 *
 * ⟨·⟩ over the samples. At a maximum the first term is zero (with a prior λθ̂) and taken to be so. Where fewer than 200 samples
 * count the map goes on as −½ δᵀ Cov(T) δ, and says where.
 *
 * @param samples T of independent configurations: N × 2
 * @param slope T̄ − ⟨T⟩ at θ̂; null where θ̂ is the maximum
 */
export function* reweightedMap(
  samples: Float64Array,
  center: ArrayLike<number>,
  slope: readonly [number, number] | null,
  penalty: Float64Array,
  [x, y]: readonly [Axis, Axis],
  sites: number,
  images: number,
): Sliced<LikelihoodMap> {
  const n = samples.length / 2;
  const centred = new Float64Array(samples.length);
  const covariance = [0, 0, 0];
  const means = [0, 1].map((a) => {
    let sum = 0;
    for (let k = a; k < samples.length; k += 2) sum += samples[k];
    return sum / n;
  });
  for (let k = 0; k < samples.length; k += 2) {
    const [b, m] = [samples[k] - means[0], samples[k + 1] - means[1]];
    centred[k] = b;
    centred[k + 1] = m;
    covariance[0] += (b * b) / n;
    covariance[1] += (b * m) / n;
    covariance[2] += (m * m) / n;
  }
  const pull = penalty.map((value, a) => value * center[a]);
  const values: number[] = [];
  const continued: number[] = [];
  for (const theta of pointsOf(x, y, sites)) {
    const [dJ, dh] = [theta[0] - center[0], theta[1] - center[1]];
    let [sum, square] = [0, 0];
    for (let k = 0; k < centred.length; k += 2) {
      const weight = Math.exp(dJ * centred[k] + dh * centred[k + 1]);
      sum += weight;
      square += weight * weight;
    }
    const isSafe = sum ** 2 / square >= fewestSamples;
    if (!isSafe) continued.push(values.length);
    const [bb, bm, mm] = covariance;
    const growth = isSafe
      ? Math.log(sum / n)
      : (dJ * dJ * bb + 2 * dJ * dh * bm + dh * dh * mm) / 2;
    const [slopeJ, slopeH] = slope ?? pull;
    const fall = priorFall(theta, penalty) - priorFall(center, penalty);
    values.push(images * (dJ * slopeJ + dh * slopeH - growth - fall));
    if (values.length % x.count === 0) yield;
  }
  return { x, y, values: relative(values), depths, method: 'reweighting', continued };
}

function* pointsOf(x: Axis, y: Axis, sites: number): Generator<[number, number]> {
  const at = ({ min, max, count }: Axis, k: number) => min + ((max - min) * k) / (count - 1);
  for (let j = 0; j < y.count; j++) {
    for (let i = 0; i < x.count; i++) yield [at(x, i), sites * at(y, j)];
  }
}

/** Less their largest, to four decimals: a map is looked at. */
function relative(values: readonly number[]): number[] {
  const top = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return values.map((value) => Number((value - top).toFixed(4)));
}
