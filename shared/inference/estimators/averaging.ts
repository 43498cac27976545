import { congruence, dot, invert, SingularMatrixError } from '../../numerics/symmetric.ts';
import type { Moments } from '../../sampling/kernel.ts';
import { addPenalty } from '../penalties/prior.ts';

/** The later half of the steps of eq. (4), averaged. */
export interface Averaged {
  /** θ̄ less what the steps have not yet made up for: p values. */
  readonly parameters: Float64Array;
  /** By how much that differs from θ̄, the mean of θ over the steps (Polyak–Ruppert average): p values. */
  readonly correction: Float64Array;
  /** F₁ = Cov(T) over chains and steps: p × p. */
  readonly covariance: Float64Array;
  /** Covariance of `parameters` that the sampler's noise adds: p × p. */
  readonly monteCarlo: Float64Array;
  /** Whether both halves of the steps agree within three standard errors, for every parameter. */
  readonly stationary: boolean;
  /** Largest ratio of the moments' variance from step to step to what the sampler's noise explains. */
  readonly jitter: number;
}

/** What eq. (4) is to meet: T̄ and the curvature of a prior, p values each. */
interface Target {
  readonly mean: Float64Array;
  readonly penalty: Float64Array;
}

/** What an average is, as plain data. */
export interface AverageState {
  readonly steps: number;
  /** Steps of one batch. */
  readonly length: number;
  /**
   * A row a batch: sums of θ, of the moments, of their squares, of the chains' covariances at the same step, and of
   * every chain's T.
   */
  readonly sums: Float64Array;
}

export const mostBatches = 80;

/** Fewest steps that can be averaged. */
export const fewestSteps = 80;

/**
 * Averages over the later half of the steps of eq. (4), kept while they are made.
 *
 * With ⟨T⟩ ≈ T̄ + F₁ (θ − θ̂) and chains of noise ε, the means over these steps obey T̿ − T̄ = F₁ (θ̄ − θ̂) + ε̄, however
 * long θ remembers. So
 *
 *   θ̂ ≈ θ̄ − (F₁ + λ)⁻¹ (T̿ + λ θ̄ − T̄),
 *
 * whose error is (F₁ + λ)⁻¹ Cov(ε̄) (F₁ + λ)⁻¹ with Cov(ε̄) from the spread between independent chains. It needs no
 * autocorrelation time: the chains share θ, and only their noise differs. Both hold while ⟨T⟩ is linear over the swings
 * of θ, and exactly so where θ is held.
 *
 * Of the steps only the sums of 40 to 79 batches stay: when there are 80, each two become one. The later half is the
 * later half of these batches, 20 to 39; an unfinished one is left out.
 *
 * Source: B. T. Polyak, A. B. Juditsky, SIAM J. Control Optim. 30, 838 (1992).
 */
export class StepAverage {
  private steps = 0;
  private perBatch = 1;
  private readonly sums: Float64Array;
  private readonly width: number;
  /** Where the columns begin. */
  private readonly at: Readonly<Record<'theta' | 'mean' | 'square' | 'second' | 'chains', number>>;

  /**
   * @param p number of the model's parameters
   * @param state where it does not hold chains, as those of 0.1.0, the average begins anew
   */
  constructor(
    private readonly p: number,
    private readonly chains: number,
    state?: AverageState,
  ) {
    this.at = {
      theta: 0,
      mean: p,
      square: 2 * p,
      second: 3 * p,
      chains: 3 * p + p ** 2,
    };
    this.width = this.at.chains + chains * p;
    this.sums = new Float64Array(mostBatches * this.width);
    if (state?.sums.length !== this.sums.length) return;
    this.steps = state.steps;
    this.perBatch = state.length;
    this.sums.set(state.sums);
  }

  /** Steps that were added. */
  get length(): number {
    return this.steps;
  }

  /** Adds one step. @param theta p values at which the moments were sampled, once a chain */
  add(theta: ArrayLike<number>, { chainSum, measurements }: Moments): void {
    const { p, sums, chains, at } = this;
    const batch = Math.floor(this.steps / this.perBatch) * this.width;
    const mean = new Float64Array(p);
    for (let k = 0; k < chains * p; k++) mean[k % p] += chainSum[k] / measurements / chains;
    // the covariance of chains beside each other, which all sample at the same θ
    const deviation = new Float64Array(p);
    for (let c = 0; c < chains; c++) {
      for (let a = 0; a < p; a++) {
        const value = chainSum[c * p + a] / measurements;
        sums[batch + at.chains + c * p + a] += value;
        deviation[a] = value - mean[a];
      }
      for (let k = 0; k < p * p; k++) {
        sums[batch + at.second + k] +=
          (deviation[Math.floor(k / p)] * deviation[k % p]) / (chains - 1);
      }
    }
    for (let a = 0; a < p; a++) {
      sums[batch + at.theta + a] += theta[a];
      sums[batch + at.mean + a] += mean[a];
      sums[batch + at.square + a] += mean[a] ** 2;
    }
    this.steps++;
    if (this.steps === mostBatches * this.perBatch) this.merge();
  }

