import { siteCount } from '../models/lattice/lattice.ts';
import { autocorrelationTime } from './autocorrelation.ts';
import type { Recorded, Run, Series, UpdateCosts, Updates } from './kernel.ts';
import type { Sampler } from './sampler.ts';

/** Cluster sweeps' worth of work that each kind of update gets in a comparison, and sweeps of it at least. */
const pilotSweeps = 16;
export const fewestMeasurements = 12;
/** Sweeps that find how many clusters visit about every site once; the number may double in each. */
const warmUps = 16;
/**
 * A comparison begins once what is foreseen takes so many times its own work, the next one four times as
 * much, so that what it gains can pay for it. Forecasts by slow chains come out too low: a third of what is done
 * and foreseen counts as well.
 */
const worthComparing = 1.5;
const counts = 1 / 3;
/** Heat-bath, the simplest, stays unless another gives so many times as much. */
const worthChanging = 1.25;
/** Work of a slice: some ten milliseconds. */
const sliceWork = 20_000_000;
/** Work of a part of a sweep that is too long for a slice: some ten milliseconds on two threads. */
const partWork = 2 ** 27;

const heatBathOnly: Updates = { heatBath: 1, swendsenWang: 0, wolff: 0 };

/** What the series of one kind of update gave. */
interface Measured {
  readonly updates: Updates;
  /** Work of a sweep of one chain. */
  readonly work: number;
  /** τ_int of every statistic in sweeps; infinite where it never varied. */
  readonly tau: readonly number[];
}

interface Pilot {
  /** As `consider` had it. */
  readonly missing: readonly number[] | null;
  /** Kinds that were compared so far, and those to come, the first of them under way. */
  readonly measured: Measured[];
  readonly waiting: Updates[];
  warmUps: number;
  /** Clusters of a sweep. */
  wolff: number;
  /** Sites of a chain that they visit. */
  visited: number;
  /** Measurements of the present kind: wanted, made, and sweeps between two of them. */
  wanted: number;
  stride: number;
  made: Float64Array;
  /** Sites that cluster updates visited meanwhile, in all chains. */
  sites: number;
}

/** Everything that changes, as plain data. */
export interface MixingState {
  updates: Updates;
  /** Work of a sweep of one chain. */
  work: number;
  note: string;
  comparisons: number;
  /** Work of all sweeps so far, of one chain. */
  done: number;
  pilot: Pilot | null;
  /** Of a sweep that takes several slices: parts that are done, and sites that clusters visited in them. */
  begun?: { parts: number; visited: number };
}

/** Sweeps of some kind, as part of one of another. */
interface Part {
  readonly updates: Updates;
  readonly sweeps: number;
}

/**
 * Chooses by measurement what a sampler's sweeps are made of: heat-bath, Wolff clusters, or Wolff clusters
 * between heat-bath sweeps.
 *
 * A comparison runs each of them at the present θ, on the same chains one after the other and for the same
 * work, and takes the one that gives most independent samples per work of the statistic that lacks most. Work is counted in updates and visited sites, each at a fixed cost that was measured once, so that
 * the choice depends on the seed alone and not on a clock or the number of threads.
 */
export class Mixing {
  private readonly state: MixingState;
  private readonly costs: UpdateCosts;
  private readonly sites: number;

  constructor(
    private readonly sampler: Sampler,
    state?: MixingState,
  ) {
    this.costs = sampler.mixture?.costs ?? { heatBath: 1, visited: 0, handOver: 0 };
    this.sites = siteCount(sampler.model.lattice);
    this.state = state
      ? copied(state)
      : {
          updates: heatBathOnly,
          work: this.sites * this.costs.heatBath,
          note:
            this.costs.visited > 0
              ? 'heat-bath: the fit was too short for a comparison with cluster updates'
              : 'heat-bath',
          comparisons: 0,
          done: 0,
          pilot: null,
        };
  }

  /** Whether a comparison is under way: `advance` is to be called until it is not. */
  get busy(): boolean {
    return this.state.pilot !== null;
  }

  /** Whether sweeps hold cluster updates, which visit phases of opposite sign with their right weights. */
  get clusters(): boolean {
    return hasClusters(this.state.updates);
  }

