import { parameterNames } from '../../models/contract.ts';
import type { Sliced } from '../../numerics/yielding.ts';
import type { Adjustment } from '../adjustment.ts';
import type { Estimate } from '../estimate.ts';
import type { FitRun, Problem, Progress } from '../run.ts';
import { bootstrap, type Unsolved } from './bootstrap.ts';
import { effectiveImages } from './effective-images.ts';
import type { Profile } from './intervals.ts';
import { profileIntervals } from './profile.ts';

/** What intervals add to an estimate. */
type Added = Pick<Estimate, 'bootstrap' | 'profile' | 'warnings'>;

/**
 * A likelihood fit that, once it has converged, goes on to what estimate ± error leaves open: the block
 * bootstrap, and profile intervals where the likelihood is no parabola. Both follow from the estimate and the
 * seed, so that a run that is continued gives the same.
 */
export class WithIntervals implements FitRun {
  private work: Sliced<Added> | null = null;
  private ended: Estimate | null = null;
  private result: Estimate | null = null;
  private phase: Progress | null = null;

  constructor(
    private readonly run: FitRun,
    private readonly problem: Problem,
    private readonly seed: number,
  ) {}

  get method() {
    return this.run.method;
  }

  get trace() {
    return this.run.trace;
  }

  get exhausted() {
    return this.run.exhausted;
  }

  get progress() {
    return this.phase ?? this.run.progress;
  }

  advance(maxSteps?: number): boolean {
    if (this.result) return true;
    if (!this.work) {
      if (!this.run.advance(maxSteps)) return false;
      const estimate = this.run.estimate();
      if (!estimate.exists || !estimate.converged) return true;
      this.ended = estimate;
      this.phase = { phase: 'intervals', done: 0, total: null };
      this.work = this.intervals(estimate);
      return false;
    }
    const { done, value } = this.work.next();
    if (!done) return false;
    const estimate = this.estimate();
    this.result = { ...estimate, ...value, warnings: [...estimate.warnings, ...value.warnings] };
    return true;
  }

  private *intervals(estimate: Estimate): Sliced<Added> {
    const { problem, run, seed } = this;
    const images = effectiveImages(problem.observed);
    const likelihood = run.likelihood();
    const warnings: string[] = [];
    const resampled = yield* decoration(
      'The bootstrap',
      bootstrap(problem, estimate, likelihood, images, seed),
      warnings,
    );
    if (resampled && !('error' in resampled)) warnings.push(unsolvedSentence(resampled));
    const names = parameterNames(problem.model);
    const profile: Profile | null =
      likelihood &&
      (yield* decoration(
        'Profile-likelihood intervals',
        profileIntervals(problem, estimate, likelihood, images, names),
        warnings,
      ));
    return {
      ...(resampled && 'error' in resampled && { bootstrap: resampled }),
      ...(profile && { profile }),
      warnings,
    };
  }

  estimate(): Estimate {
    return this.result ?? this.ended ?? this.run.estimate();
  }

  adjust(changes: Adjustment): void {
    this.run.adjust(changes);
  }

  frame() {
    return this.run.frame();
  }

  likelihood() {
    return this.run.likelihood();
  }

  snapshot() {
    return this.run.snapshot();
  }

  close(): void {
    this.run.close();
  }
}

/** What adds to a fit and can never end it: where it fails the fit says so, and is as good as before. */
function* decoration<T>(what: string, work: Sliced<T>, warnings: string[]): Sliced<T | null> {
  try {
    return yield* work;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    warnings.push(`${what} could not be had for these data: ${reason} The estimate stands.`);
    return null;
  }
}

function unsolvedSentence({ without, replicates }: Unsolved): string {
  return `${without} of the bootstrap’s ${replicates} data sets have no estimate, so that it gives no errors: the data lie near the edge of what has one, and the errors beside the estimate are rough.`;
}
