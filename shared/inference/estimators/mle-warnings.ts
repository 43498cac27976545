import type { Diagnostics } from '../diagnostics.ts';
import { runawaySentence } from '../existence/words.ts';
import type { Problem } from '../run.ts';
import { stoppedSentence } from '../stopped.ts';
import { isOrdered } from './global-flips.ts';
import { excesses, type State, wantedError } from './mle-state.ts';

/** What a person should know of how the fit ended, and of its chains. */
export function mleWarnings(
  state: State,
  problem: Problem,
  diagnostics: Diagnostics | null,
): string[] {
  return [...ofTheEnd(state, problem), ...ofTheChains(state, problem, diagnostics)];
}

function ofTheEnd({ outcome, stage, theta, found }: State, problem: Problem): string[] {
  if (outcome === 'converged') return [];
  if (outcome === 'diverged') {
    return [`After ${stage} stages: ${runawaySentence(problem.model, theta)}`];
  }
  const stopped =
    outcome === 'running' ? [stoppedSentence(`in stage ${stage + 1} of its sampling`)] : [];
  if (found === null) {
    return stopped.length > 0 ? stopped : ['The fit ended before it could say how sure it is.'];
  }
  const error = wantedError * Math.max(...excesses(found, problem));
  if (outcome === 'running') {
    return [
      ...stopped,
      `When it was stopped the Monte-Carlo error was ${error.toFixed(2)} of the standard error; it ends below ${wantedError}.`,
    ];
  }
  return [
    `The Monte-Carlo error is ${error.toFixed(2)} of the standard error, not surely below ${wantedError}. Allow more steps; if chains disagree (two phases above the critical coupling), no number of steps may suffice.`,
  ];
}

function ofTheChains(
  { theta }: State,
  { model }: Problem,
  diagnostics: Diagnostics | null,
): string[] {
  if (!diagnostics) return [];
  const warnings: string[] = [];
  if (!diagnostics.agree) {
    const worst = Math.max(...diagnostics.statistics.map((one) => one?.splitRHat ?? 1));
    warnings.push(
      `The chains disagree (R-hat = ${worst.toFixed(2)}): they are in different phases, or not yet at rest, so that the estimate and its errors may be wrong. Allow more steps, or use an exact method on a smaller lattice.`,
    );
  }
  if (isOrdered(model, theta)) {
    warnings.push(
      'The coupling is above the critical one, 0.4407: the likelihood sees both phases, mostly bright and mostly dark, each with its weight. Pictures of one phase alone say little about h.',
    );
  }
  return warnings;
}