  /** Work of a sweep of all chains, in units of one update of the byte-lane heat-bath. */
  get sweepWork(): number {
    return this.state.work * this.sampler.chains;
  }

  /** What sweeps are made of, in two or three words. */
  get phrase(): string {
    return this.busy ? 'comparing samplers' : named(this.state.updates);
  }

  /** What was chosen, and why: a sentence. */
  get note(): string {
    return this.state.note;
  }

  /** Whether one sweep takes several slices. */
  get long(): boolean {
    return this.parts(this.state.updates).length > 1;
  }

  /** Runs the sampler, as `Sampler.run`, and keeps count. */
  run(sweeps: number, stride: number, record: Recorded = false): Run {
    this.state.done += sweeps * this.state.work;
    return this.sampler.run(sweeps, stride, record);
  }

  /**
   * The same in slices: one where sweeps are short, else one for every part of a single sweep, which is all that
   * may be asked for then. Null before the last part, which measures.
   */
  advanceRun(sweeps: number, stride: number, record: Recorded = false): Run | null {
    const run = this.slice(this.state.updates, sweeps, stride, record);
    if (run) this.state.done += sweeps * this.state.work;
    return run;
  }

  private slice(updates: Updates, sweeps: number, stride: number, record: Recorded): Run | null {
    const { state, sampler } = this;
    const parts = this.parts(updates);
    if (parts.length === 1) return sampler.run(sweeps, stride, record);
    const { parts: done, visited } = state.begun ?? { parts: 0, visited: 0 };
    const last = done >= parts.length - 1;
    const part = last ? parts[parts.length - 1] : parts[done];
    this.apply(part.updates);
    const run = last ? sampler.run(1, stride, record) : sampler.run(part.sweeps, part.sweeps + 1);
    // whoever runs the sampler next, it makes whole sweeps
    this.apply(updates);
    const sites = visited + (run.visited ?? 0);
    state.begun = last ? undefined : { parts: done + 1, visited: sites };
    return last ? { ...run, visited: sites } : null;
  }

  /** A sweep in parts of about `partWork` each: heat-bath, then clusters. Spins move with the first of either kind. */
  private parts(updates: Updates): Part[] {
    const { heatBath, swendsenWang, wolff } = updates;
    const { costs, sampler } = this;
    const whole = [{ updates, sweeps: 1 }];
    if (swendsenWang > 0 || wolff === 0) return whole;
    const sites = this.sites * sampler.chains;
    const parts = [
      ...shares(heatBath, heatBath * costs.heatBath * sites).map((sweeps) => ({
        updates: heatBathOnly,
        sweeps,
      })),
      // a sweep's clusters visit about every site once
      ...shares(wolff, costs.visited * sites).map((clusters) => ({
        updates: { heatBath: 0, swendsenWang: 0, wolff: clusters },
        sweeps: 1,
      })),
    ];
    return (heatBath * costs.heatBath + costs.visited) * sites > partWork ? parts : whole;
  }

  /**
   * Begins a comparison at the present θ where it is worth while.
   *
   * @param sweeps how many of the present sweeps are still to be done, as far as anybody can know
   * @param missing how many times as many samples by the present sweeps every statistic would need; null where
   *   the slowest statistic decides
   */
  consider(sweeps: number, missing: readonly number[] | null = null): void {
    const { state, sampler, costs } = this;
    if (sampler.mixture === null || this.busy) return;
    const comparison = 4 * pilotSweeps * costs.visited * this.sites;
    const least = worthComparing * 4 ** state.comparisons * comparison;
    const foreseen = sweeps * state.work;
    if (!(Math.max(foreseen, counts * (state.done + foreseen)) > least)) return;
    state.comparisons++;
    state.pilot = {
      missing,
      measured: [],
      waiting: [],
      warmUps: 0,
      wolff: 1,
      visited: 0,
      wanted: 0,
      stride: 1,
      made: new Float64Array(0),
      sites: 0,
    };
  }

  /** Goes on with the comparison by one slice; true when it has ended with another kind of sweep. */
  advance(): boolean {
    const { pilot } = this.state;
    if (pilot === null) return false;
    if (pilot.warmUps < warmUps) {
      this.warmUp(pilot);
      return false;
    }
    this.measure(pilot);
    return pilot.waiting.length === 0 && this.choose(pilot);
  }

