import type { KernelSnapshot, Moments } from '../kernel.ts';
import { siteCount } from '../lattice.ts';
import { accumulate, covariance, emptyMoments, mean, meanCovariance } from '../moments.ts';
import type { FitOptions } from '../options.ts';
import { type Generator, sfc32 } from '../rng.ts';
import type { Sampler } from '../sampler.ts';
import { congruence, dot, invert, SingularMatrixError, solve } from '../symmetric.ts';
import { likelihoodErrors } from './errors.ts';
import { type Estimate, standardErrors } from './estimate.ts';
import { pseudolikelihoodStart } from './pseudolikelihood.ts';
import type { Estimator, FitRun, Problem } from './run.ts';
import { mayOrder, mixSigns, safePart, startOrdered, twoPhaseStart } from './sign-mixing.ts';
import { Trace } from './trace.ts';

/** Spin updates between two looks at the clock's owner: some milliseconds on a fast kernel. */
const sliceUpdates = 4_000_000;
/** Sweeps that the first stage keeps; each further stage keeps twice as many as the one before. */
const firstStage = 64;
/** Sweeps after which chains that may order are moved between the two phases. */
const sweepsBetweenMixing = 256;
/** A stage that has moved forgets this part of its length first. */
const forgottenPart = 0.5;
/** Largest Newton step in units of the model's own standard deviation of one image. */
const longestStep = 1;
/** Local field beyond which a spin never flips again: no data that have an estimate need it. */
const largestField = 8;

interface State {
  /** θ at which the chains run. */
  centre: Float64Array;
  /** θ̂ as it stands: one Newton step from the centre. */
  theta: Float64Array;
  /** Sweeps that this stage still forgets, and still keeps. */
  forget: number;
  keep: number;
  stage: number;
  slices: number;
  /** Sweeps since the chains were last moved between s and −s. */
  unmixed: number;
  /** Kept samples at this centre: those of earlier stages, and those of the present one. */
  early: Moments;
  late: Moments;
  /** Generator of the moves between s and −s. */
  generator: Uint32Array;
  outcome: 'running' | 'converged' | 'exhausted' | 'diverged';
}

interface Snapshot extends State {
  readonly trace: Float64Array;
  readonly kernels: readonly KernelSnapshot[];
}

/**
 * Monte-Carlo maximum likelihood without a step size.
 *
 * Chains run at a centre θ₀, first the pseudolikelihood estimate. One Newton step in the model's own
 * covariance, θ̂ = θ₀ + C⁻¹(T̄ − ⟨T⟩_θ₀), C = Cov_θ₀(T), is the first-order reweighting of their samples.
 * Where the step is too long for that order (u² = δᵀCδ above 0.05/√M: its bias must stay far below the
 * standard error) the centre moves there, by at most one standard deviation; otherwise the chains go on
 * at the same centre with twice the samples, until the Monte-Carlo error, from the spread between
 * independent chains, is below a tenth of the standard error. Where the coupling may order the model,
 * chains start ordered and move between s and −s after every slice, so that both phases count.
 *
 * Source: C. J. Geyer, E. A. Thompson, J. R. Stat. Soc. B 54, 657 (1992).
 */
export const mle: Estimator = {
  name: 'mle',
  start(problem, options, samplers, snapshot) {
    const sampler = samplers(problem.model, options.gradient.chains, options.seed);
    return new MleRun(problem, options, sampler, snapshot as Snapshot | undefined);
  },
};

class MleRun implements FitRun {
  readonly method = 'mle';
  readonly trace: Trace;
  private readonly state: State;
  private readonly generator: Generator;

