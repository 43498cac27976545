import type { Model } from '../models/contract.ts';
import { UnsuitableError } from '../models/failures.ts';
import { siteCount } from '../models/lattice/lattice.ts';
import type {
  Kernel,
  KernelKind,
  KernelSnapshot,
  Mixture,
  Recorded,
  Run,
  Series,
} from './kernel.ts';
import { refusal } from './kernel.ts';
import { joinChains } from './moments.ts';

/** Several kernels driven as one set of chains; every estimator samples through this. */
export interface Sampler {
  readonly model: Model;
  readonly chains: number;
  /** Null where the kernels know one kind of update only. */
  readonly mixture: Mixture | null;
  /** Sets θ for every chain. */
  setParameters(theta: ArrayLike<number>): void;
  /** Advances every chain by `sweeps`, measuring after every `stride`-th sweep (see Kernel.run). */
  run(sweeps: number, stride: number, record?: Recorded): Run;
  /** Copies of the configurations of so many chains (one by default) from `first` on: count × n spins ±1. */
  spins(first: number, count?: number): Int8Array;
  setSpins(chain: number, spins: ArrayLike<number>): void;
  snapshot(): KernelSnapshot[];
  restore(snapshots: readonly KernelSnapshot[]): void;
  /** Frees threads and memory; the sampler is of no use afterwards. */
  close(): void;
}

/** Makes a sampler with at least `chains` chains (rounded up to whole kernels). */
export type SamplerFactory = (model: Model, chains: number, seed: number) => Sampler;

/** The series of several groups of chains, side by side in the given order. */
export function joinSeries(groups: readonly Series[]): Series {
  const { statistics, measurements } = groups[0];
  const chains = groups.reduce((sum, group) => sum + group.chains, 0);
  const scores = groups.flatMap((group) => group.scores ?? []);
  return {
    statistics,
    chains,
    measurements,
    values: sideBySide(
      groups.map((group) => group.values),
      measurements,
    ),
    ...(scores.length === groups.length && { scores: sideBySide(scores, measurements) }),
  };
}

/** Tables of so many rows as one table. */
function sideBySide(tables: readonly Float64Array[], rows: number): Float64Array {
  const joined = new Float64Array(tables.reduce((sum, { length }) => sum + length, 0));
  const width = joined.length / rows;
  let offset = 0;
  for (const table of tables) {
    const columns = table.length / rows;
    for (let t = 0; t < rows; t++) {
      for (let k = 0; k < columns; k++) joined[t * width + offset + k] = table[t * columns + k];
    }
    offset += columns;
  }
  return joined;
}

/** What several kernels gave in one run, as one set of chains in the given order. */
export function joinRuns(parts: readonly Run[]): Run {
  const series = parts.flatMap((part) => part.series ?? []);
  return {
    moments: joinChains(parts.map((part) => part.moments)),
    series: series.length > 0 ? joinSeries(series) : null,
    visited: parts.reduce((sum, part) => sum + (part.visited ?? 0), 0),
  };
}

/** The configurations of so many chains from `first` on, of kernels that stand side by side. */
export function spinsOf(kernels: readonly Kernel[], first: number, count: number): Int8Array {
  const [{ chains: width, model }] = kernels;
  const n = siteCount(model.lattice);
  const spins = new Int8Array(count * n);
  for (let i = 0; i < count; i++) {
    const chain = first + i;
    spins.set(kernels[Math.floor(chain / width)].spins(chain % width), i * n);
  }
  return spins;
}

/**
 * A sampler in the calling thread.
 *
 * @throws RangeError if the kernel kind cannot sample the model
 */
export function localSampler(
  kind: KernelKind,
  model: Model,
  chains: number,
  seed: number,
): Sampler {
  if (!kind.supports(model)) {
    throw new UnsuitableError(refusal(kind.name, model));
  }
  const kernels = Array.from({ length: Math.ceil(chains / kind.width) }, (_, stream) =>
    kind.create(model, { chains: kind.width, seed, stream }),
  );
  const locate = (chain: number) =>
    [kernels[Math.floor(chain / kind.width)], chain % kind.width] as const;
  const mixtures = kernels.flatMap(({ mixture }) => mixture ?? []);
  return {
    model,
    chains: kernels.length * kind.width,
    mixture:
      mixtures.length === 0
        ? null
        : {
            costs: mixtures[0].costs,
            setUpdates: (updates) => {
              for (const mixture of mixtures) mixture.setUpdates(updates);
            },
          },
    setParameters: (theta) => {
      for (const kernel of kernels) kernel.setParameters(theta);
    },
    run(sweeps, stride, record = false) {
      return joinRuns(kernels.map((kernel) => kernel.run(sweeps, stride, record)));
    },
    spins: (first, count = 1) => spinsOf(kernels, first, count),
    setSpins(chain, spins) {
      const [kernel, lane] = locate(chain);
      kernel.setSpins(lane, spins);
    },
    snapshot: () => kernels.map((kernel) => kernel.snapshot()),
    restore(snapshots) {
      if (snapshots.length !== kernels.length) {
        throw new Error(
          `The snapshot holds ${snapshots.length} kernels, this sampler ${kernels.length}.`,
        );
      }
      snapshots.forEach((snapshot, k) => {
        kernels[k].restore(snapshot);
      });
    },
    close: () => {},
  };
}