  /** Finds the number of clusters that visit about every site once. */
  private warmUp(pilot: Pilot): void {
    const { sampler, sites } = this;
    this.apply({ heatBath: 0, swendsenWang: 0, wolff: pilot.wolff });
    const { visited = 0 } = sampler.run(1, 1);
    const each = visited / (sampler.chains * pilot.wolff);
    // clusters still grow while the chains come to rest
    pilot.wolff = Math.max(1, Math.min(2 * pilot.wolff, Math.round(sites / each)));
    pilot.visited = each * pilot.wolff;
    pilot.warmUps++;
    if (pilot.warmUps < warmUps) return;
    const { wolff } = pilot;
    // as much work in heat-bath sweeps as in half a cluster sweep
    const { costs } = this;
    const heatBath = Math.max(
      1,
      Math.round((costs.visited + costs.handOver) / (2 * costs.heatBath)),
    );
    pilot.waiting.push(
      { heatBath: 0, swendsenWang: 0, wolff },
      { heatBath, swendsenWang: 0, wolff },
      heatBathOnly,
    );
    this.begin(pilot);
  }

  /** Sets the sampler to the first kind in the queue. */
  private begin(pilot: Pilot): void {
    const { costs, sites } = this;
    const [updates] = pilot.waiting;
    this.apply(updates);
    const unit = costs.visited * sites;
    const work = this.expected(updates, pilot);
    // cheap sweeps are measured four times as often as clusters are, which is often enough
    pilot.stride = Math.max(1, Math.round(unit / 4 / work));
    pilot.wanted = Math.max(
      fewestMeasurements,
      Math.round((pilotSweeps * unit) / (pilot.stride * work)),
    );
    pilot.made = new Float64Array(0);
    pilot.sites = 0;
  }

  private expected({ heatBath, swendsenWang, wolff }: Updates, { visited }: Pilot): number {
    const { costs, sites } = this;
    const handOver = heatBath > 0 && swendsenWang + wolff > 0 ? costs.handOver * sites : 0;
    const clusters = swendsenWang * sites + (wolff > 0 ? visited : 0);
    return heatBath * costs.heatBath * sites + handOver + clusters * costs.visited;
  }

  private apply(updates: Updates): void {
    this.sampler.mixture?.setUpdates(updates);
  }

  /** Adds to the series of the present kind. */
  private measure(pilot: Pilot): void {
    const { sampler, costs, sites } = this;
    const [updates] = pilot.waiting;
    const { chains } = sampler;
    const p = sampler.model.statistics.length;
    const made = pilot.made.length / (chains * p);
    const expected = this.expected(updates, pilot);
    const most = Math.max(1, Math.floor(sliceWork / (expected * pilot.stride * chains)));
    const count = Math.min(most, pilot.wanted - made);
    const run = this.slice(updates, count * pilot.stride, pilot.stride, true);
    if (run === null) return;
    const { series, visited = 0 } = run;
    if (series === null) throw new Error('A recorded run gave no series.');
    pilot.made = joined(pilot.made, series.values);
    pilot.sites += visited;
    if (made + count < pilot.wanted) return;
    const sweeps = pilot.wanted * pilot.stride;
    const fixed = this.expected({ ...updates, swendsenWang: 0, wolff: 0 }, pilot);
    const handOver = updates.heatBath > 0 && hasClusters(updates) ? costs.handOver * sites : 0;
    const work = fixed + handOver + (costs.visited * pilot.sites) / (sweeps * chains);
    const whole = { statistics: p, chains, measurements: pilot.wanted, values: pilot.made };
    const tau = Array.from({ length: p }, (_, a) => pilot.stride * timeOf(whole, a));
    pilot.measured.push({ updates, work, tau });
    pilot.waiting.shift();
    if (pilot.waiting.length > 0) this.begin(pilot);
  }

