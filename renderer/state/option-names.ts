import type { Resampling, ThresholdRule } from '../../shared/data/image/options.ts';
import type { Method } from '../../shared/inference/options.ts';
import type { Boundary } from '../../shared/models/lattice/lattice.ts';

/* what the window and the report call the values of options */

export const methodNames: Readonly<Record<Method, string>> = {
  gradient: 'Eq. (4), in steps',
  auto: 'Automatic',
  exact: 'Exact',
  mle: 'Monte Carlo',
  pseudolikelihood: 'Pseudolikelihood',
};

export const edgeNames: Readonly<Record<Boundary, string>> = {
  free: 'free edges',
  periodic: 'torus',
};

export const resamplingNames: Readonly<Record<Resampling, string>> = {
  area: 'Mean of the area',
  nearest: 'Nearest pixel',
};

/** Channels that can be chosen from a list. */
const mostListed = 8;

/** What grey is made of, by the values of a field that holds texts. */
export const channelChoices: readonly { readonly value: string; readonly label: string }[] = [
  { value: '', label: 'Luminance or first' },
  { value: 'mean', label: 'Mean of all' },
  ...Array.from({ length: mostListed }, (_, k) => channelChoice(k + 1)),
];

/** A channel's number as a choice. */
export function channelChoice(channel: number | string) {
  const label = channel === 'luminance' ? 'Luminance' : `Channel ${channel}`;
  return { value: String(channel), label };
}

export const thresholdNames: Readonly<Record<ThresholdRule | 'fixed', string>> = {
  otsu: 'Otsu',
  median: 'Median',
  mean: 'Mean grey',
  adaptive: 'Adaptive',
  fixed: 'Fixed',
};

/** The name of a value that a file has, which may be one of another version. */
export function nameOf(names: Readonly<Record<string, string>>, value: unknown): string {
  return names[String(value)] ?? String(value);
}

/** The names as a field's choices. */
export function choicesOf<Value extends string>(names: Readonly<Record<Value, string>>) {
  return (Object.keys(names) as Value[]).map((value) => ({ value, label: names[value] }));
}
