import { notesField } from '../../shared/models/names.ts';
import type { RunSummary } from '../../shared/protocol/runs.ts';

/** One step of eq. (4) with its numbers: after = before − alpha · (model − data + pull). */
export interface EquationStep {
  readonly parameter: string;
  readonly before: number;
  readonly alpha: number;
  readonly model: number;
  readonly data: number;
  /** Pull of a prior; null without one. */
  readonly pull: number | null;
  readonly after: number;
}

/** A moment's difference below which α cannot be read from the step itself. */
const smallest = 1e-9;

/**
 * The last step of eq. (4) of every parameter, from the trace's last two rows.
 *
 * α is what the step really used, (before − after)/(⟨T⟩ − T̄), also where the setting was changed since. With
 * a prior α is the setting, and the rest of the step is the prior's pull.
 *
 * @param last row of 1 + 3p numbers: step, θ after it, moments, noise
 * @param previous the row before; null at the first step
 */
export function lastStep(
  run: Pick<RunSummary, 'parameters' | 'observed' | 'options' | 'rows' | 'cols'>,
  last: ArrayLike<number>,
  previous: ArrayLike<number> | null,
): EquationStep[] {
  const p = run.parameters.length;
  return run.parameters.map((parameter, a) => {
    const after = last[1 + a];
    const model = last[1 + p + a];
    const data = run.observed[a];
    const set = stepSize(run, a, last[0] - 1);
    const before = previous ? previous[1 + a] : after + set * (model - data);
    if (run.options.prior !== null) {
      const pull = previous ? (before - after) / set - (model - data) : 0;
      return { parameter, before, alpha: set, model, data, pull, after };
    }
    const used = Math.abs(model - data) > smallest ? (before - after) / (model - data) : set;
    return { parameter, before, alpha: used, model, data, pull: null, after };
  });
}

/** α_a(t): one α for all is the coupling's and, times n, the field's (see `GradientOptions`). */
export function stepSize(
  { parameters, options, rows, cols }: Parameters<typeof lastStep>[0],
  a: number,
  step: number,
): number {
  const { alpha, decay } = options.gradient;
  const slowed = decay > 0 ? 1 / (1 + step / decay) : 1;
  if (alpha.length > 1) return slowed * alpha[a];
  return slowed * alpha[0] * (parameters[a] === notesField ? rows * cols : 1);
}