  /** Makes one batch of each two. */
  private merge(): void {
    const { sums, width } = this;
    for (let k = 0; k < mostBatches / 2; k++) {
      for (let c = 0; c < width; c++) {
        sums[k * width + c] = sums[2 * k * width + c] + sums[(2 * k + 1) * width + c];
      }
    }
    sums.fill(0, (mostBatches / 2) * width);
    this.perBatch *= 2;
  }

  /** Null for fewer than `fewestSteps` steps, and where the chains do not move. */
  averaged({ mean, penalty }: Target): Averaged | null {
    if (this.steps < fewestSteps) return null;
    const { p, at } = this;
    const { first, complete, batches } = this.laterHalf();
    const all = this.row(first, complete);
    const covariance = all.slice(at.second, at.chains);
    let inverse: Float64Array;
    try {
      inverse = invert(addPenalty(covariance, penalty));
    } catch (error) {
      // chains that do not move carry no information
      if (!(error instanceof SingularMatrixError)) throw error;
      return null;
    }
    const times = (vector: Float64Array) =>
      vector.map((_, a) => dot(inverse.subarray(a * p, (a + 1) * p), vector));
    const shortOf = (row: Float64Array) =>
      times(mean.map((value, a) => value - row[at.mean + a] - penalty[a] * row[a]));
    const theta = all.slice(0, p);
    const correction = shortOf(all);

    // the early and the late batches, without the middle one of an odd number
    const half = Math.floor(batches / 2);
    const [early, late] = [this.row(first, first + half), this.row(complete - half, complete)];
    const [before, after] = [shortOf(early), shortOf(late)];
    const apart = congruence(inverse, this.spread(late.map((value, k) => value - early[k])));
    const stationary = after.every(
      (value, a) =>
        Math.abs(value + late[a] - before[a] - early[a]) <= 3 * Math.sqrt(apart[a * (p + 1)]),
    );

    const jitter = Math.max(
      ...mean.map((_, a) => {
        const spread = all[at.square + a] - all[at.mean + a] ** 2;
        return (this.chains * spread) / Math.max(covariance[a * (p + 1)], 1e-300);
      }),
    );
    return {
      parameters: theta.map((value, a) => value + correction[a]),
      correction,
      covariance,
      monteCarlo: congruence(inverse, this.spread(all)),
      stationary,
      jitter,
    };
  }

  /** Means of θ over the batches, in their order; null for fewer than `fewestSteps` steps. */
  means(): Float64Array[] | null {
    if (this.steps < fewestSteps) return null;
    const { first, batches } = this.laterHalf();
    return Array.from({ length: batches }, (_, k) => {
      const start = (first + k) * this.width;
      return this.sums.slice(start, start + this.p).map((sum) => sum / this.perBatch);
    });
  }

  private laterHalf() {
    const complete = Math.floor(this.steps / this.perBatch);
    const batches = Math.floor(complete / 2);
    return { first: complete - batches, complete, batches };
  }

  /** Means over the batches from one to before another. */
  private row(from: number, to: number): Float64Array {
    const { width, sums, perBatch } = this;
    const row = new Float64Array(width);
    for (let k = from; k < to; k++) {
      for (let c = 0; c < width; c++) row[c] += sums[k * width + c];
    }
    return row.map((sum) => sum / ((to - from) * perBatch));
  }

  /**
   * Covariance of the mean over chains, from their spread: p × p. Larger by (C − 1)/(C − 3), so that deviations in
   * units of it have variance 1, as Student's t has not.
   */
  private spread(row: Float64Array): Float64Array {
    const { p, chains, at } = this;
    const first = at.chains;
    const result = new Float64Array(p * p);
    for (let c = 0; c < chains; c++) {
      for (let a = 0; a < p; a++) {
        const deviation = row[first + c * p + a] - row[p + a];
        for (let b = 0; b < p; b++) {
          result[a * p + b] += deviation * (row[first + c * p + b] - row[p + b]);
        }
      }
    }
    return result.map((sum) => sum / (chains * Math.max(1, chains - 3)));
  }

  snapshot(): AverageState {
    return { steps: this.steps, length: this.perBatch, sums: this.sums.slice() };
  }
}
