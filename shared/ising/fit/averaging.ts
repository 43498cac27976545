/** The later half of the steps of eq. (4), averaged. */
export interface Averaged {
  /** Mean of θ over the steps (Polyak–Ruppert average): p values. */
  readonly parameters: Float64Array;
  /** Means of θ over the batches, in their order. */
  readonly means: readonly Float64Array[];
  /** Standard errors of these means, from batch means: p values. */
  readonly error: Float64Array;
  /** Whether both halves of the steps agree within three standard errors, for every parameter. */
  readonly stationary: boolean;
  /** Largest ratio of the moments' variance from step to step to what the sampler's noise explains. */
  readonly jitter: number;
}

/** What an average is, as plain data. */
export interface AverageState {
  readonly steps: number;
  /** Steps of one batch. */
  readonly length: number;
  /** A row a batch: sums of θ, of the moments, of their squares, and of their noise's squares. */
  readonly sums: Float64Array;
}

export const mostBatches = 80;

/** Fewest steps that can be averaged: the later half of them fills 20 batches. */
export const fewestSteps = 80;

/**
 * Averages over the later half of the steps of eq. (4), kept while they are made.
 *
 * With a constant step size θ keeps fluctuating about θ̂; its average over T steps converges as
 * 1/√T, whatever the step size. Errors come from batch means, which feel the autocorrelation. Of the
 * steps only the sums of 40 to 79 batches stay: when there are 80, each two become one. The later
 * half is the later half of these batches, 20 to 39; an unfinished one is left out.
 *
 * Source: B. T. Polyak, A. B. Juditsky, SIAM J. Control Optim. 30, 838 (1992).
 */
export class StepAverage {
  private steps: number;
  private length: number;
  private readonly sums: Float64Array;
  private readonly width: number;

  /** @param p number of the model's parameters */
  constructor(
    private readonly p: number,
    state?: AverageState,
  ) {
    this.width = 4 * p;
    this.steps = state?.steps ?? 0;
    this.length = state?.length ?? 1;
    this.sums = state?.sums.slice() ?? new Float64Array(mostBatches * this.width);
  }

  /** Adds one step: p values each. */
  add(parameters: ArrayLike<number>, moments: ArrayLike<number>, noise: ArrayLike<number>): void {
    const { p, sums, width } = this;
    const batch = Math.floor(this.steps / this.length) * width;
    for (let a = 0; a < p; a++) {
      sums[batch + a] += parameters[a];
      sums[batch + p + a] += moments[a];
      sums[batch + 2 * p + a] += moments[a] ** 2;
      sums[batch + 3 * p + a] += noise[a] ** 2;
    }
    this.steps++;
    if (this.steps === mostBatches * this.length) this.merge();
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
    this.length *= 2;
  }

  /** Null for fewer than `fewestSteps` steps. */
  averaged(): Averaged | null {
    if (this.steps < fewestSteps) return null;
    const { p, length } = this;
    const complete = Math.floor(this.steps / length);
    const batches = Math.floor(complete / 2);
    const column = (c: number) =>
      Array.from(
        { length: batches },
        (_, k) => this.sums[(complete - batches + k) * this.width + c] / length,
      );

    const parameters = new Float64Array(p);
    const means = Array.from({ length: batches }, () => new Float64Array(p));
    const error = new Float64Array(p);
    let stationary = true;
    let jitter = 0;
    for (let a = 0; a < p; a++) {
      const thetas = column(a);
      parameters[a] = average(thetas);
      thetas.forEach((theta, k) => {
        means[k][a] = theta;
      });
      const variance =
        thetas.reduce((sum, value) => sum + (value - parameters[a]) ** 2, 0) / (batches - 1);
      error[a] = Math.sqrt(variance / batches);
      // the early and the late batches, without the middle one of an odd number
      const half = Math.floor(batches / 2);
      const drift = average(thetas.slice(-half)) - average(thetas.slice(0, half));
      if (Math.abs(drift) > 3 * Math.sqrt((2 * variance) / half)) stationary = false;
      const spread = average(column(2 * p + a)) - average(column(p + a)) ** 2;
      jitter = Math.max(jitter, spread / Math.max(average(column(3 * p + a)), 1e-300));
    }
    return { parameters, means, error, stationary, jitter };
  }

  snapshot(): AverageState {
    return { steps: this.steps, length: this.length, sums: this.sums.slice() };
  }
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