  constructor(
    private readonly problem: Problem,
    private readonly options: FitOptions,
    private readonly sampler: Sampler,
    snapshot?: Snapshot,
  ) {
    const p = problem.model.statistics.length;
    this.generator = sfc32(options.seed, 0x519);
    if (snapshot) {
      const { trace, kernels, ...state } = snapshot;
      this.trace = Trace.from(p, trace);
      this.state = state;
      this.generator.state.set(state.generator);
      sampler.restore(kernels);
    } else {
      this.trace = new Trace(p);
      const start = pseudolikelihoodStart(problem.model, problem.data);
      const ordered = mayOrder(problem.model, start);
      const centre = ordered ? twoPhaseStart(problem.model, problem.observed, start) : start;
      this.state = {
        centre,
        theta: centre.slice(),
        forget: firstStage,
        keep: firstStage,
        stage: 0,
        slices: 0,
        unmixed: 0,
        early: emptyMoments(p, sampler.chains),
        late: emptyMoments(p, sampler.chains),
        generator: this.generator.state,
        outcome: 'running',
      };
      sampler.setParameters(centre);
      if (ordered) startOrdered(sampler, siteCount(problem.model.lattice));
    }
  }

  get progress() {
    return { phase: 'sampling', done: this.state.slices, total: null };
  }

  advance(): boolean {
    const { state, sampler } = this;
    const updates = sampler.chains * siteCount(this.problem.model.lattice);
    const most = Math.max(1, Math.floor(sliceUpdates / updates));
    const forgetting = state.forget > 0;
    const sweeps = Math.min(most, forgetting ? state.forget : state.keep);
    if (forgetting) {
      sampler.run(sweeps, sweeps);
      state.forget -= sweeps;
    } else {
      accumulate(state.late, sampler.run(sweeps, 1).moments);
      state.keep -= sweeps;
      if (state.keep === 0) this.endStage();
    }
    state.slices++;
    state.unmixed += sweeps;
    const due = state.unmixed >= sweepsBetweenMixing || (forgetting && state.forget === 0);
    if (due && mayOrder(this.problem.model, state.centre)) {
      mixSigns(sampler, state.centre, this.generator);
      state.unmixed = 0;
    }
    if (state.outcome === 'running' && state.slices >= this.options.steps)
      state.outcome = 'exhausted';
    return state.outcome !== 'running';
  }

  /** Judges the samples kept at this centre: done, go on here with twice as many, or move. */
  private endStage(): void {
    const { state, problem } = this;
    const { observed, model } = problem;
    const settled = state.early.measurements === 0 || agree(state.early, state.late);
    accumulate(state.early, state.late);
    state.late = emptyMoments(this.trace.p, this.sampler.chains);
    const kept = state.early;
    const average = mean(kept);
    const matrix = covariance(kept);
    let step: Float64Array;
    try {
      step = solve(
        matrix,
        average.map((value, a) => observed.mean[a] - value),
      );
    } catch (error) {
      // frozen chains: the model has no spread at this centre
      if (!(error instanceof SingularMatrixError)) throw error;
      state.outcome = 'diverged';
      return;
    }
    const length = Math.sqrt(
      dot(
        step,
        average.map((value, a) => observed.mean[a] - value),
      ),
    );
    const shortened = Math.min(
      1,
      longestStep / length,
      mayOrder(model, state.centre) ? safePart(model, step) : 1,
    );
    state.theta = state.centre.map((value, a) => value + shortened * step[a]);
    state.stage++;
    this.record(average, standardErrors(meanCovariance(kept)));

    const { statistics } = model;
    if (statistics.some(({ weight }, a) => !(Math.abs(state.theta[a] * weight) < largestField))) {
      state.outcome = 'diverged';
      return;
    }
    const near = shortened === 1 && length ** 2 <= 0.05 / Math.sqrt(observed.images);
    if (near && settled && this.isSharp()) {
      state.outcome = 'converged';
      return;
    }
    const measured = kept.measurements;
    if (near && settled) {
      state.keep = measured;
      return;
    }
    // move and forget the way there; look twice as long where the step may be noise alone
    const noise = dot(invert(matrix), meanCovariance(kept));
    state.centre = state.theta.slice();
    state.early = emptyMoments(this.trace.p, this.sampler.chains);
    state.keep = length ** 2 > 16 * noise ? measured : 2 * measured;
    state.forget = Math.ceil(forgottenPart * state.keep) + firstStage;
    this.sampler.setParameters(state.centre);
  }

