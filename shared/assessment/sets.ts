import { evaluate, type Model, parameterNames } from '../models/contract.ts';
import { siteCount } from '../models/lattice/lattice.ts';
import type { Sliced } from '../numerics/yielding.ts';
import type { Sampler } from '../sampling/sampler.ts';
import type { SetMeans } from './conditioning.ts';
import { Chains } from './draws.ts';
import type { Measurement, Unfitted } from './statistics.ts';

/** Images beyond which drawn sets are smaller than the data, and their spread is scaled. */
const mostImages = 32;
/** Configurations in all, as far as that gives a number of sets between these. */
const configurations = 6400;
const fewestSets = 199;
const mostSets = 999;
/** Chains of the sampler: at least one set at a time. */
export const drawingChains = 64;
/** Sweeps between two readings of a chain, in autocorrelation times. */
export const gapTimes = 2;
/** Sites whose statistics are taken between two yields: some milliseconds. */
const sliceSites = 100_000;

/** How many sets of how many images are drawn beside M images. */
export function plan(images: number): { images: number; sets: number } {
  const size = Math.min(mostImages, images);
  const sets = Math.max(fewestSets, Math.min(mostSets, Math.floor(configurations / size)));
  return { images: size, sets };
}

/** Drawn sets, and T of every single configuration in them. */
export interface Drawn extends SetMeans {
  /** (sets · images) × p. */
  readonly values: Float64Array;
  /** Sweeps between two readings of a chain. */
  readonly gap: number;
  /** Whether the chains came to rest before the first reading. */
  readonly settled: boolean;
}

/**
 * Draws sets of images at θ: the images of a set come from different chains, sets that follow each other
 * in the same chains are 2τ_int apart.
 *
 * @param onProgress told how many sets are there
 */
export function* drawSets(
  sampler: Sampler,
  theta: Float64Array,
  measurement: Measurement,
  { images, sets }: { images: number; sets: number },
  seed: number,
  onProgress: (done: number) => void,
): Sliced<Drawn> {
  const { model } = sampler;
  const chains = new Chains(sampler, theta, seed);
  const together = Math.floor(sampler.chains / images);
  const { settled } = yield* chains.settle((gapTimes * sets) / together);
  const gap = Math.ceil(gapTimes * chains.tau);
  const p = model.statistics.length;
  const n = siteCount(model.lattice);
  const atOnce = Math.max(1, Math.floor(sliceSites / n));
  const k = statisticsOfSets(model, measurement, images).length;
  const fitted = new Float64Array(sets * p);
  const others = new Float64Array(sets * k);
  const values = new Float64Array(sets * images * p);
  let unyielded = 0;
  for (let set = 0; set < sets; set++) {
    if (set % together === 0) yield* chains.advance(gap);
    const means = new SetAccumulator(model, measurement);
    for (let i = 0; i < images; ) {
      // as many at once as are measured between two yields: another thread answers each question alike slowly
      const some = Math.min(images - i, atOnce);
      const spins = sampler.spins((set % together) * images + i, some);
      for (let k = 0; k < some; k++, i++) {
        values.set(means.add(spins.subarray(k * n, (k + 1) * n)), (set * images + i) * p);
      }
      unyielded += some * n;
      if (unyielded >= sliceSites) {
        unyielded = 0;
        yield;
      }
    }
    fitted.set(means.fitted(), set * p);
    others.set(means.others(), set * k);
    onProgress(set + 1);
  }
  return { sets, images, fitted, others, values, gap, settled };
}

/** What is known of a set: the statistics of its images, and the spread between them where there are two. */
export function statisticsOfSets(
  model: Model,
  { statistics }: Measurement,
  images: number,
): Unfitted[] {
  const spread = (name: string): Unfitted => ({
    name: `spread-${name}`,
    family: 'spread',
    direction: null,
    distance: null,
  });
  return [...statistics, ...(images > 1 ? parameterNames(model).map(spread) : [])];
}

/** Means over the images of one set, as they come. */
export class SetAccumulator {
  private images = 0;
  private readonly sum: Float64Array;
  private readonly square: Float64Array;
  private readonly total: Float64Array;
  private readonly one: Float64Array;

  constructor(
    private readonly model: Model,
    private readonly measurement: Measurement,
  ) {
    const p = model.statistics.length;
    this.sum = new Float64Array(p);
    this.square = new Float64Array(p);
    this.total = new Float64Array(measurement.statistics.length);
    this.one = new Float64Array(measurement.statistics.length);
  }

  /** Adds an image; answers its T. */
  add(spins: ArrayLike<number>): Float64Array {
    const values = evaluate(this.model, spins);
    values.forEach((value, a) => {
      this.sum[a] += value;
      this.square[a] += value * value;
    });
    this.measurement.measure(spins, this.one);
    for (let s = 0; s < this.one.length; s++) this.total[s] += this.one[s];
    this.images++;
    return values;
  }

  /** T̄: p. */
  fitted(): Float64Array {
    return this.sum.map((sum) => sum / this.images);
  }

  /** S̄, then the variance of every T_a between the images, in units of extent². */
  others(): Float64Array {
    const { images, model } = this;
    const means = Array.from(this.total, (sum) => sum / images);
    if (images < 2) return Float64Array.from(means);
    const spreads = Array.from(this.sum, (sum, a) => {
      const variance = (this.square[a] - (sum * sum) / images) / (images - 1);
      return variance / model.statistics[a].extent ** 2;
    });
    return Float64Array.from([...means, ...spreads]);
  }
}