  /** Takes the kind that needs least work until no statistic needs more samples. */
  private choose({ measured, missing }: Pilot): boolean {
    const { state } = this;
    const heatBath = measured[measured.length - 1];
    const present = measured.find((one) => named(one.updates) === named(state.updates)) ?? heatBath;
    const shares = present.tau.map((tau, a) =>
      Number.isFinite(tau) ? (missing?.[a] ?? tau) / tau : 1,
    );
    // a statistic that lacks nothing counts for nothing, even where it never varied
    const needed = ({ tau, work }: Measured) =>
      work * Math.max(...tau.map((time, a) => (shares[a] > 0 ? shares[a] * time : 0)));
    const best = measured.reduce((a, b) => (needed(b) < needed(a) ? b : a), heatBath);
    const chosen = worthChanging * needed(best) < needed(heatBath) ? best : heatBath;
    const before = state.updates;
    state.updates = chosen.updates;
    state.work = chosen.work;
    const most = missing ? missing.indexOf(Math.max(...missing)) : null;
    state.note = this.explain(chosen, measured, most);
    state.pilot = null;
    this.apply(chosen.updates);
    return JSON.stringify(before) !== JSON.stringify(chosen.updates) || hasClusters(before);
  }

  private explain(chosen: Measured, measured: readonly Measured[], most: number | null): string {
    const { statistics } = this.sampler.model;
    const heatBath = measured[measured.length - 1];
    const name = (a: number) => statisticNames[statistics[a].parameter] ?? statistics[a].parameter;
    const each = (other: Measured) =>
      statistics
        .map((_, a) => {
          const gain = (heatBath.tau[a] * heatBath.work) / (other.tau[a] * other.work);
          return `${rounded(gain)} for ${name(a)}`;
        })
        .join(', ');
    const others = measured
      .filter((other) => other !== chosen && other !== heatBath)
      .map((other) => `${named(other.updates)} ${each(other)}`);
    const what = chosen === heatBath ? 'heat-bath' : `${detailed(chosen.updates)}: ${each(chosen)}`;
    const rest = others.join('; ');
    const lacking = most === null ? '' : `; ${name(most)} lacked most`;
    return `${what} (independent samples per work, against heat-bath: ${rest}${lacking})`;
  }

  /** A copy of the state, from which another run goes on bit for bit. */
  snapshot(): MixingState {
    return copied(this.state);
  }
}

function copied({ pilot, ...state }: MixingState): MixingState {
  return {
    ...state,
    pilot: pilot && { ...pilot, measured: [...pilot.measured], waiting: [...pilot.waiting] },
  };
}

const statisticNames: Readonly<Record<string, string>> = { J: 'B', Jx: 'Bx', Jy: 'By', h: 'm' };

/** A number of updates in shares of about `partWork`, none of them empty. */
function shares(number: number, work: number): number[] {
  const count = Math.min(number, Math.ceil(work / partWork));
  const bound = (k: number) => Math.floor((k * number) / count);
  return Array.from({ length: count }, (_, k) => bound(k + 1) - bound(k));
}

function hasClusters({ swendsenWang, wolff }: Updates): boolean {
  return swendsenWang + wolff > 0;
}

function named({ heatBath, swendsenWang, wolff }: Updates): string {
  return [
    ...(wolff > 0 ? ['Wolff clusters'] : []),
    ...(swendsenWang > 0 ? ['Swendsen–Wang'] : []),
    ...(heatBath > 0 ? ['heat-bath'] : []),
  ].join(' and ');
}

function detailed({ heatBath, swendsenWang, wolff }: Updates): string {
  const count = (number: number, one: string, many: string) =>
    number > 0 ? [number === 1 ? `1 ${one}` : `${number} ${many}`] : [];
  return [
    ...count(heatBath, 'heat-bath sweep', 'heat-bath sweeps'),
    ...count(swendsenWang, 'Swendsen–Wang sweep', 'Swendsen–Wang sweeps'),
    ...count(wolff, 'Wolff cluster', 'Wolff clusters'),
  ].join(', then ');
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** τ in measurements, at least half of one; infinite where nothing ever varied. */
function timeOf(series: Series, statistic: number): number {
  const { statistics: p, values } = series;
  const first = values[statistic];
  let varies = false;
  for (let k = statistic; k < values.length && !varies; k += p) varies = values[k] !== first;
  return varies
    ? Math.max(0.5, autocorrelationTime(series, statistic).tau)
    : Number.POSITIVE_INFINITY;
}