  private record(average: Float64Array, noise: Float64Array): void {
    const { statistics } = this.problem.model;
    this.trace.push({
      step: this.state.stage,
      parameters: Array.from(this.state.theta),
      moments: statistics.map(({ extent }, a) => average[a] / extent),
      noise: statistics.map(({ extent }, a) => noise[a] / extent),
    });
  }

  /** Errors from the samples kept so far; null where there are none, or no spread in them. */
  private errors() {
    const { early, late } = this.state;
    const kept = early.measurements > 0 ? early : late;
    if (kept.measurements === 0) return null;
    try {
      const matrix = covariance(kept);
      const monteCarlo = congruence(invert(matrix), meanCovariance(kept));
      return {
        ...likelihoodErrors(matrix, this.problem.observed),
        monteCarlo: standardErrors(monteCarlo),
      };
    } catch (error) {
      if (error instanceof SingularMatrixError) return null;
      throw error;
    }
  }

  private isSharp(): boolean {
    const errors = this.errors();
    if (errors === null) return false;
    const standard = standardErrors(errors.covariance);
    return errors.monteCarlo.every((error, a) => error <= standard[a] / 10);
  }

  estimate(): Estimate {
    const { theta, outcome } = this.state;
    const errors = outcome === 'diverged' ? null : this.errors();
    return {
      parameters: theta.slice(),
      covariance: errors?.covariance ?? null,
      sandwich: errors?.sandwich ?? null,
      monteCarloError: errors?.monteCarlo ?? new Float64Array(theta.length).fill(Number.NaN),
      logLikelihood: null,
      exists: true,
      converged: outcome === 'converged',
      warnings: this.warnings(errors),
    };
  }

  private warnings(errors: ReturnType<MleRun['errors']>): string[] {
    const { outcome, stage } = this.state;
    if (outcome === 'converged') return [];
    if (outcome === 'diverged') {
      return [
        `The likelihood kept rising towards very large parameters after ${stage} stages: these data lie on, or next to, the edge of what any finite coupling and field can draw. Use more images or another threshold.`,
      ];
    }
    if (errors === null) return ['The fit was stopped before it could say how sure it is.'];
    const standard = standardErrors(errors.covariance);
    const worst = Math.max(...errors.monteCarlo.map((error, a) => error / standard[a]));
    return [
      `The Monte-Carlo error is ${worst.toFixed(2)} of the standard error, not below 0.1. Allow more --steps; if chains disagree (two phases above the critical coupling), no number of steps may suffice.`,
    ];
  }

  /** Eq. (4)'s step size and sweeps per step have no meaning here. */
  adjust(): void {}

  frame(): Int8Array {
    return this.sampler.spins(0);
  }

  snapshot(): Snapshot {
    const { state, trace, sampler } = this;
    const copy = (moments: Moments) => {
      const copied = emptyMoments(trace.p, sampler.chains);
      accumulate(copied, moments);
      return copied;
    };
    return {
      ...state,
      generator: this.generator.state.slice(),
      early: copy(state.early),
      late: copy(state.late),
      trace: trace.slice(),
      kernels: sampler.snapshot(),
    };
  }

  close(): void {
    this.sampler.close();
  }
}

/** Whether two runs of the same chains agree in every mean within four standard errors: chains at rest do. */
function agree(first: Moments, second: Moments): boolean {
  const { chains, statistics: p } = first;
  for (let a = 0; a < p; a++) {
    let sum = 0;
    let square = 0;
    for (let c = 0; c < chains; c++) {
      const difference =
        first.chainSum[c * p + a] / first.measurements -
        second.chainSum[c * p + a] / second.measurements;
      sum += difference;
      square += difference ** 2;
    }
    const variance = (square - sum ** 2 / chains) / (chains - 1);
    if (sum ** 2 / chains > 16 * variance) return false;
  }
  return true;
}
