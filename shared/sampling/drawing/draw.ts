import type { Model } from '../../models/contract.ts';
import { UnsettledError } from '../../models/failures.ts';
import { siteCount } from '../../models/lattice/lattice.ts';
import { sfc32 } from '../../numerics/random.ts';
import type { Sliced } from '../../numerics/yielding.ts';
import { autocorrelationTime } from '../autocorrelation.ts';
import type { Series, Updates } from '../kernel.ts';
import type { Sampler, SamplerFactory } from '../sampler.ts';
import { chooseCoupling } from './choose-coupling.ts';
import { exactDraws, sliceWork } from './coupling.ts';
import { couplingsOf, gaugeOf, isFerromagnet } from './lattice-model.ts';
import type { DrawMethod } from './methods.ts';
import { disperse, settling, watchedChains } from './settling.ts';

/** Work in nanoseconds of an ordinary core. */
export interface Patience {
  /** Of exact draws, up to which `auto` prefers them. */
  readonly exact: number;
  /** Of watching chains, after which they count as unsettled. */
  readonly watching: number;
}

const patience: Patience = { exact: 5e9, watching: 120e9 };
/**
 * Autocorrelation times of a look after which chains have forgotten their start: where clusters are known to bring
 * every start to rest, and where only what was seen speaks for it.
 */
const provenTimes = 20;
const seenTimes = 50;
/** What a sweep is made of: heat-bath is cheap, and moves what clusters do not. */
const mixture: Updates = { heatBath: 8, swendsenWang: 1, wolff: 0 };
/** Nanoseconds of a site in such a sweep; of an update by another kind of sweep at most. */
const mixtureWork = 32;
const updateWork = 10;
/** Values that are recorded of chains at most. */
const mostRecorded = 2 ** 22;
/** Autocorrelation times of burn-in below which a warning says that it is short. */
const shortBurnIn = 20;

export interface DrawRequest {
  readonly model: Model;
  readonly theta: readonly number[];
  readonly count: number;
  readonly seed: number;
  readonly method: DrawMethod;
  /** Burn-in of a method that was asked for by name. */
  readonly sweeps: number;
}

export interface Drawn {
  /** count × n spins ±1. */
  readonly spins: Int8Array;
  /** What drew them, never `auto`. */
  readonly method: Exclude<DrawMethod, 'auto'>;
  /** The same in words. */
  readonly words: string;
  /** Whether the draws are exact: no chain had to forget anything. */
  readonly exact: boolean;
  /** Sweeps of every configuration; those of a block where draws are exact. */
  readonly sweeps: number;
  /** τ_int of every T_a in sweeps as measured; null where it never varied, or was not measured. */
  readonly tau: readonly (number | null)[];
  readonly warnings: readonly string[];
}

/** Told what is done, of how much, and what it is; the total is null while nobody can know. */
export type DrawProgress = (done: number, total: number | null, what: string) => void;

/**
 * Draws configurations of p(s | θ).
 *
 * `auto` draws exactly, by coupling from the past, where that takes a reasonable time. Elsewhere every
 * configuration comes from a chain of its own after a burn-in that was measured: by chains that started in
 * different states and forgot them. Where they did not, nothing is drawn.
 *
 * @param samplers for chains; with clusters for every method but single-spin ones
 * @throws UnsettledError where `auto` cannot know that its chains forgot their start
 */
export function* draw(
  request: DrawRequest,
  samplers: SamplerFactory,
  onProgress: DrawProgress,
  { exact, watching } = patience,
): Sliced<Drawn> {
  const { method } = request;
  if (method === 'auto' || method === 'coupling-from-the-past') {
    const allowed = method === 'auto' ? exact : Number.POSITIVE_INFINITY;
    const drawn = yield* drawExactly(request, allowed, onProgress);
    if (drawn) return drawn;
    return yield* drawSettled(request, samplers, watching, onProgress);
  }
  return yield* drawNamed(request, method, samplers, onProgress);
}

function* drawExactly(
  { model, theta, count, seed }: DrawRequest,
  allowed: number,
  onProgress: DrawProgress,
): Sliced<Drawn | null> {
  const what = 'coupling from the past';
  onProgress(0, null, what);
  const n = siteCount(model.lattice);
  const couplings = couplingsOf(model, theta);
  const chosen = yield* chooseCoupling(couplings, seed, count, allowed);
  if (chosen === null) return null;
  const { coupling, block } = chosen;
  const spins = new Int8Array(count * n);
  yield* exactDraws(coupling, block, count, (configuration, index) => {
    spins.set(configuration, index * n);
    onProgress(index + 1, count, what);
  });
  return {
    spins,
    method: 'coupling-from-the-past',
    words: `coupling from the past of ${coupling.name}, blocks of ${block} sweeps`,
    exact: true,
    sweeps: block,
    tau: theta.map(() => null),
    warnings: [],
  };
}

