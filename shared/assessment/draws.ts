import { mayOrder, mixSigns, startOrdered } from '../inference/estimators/global-flips.ts';
import { isField, type Model } from '../models/contract.ts';
import { siteCount } from '../models/lattice/lattice.ts';
import { type Generator as Randomness, sfc32 } from '../numerics/random.ts';
import type { Sliced } from '../numerics/yielding.ts';
import { autocorrelationTime } from '../sampling/autocorrelation.ts';
import type { Series } from '../sampling/kernel.ts';
import type { Sampler } from '../sampling/sampler.ts';
import { Mixing } from '../sampling/update-schedule.ts';

/** Work between two yields, in updates of a fast kernel: some milliseconds. */
const sliceWork = 4_000_000;
/** Sweeps after which chains that may order are moved between the two phases. */
const sweepsBetweenMixing = 256;
/** Sweeps that are looked at first for the autocorrelation time, and at most. */
const firstLook = 64;
/** A cluster sweep costs as much as some fifty of heat-bath, and forgets more. */
const firstClusterLook = 16;
const lastLook = 16_384;
/** A look is long enough with so many autocorrelation times in it. */
const timesInLook = 20;

/** Chains of a model, moved, settled and read, by heat-bath or by clusters where these are found to be faster. */
export class Chains {
  private readonly generator: Randomness;
  private readonly mixing: Mixing;
  private ordered = false;
  /** Autocorrelation time of the slowest statistic in sweeps; of |T| where the model may be ordered. */
  tau = 0.5;
  private sweeps = 0;
  private nextMixing = 0;

  constructor(
    private readonly sampler: Sampler,
    private theta: Float64Array,
    seed: number,
  ) {
    this.generator = sfc32(seed, 0xc4ec);
    this.mixing = new Mixing(sampler);
    this.moveTo(theta);
  }

  /** Goes on with new parameters from where the chains are, or from the ordered state once they may order. */
  moveTo(theta: Float64Array): void {
    const { sampler } = this;
    this.theta = theta;
    sampler.setParameters(theta);
    const orders = mayOrder(sampler.model, theta);
    if (orders && !this.ordered) startOrdered(sampler, siteCount(sampler.model.lattice));
    this.ordered = orders;
  }

  /** Whether sweeps hold cluster updates. */
  get clusters(): boolean {
    return this.mixing.clusters;
  }

  /** Sweeps without measuring. */
  *advance(sweeps: number): Sliced<void> {
    for (let left = sweeps; left > 0; ) {
      const piece = Math.min(left, this.most());
      this.mixing.run(piece, piece);
      left -= piece;
      this.sweeps += piece;
      yield;
    }
    // the next reading sees both phases
    if (this.ordered) this.nextMixing = this.sweeps;
    this.mix();
  }

  /** Sweeps with every measured value, T_a of all chains after each sweep. */
  *record(sweeps: number): Sliced<Series> {
    const parts: Series[] = [];
    for (let left = sweeps; left > 0; ) {
      const piece = Math.min(left, this.most());
      const { series } = this.mixing.run(piece, 1, true);
      if (!series) throw new Error('A recorded run gave no series.');
      parts.push(series);
      left -= piece;
      this.sweeps += piece;
      this.mix();
      yield;
    }
    return concatenated(parts);
  }

  /**
   * Sweeps until the last look, half of all sweeps so far, was long compared with the autocorrelation
   * time found in it. Where much is still to come, heat-bath is compared with clusters, and the looks begin
   * anew if these take over.
   *
   * @param ahead autocorrelation times for which the chains will be needed at this θ
   * @returns the last look, and whether it was
   */
  *settle(ahead = 0): Sliced<{ series: Series; settled: boolean }> {
    for (let look = this.clusters ? firstClusterLook : firstLook; ; look *= 2) {
      const series = yield* this.record(look);
      this.tau = slowest(this.sampler.model, series, this.ordered);
      const settled = look >= timesInLook * this.tau;
      // a look that is too short sees too short a time
      const missing = settled ? 0 : 2 * timesInLook * this.tau;
      if (yield* this.compare(missing + ahead * this.tau)) look = firstClusterLook / 2;
      else if (settled || look >= lastLook) return { series, settled };
    }
  }

  /** Compares the kinds of sweep where so many sweeps are worth it; whether another kind took over. */
  private *compare(sweeps: number): Sliced<boolean> {
    const { mixing } = this;
    mixing.consider(sweeps);
    let changed = false;
    while (mixing.busy) {
      changed = mixing.advance();
      yield;
    }
    return changed;
  }

  private most(): number {
    const slice = Math.max(1, Math.floor(sliceWork / this.mixing.sweepWork));
    return this.ordered ? Math.min(slice, sweepsBetweenMixing) : slice;
  }

  private mix(): void {
    // clusters visit both phases with their weights by themselves
    if (!this.ordered || this.mixing.clusters || this.sweeps < this.nextMixing) return;
    mixSigns(this.sampler, this.theta, this.generator);
    this.nextMixing = this.sweeps + sweepsBetweenMixing;
  }
}

/** The longest autocorrelation time of all statistics that vary. */
function slowest(model: Model, series: Series, ordered: boolean): number {
  const p = series.statistics;
  const seen = ordered ? { ...series, values: series.values.slice() } : series;
  model.statistics.forEach((statistic, a) => {
    // the moves between the phases take care of the sign
    if (!ordered || !isField(statistic)) return;
    for (let k = a; k < seen.values.length; k += p) seen.values[k] = Math.abs(seen.values[k]);
  });
  let tau = 0.5;
  for (let a = 0; a < p; a++) {
    if (varies(seen, a)) tau = Math.max(tau, autocorrelationTime(seen, a).tau);
  }
  return tau;
}

function varies({ values, statistics }: Series, a: number): boolean {
  for (let k = a; k < values.length; k += statistics) if (values[k] !== values[a]) return true;
  return false;
}

/** One series after the other. */
function concatenated(parts: readonly Series[]): Series {
  const values = new Float64Array(parts.reduce((sum, part) => sum + part.values.length, 0));
  let offset = 0;
  for (const part of parts) {
    values.set(part.values, offset);
    offset += part.values.length;
  }
  const measurements = parts.reduce((sum, part) => sum + part.measurements, 0);
  return { ...parts[0], measurements, values };
}
