import type { KernelSnapshot, Series } from '../../sampling/kernel.ts';
import type { MixingState } from '../../sampling/update-schedule.ts';
import { standardErrors } from '../estimate.ts';
import type { Problem } from '../run.ts';
import { likelihoodErrors } from '../uncertainty/errors.ts';
import type { Reweighted } from './reweighting.ts';

/** Monte-Carlo error at which a fit ends, in standard errors. */
export const wantedError = 0.1;

/** Where a Monte-Carlo maximum-likelihood fit stands, but for its chains and samples. */
export interface State {
  /** θ at which the chains run. */
  centre: Float64Array;
  /** Whether the centre has no field, so that every sample stands for its mirror image too. */
  mirrored: boolean;
  /** θ̂ as it stands. */
  theta: Float64Array;
  /** Sweeps between two measurements, and those since the last one where they take several slices. */
  stride: number;
  waited?: number;
  /** Sweeps that this stage still forgets, those it has forgotten, and measurements it still takes. */
  forget: number;
  forgotten: number;
  keep: number;
  stage: number;
  slices: number;
  /** Sweeps since the chains were last moved between s and −s. */
  unmixed: number;
  /** Generator of the moves between s and −s. */
  generator: Uint32Array;
  /** What the last judgement found; null before the first. */
  found: Reweighted | null;
  outcome: 'running' | 'converged' | 'exhausted' | 'diverged';
}

export interface MleSnapshot extends State {
  readonly samples: Series;
  /** Rows of the trace so far, which whoever takes this state has. */
  readonly rows?: number;
  /** The rows themselves, as 0.1.0 wrote states at first. */
  readonly trace?: Float64Array;
  readonly mixing?: MixingState;
  readonly kernels: readonly KernelSnapshot[];
}

/** The Monte-Carlo errors in units of those at which the fit ends. */
export function excesses({ covariance, monteCarlo }: Reweighted, problem: Problem): number[] {
  const standard = standardErrors(likelihoodErrors(covariance, problem).covariance);
  return Array.from(standardErrors(monteCarlo), (error, a) => error / (wantedError * standard[a]));
}
