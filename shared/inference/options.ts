import type { ModelSpecification } from '../models/contract.ts';
import type { Boundary } from '../models/lattice/lattice.ts';

export const methods = ['auto', 'exact', 'mle', 'gradient', 'pseudolikelihood'] as const;
export type Method = (typeof methods)[number];

/** Independent chains of a fit: two, so that their spread is known, and as many as have ever helped. */
export const fewestChains = 2;
export const mostChains = 4096;

/** Settings of eq. (4): θ_a ← θ_a − α_a(t) (⟨T_a⟩ − T̄_a)/extent_a. */
export interface GradientOptions {
  /**
   * Step sizes α_a, one a parameter. A single α is the coupling's and that of the field per site:
   * α_J = α, α_h = α·n, because h = n · hPerSite.
   */
  readonly alpha: readonly number[];
  /** α(t) = α / (1 + t/decay) at step t; 0 keeps α constant. */
  readonly decay: number;
  readonly sweepsPerStep: number;
  /** Independent persistent chains whose moments are averaged. */
  readonly chains: number;
  /** Start values θ; drawn from the seed where null. */
  readonly start: readonly number[] | null;
}

/** All that a fit can be told: one set of names for window, command line, workers and files. */
export interface FitOptions {
  readonly model: ModelSpecification;
  readonly boundary: Boundary;
  readonly method: Method;
  /** An integer 0 … 2⁵³ − 1. */
  readonly seed: number;
  /** Largest number of steps; the fit ends earlier where it has converged. */
  readonly steps: number;
  readonly gradient: GradientOptions;
  /**
   * Widths (standard deviations) of Gaussian priors about 0 on the couplings and the field per site, one a
   * parameter or one for all; null for none.
   */
  readonly prior: readonly number[] | null;
}

export const defaultFitOptions: Omit<FitOptions, 'seed'> = {
  model: { name: 'uniform' },
  boundary: 'free',
  method: 'auto',
  steps: 10_000,
  gradient: { alpha: [0.1], decay: 0, sweepsPerStep: 1, chains: 64, start: null },
  prior: null,
};
