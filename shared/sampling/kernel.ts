import type { Model } from '../models/contract.ts';

/**
 * Running moments of the sufficient statistics over a run of a sampler, per chain and in all.
 * Two of equal shape add up; means, covariances and errors are derived in `moments.ts`.
 */
export interface Moments {
  /** Number of statistics p. */
  readonly statistics: number;
  readonly chains: number;
  /** Measurements per chain. */
  measurements: number;
  /** Σ_t T_a of each chain: chains × p, chain-major. */
  readonly chainSum: Float64Array;
  /** Σ over chains and measurements of T_a T_b: p × p. */
  readonly product: Float64Array;
}

/** Values of the statistics as measured: measurement-major, then chain, then statistic. */
export interface Series {
  readonly statistics: number;
  readonly chains: number;
  readonly measurements: number;
  readonly values: Float64Array;
  /**
   * The scores of the pseudolikelihood at the chains' θ, in the same order,
   *
   *   S_a = Σ_k (s_k − tanh H_k) ∂H_k/∂θ_a,   H_k = Σ_a θ_a ∂T_a/∂s_k,
   *
   * whose mean is 0 whatever θ, since tanh H_k is the mean of s_k given all other spins. Absent where they were
   * not asked for, or the kernel does not measure them.
   */
  readonly scores?: Float64Array;
}

/** What a run records beside its moments: nothing, the series of the statistics, or their scores as well. */
export type Recorded = boolean | 'scores';

/** What a run of a sampler gives; the series only where it was asked for. */
export interface Run {
  readonly moments: Moments;
  readonly series: Series | null;
  /** Sites that cluster updates visited, of all chains; absent where there were none. */
  readonly visited?: number;
}

/** What one sweep of a chain is made of, in this order; the numbers are fixed, whatever the state. */
export interface Updates {
  /** Heat-bath sweeps. */
  readonly heatBath: number;
  /** Swendsen–Wang sweeps. */
  readonly swendsenWang: number;
  /** Wolff's single clusters. */
  readonly wolff: number;
}

/** Work of updates, in units of one update of a spin by the byte-lane heat-bath. */
export interface UpdateCosts {
  /** One update by this kernel's heat-bath. */
  readonly heatBath: number;
  /** One site that a cluster update visits. */
  readonly visited: number;
  /** One site, where heat-bath and clusters follow each other in a sweep. */
  readonly handOver: number;
}

/** Kernels and samplers that mix heat-bath with cluster updates have one. */
export interface Mixture {
  readonly costs: UpdateCosts;
  /** From the next sweep on. A new kernel does one heat-bath sweep. */
  setUpdates(updates: Updates): void;
}

/** Everything a kernel needs to go on bit for bit. Plain data: crosses threads and files. */
export interface KernelSnapshot {
  readonly version: 1;
  /** Name of the kernel that wrote it; no other can read it. */
  readonly kernel: string;
  readonly rows: number;
  readonly cols: number;
  readonly boundary: string;
  readonly chains: number;
  readonly parameters: number[];
  /** The kernel's own state (spins, generators, counters) in its own layout. */
  readonly state: Uint8Array<ArrayBuffer>;
}

/**
 * A sampler's engine: independent Markov chains of one model, advanced together.
 *
 * It hands out moments, not configurations, so that a kernel may keep its spins in any layout.
 * The same seed and the same calls give the same results on every machine.
 */
export interface Kernel {
  readonly name: string;
  readonly model: Model;
  readonly chains: number;
  readonly mixture?: Mixture;
  /** Sets θ; takes effect from the next sweep. Length p. */
  setParameters(theta: ArrayLike<number>): void;
  /**
   * Advances every chain by `sweeps` sweeps and measures after every `stride`-th of them.
   *
   * @param record also return every measured value, not only their sums, or the scores as well
   */
  run(sweeps: number, stride: number, record?: Recorded): Run;
  /** A copy of one chain's configuration: n spins ±1, row-major. */
  spins(chain: number): Int8Array;
  /** Puts one chain into a given configuration. */
  setSpins(chain: number, spins: ArrayLike<number>): void;
  snapshot(): KernelSnapshot;
  /** @throws Error if the snapshot is another kernel's or another shape's */
  restore(snapshot: KernelSnapshot): void;
}

/** What a kernel is made from: chains start from independent random spins at θ = 0. */
export interface KernelOptions {
  readonly chains: number;
  /** The user's seed: an integer 0 … 2⁵³ − 1. */
  readonly seed: number;
  /** Number of this kernel among those of one sampler; streams of different numbers are independent. */
  readonly stream: number;
}

/** What a kernel says that is asked for a model which it cannot sample. */
export function refusal(kernel: string, { name }: Model): string {
  return `The kernel ${kernel} cannot sample the model ${name}: its couplings or its field are of another kind.`;
}

/** Makes the kernels of one kind. */
export interface KernelKind {
  readonly name: string;
  /** Chains of one kernel of this kind (a lane count, or 1). */
  readonly width: number;
  /** Judged by the structure of the statistics, never by the model's name. */
  supports(model: Model): boolean;
  /** @throws UnsuitableError if the model is not supported */
  create(model: Model, options: KernelOptions): Kernel;
}