/** By clusters and heat-bath, from chains of their own, for as long as watched chains took to forget. */
function* drawSettled(
  { model, theta, count, seed }: DrawRequest,
  samplers: SamplerFactory,
  watching: number,
  onProgress: DrawProgress,
): Sliced<Drawn> {
  const n = siteCount(model.lattice);
  const couplings = couplingsOf(model, theta);
  const proven = couplings.field === 0 ? gaugeOf(couplings) !== null : isFerromagnet(couplings);
  const watched = withSweeps(samplers(model, watchedChains, sfc32(seed, 2 ** 34).next()), theta);
  const work = mixtureWork * n;
  onProgress(0, null, 'measuring autocorrelation');
  const settled = yield* settling(
    watched,
    couplings,
    proven ? provenTimes : seenTimes,
    watching / (work * watched.chains),
    Math.max(1, Math.floor(sliceWork / (work * watched.chains))),
  );
  watched.close();
  if (settled === null) {
    throw new UnsettledError(
      'Chains from different starts did not come to agree, so that nobody can say that what they hold is drawn from the model. Draw a smaller lattice or weaker couplings, or ask for a method by name.',
    );
  }
  const { sweeps, tau } = settled;
  const sampler = withSweeps(samplers(model, count, seed), theta);
  disperse(sampler, couplings);
  yield* advance(sampler, sweeps, work, (done) => onProgress(done, sweeps, 'Swendsen–Wang'));
  const spins = sampler.spins(0, count);
  sampler.close();
  return {
    spins,
    method: 'swendsen-wang',
    words: `Swendsen–Wang with ${mixture.heatBath} heat-bath sweeps each, ${sweeps} sweeps of burn-in in a chain for each`,
    exact: false,
    sweeps,
    tau: tau.slice(0, theta.length),
    warnings: [],
  };
}

/** @throws UnsettledError if the kernels have no clusters for this lattice */
function withSweeps(sampler: Sampler, theta: readonly number[], updates = mixture): Sampler {
  if (sampler.mixture === null) {
    sampler.close();
    throw new UnsettledError(
      'Cluster updates do not reach lattices of this size. Ask for a method by name.',
    );
  }
  sampler.mixture.setUpdates(updates);
  sampler.setParameters(theta);
  return sampler;
}

const namedUpdates: Partial<Record<DrawMethod, Updates>> = {
  'swendsen-wang': { heatBath: 0, swendsenWang: 1, wolff: 0 },
  wolff: { heatBath: 0, swendsenWang: 0, wolff: 1 },
};

/** By a method's own moves from random starts, for as long as was asked. */
function* drawNamed(
  { model, theta, count, seed, sweeps }: DrawRequest,
  method: Exclude<DrawMethod, 'auto' | 'coupling-from-the-past'>,
  samplers: SamplerFactory,
  onProgress: DrawProgress,
): Sliced<Drawn> {
  const n = siteCount(model.lattice);
  const updates = namedUpdates[method];
  const sampler = samplers(model, count, seed);
  if (updates) withSweeps(sampler, theta, updates);
  else sampler.setParameters(theta);
  // the later half tells what the burn-in was worth
  const watched = Math.floor(sweeps / 2);
  const first = sweeps - watched;
  const told = (done: number) => onProgress(done, sweeps, method);
  yield* advance(sampler, first, updateWork * n, told);
  const stride = Math.ceil((watched * sampler.chains * theta.length) / mostRecorded);
  const parts: Float64Array[] = [];
  const piece =
    stride * Math.max(1, Math.floor(sliceWork / (updateWork * n * sampler.chains * stride)));
  for (let done = 0; done < watched; done += piece) {
    const now = Math.min(piece, watched - done);
    const { series } = sampler.run(now, stride, true);
    if (series) parts.push(series.values);
    told(first + done + now);
    yield;
  }
  const spins = sampler.spins(0, count);
  const tau = times(parts, sampler.chains, theta.length, stride);
  sampler.close();
  const slowest = Math.max(0, ...tau.map((time) => time ?? 0));
  const warnings = tau.every((time) => time === null)
    ? [
        'Nothing varied in the later half of the burn-in, or it was too short to tell: the chains may not be in equilibrium.',
      ]
    : sweeps < shortBurnIn * slowest
      ? [
          `The burn-in of ${sweeps} sweeps is below ${shortBurnIn} autocorrelation times of ${Number(slowest.toPrecision(2))} sweeps: the chains may not be in equilibrium. Let the method be chosen automatically, or give more sweeps.`,
        ]
      : [];
  return { spins, method, words: method, exact: false, sweeps, tau, warnings };
}

/** Sweeps in slices. */
function* advance(
  sampler: Sampler,
  sweeps: number,
  work: number,
  onProgress: (done: number) => void,
): Sliced<void> {
  const piece = Math.max(1, Math.floor(sliceWork / (work * sampler.chains)));
  for (let done = 0; done < sweeps; ) {
    const now = Math.min(piece, sweeps - done);
    sampler.run(now, now + 1);
    done += now;
    onProgress(done);
    yield;
  }
}

/** τ_int of every statistic in sweeps; null where it never varied or was measured too seldom. */
function times(
  parts: readonly Float64Array[],
  chains: number,
  statistics: number,
  stride: number,
): (number | null)[] {
  const values = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    values.set(part, offset);
    offset += part.length;
  }
  const measurements = values.length / (chains * statistics);
  const series: Series = { statistics, chains, measurements, values };
  return Array.from({ length: statistics }, (_, a) => {
    if (measurements < 8) return null;
    const varies = values.some((value, k) => k % statistics === a && value !== values[a]);
    return varies ? stride * Math.max(0.5, autocorrelationTime(series, a).tau) : null;
  });
}
