import { withError } from '../numerics/rounding.ts';
import type { AlternativeKind } from './alternatives.ts';
import { type ScoreDirection, type ScoreTest, scoreLevel } from './scores.ts';

/** What an alternative is called in a table. */
export const alternativeTitles: Readonly<Record<AlternativeKind, string>> = {
  'next-nearest': 'coupling of diagonal neighbours',
  anisotropy: 'two couplings, along rows and columns',
  field: 'field',
  'trend-1': 'field that rises across the picture',
  'trend-2': 'field that is bent across the picture',
  spread: 'coupling that varies between pictures',
};

const symbols: Readonly<Record<string, string>> = {
  J2: 'J_2',
  'Jx-Jy': 'J_x − J_y',
  hPerSite: 'h/n',
  eta10: 'h/n at the lower edge',
  eta01: 'h/n at the right edge',
  eta20: 'h/n at top and bottom',
  eta11: 'h/n in the corners',
  eta02: 'h/n at the sides',
  varianceJ: 'spread of J',
};

export function scoreVerdict({ adjustedP }: ScoreTest): 'agrees' | 'differs' {
  return adjustedP < scoreLevel ? 'differs' : 'agrees';
}

/** An alternative's size: a variance as its root. */
export function amountOf({ parameter }: ScoreDirection, value: number): number {
  return parameter === 'varianceJ' ? Math.sqrt(Math.max(0, value)) : value;
}

/** "J_2 = 0.031 ± 0.006", a line for each direction. */
export function scoreEstimates({ directions }: ScoreTest): string[] {
  return directions.map((one) => {
    const symbol = symbols[one.parameter] ?? one.parameter;
    if (one.parameter !== 'varianceJ')
      return `${symbol} = ${withError(one.estimate, one.error)}`.replace('= -', '= −');
    return `${symbol} = ${rounded(amountOf(one, one.estimate))}`;
  });
}

/** What a test found, without a full stop. */
function found(test: ScoreTest): string {
  const about = scoreEstimates(test).join(', ');
  const statement: Readonly<Record<AlternativeKind, string>> = {
    'next-nearest': 'Diagonal neighbours are coupled too',
    anisotropy: 'Couplings along rows and columns differ',
    field: 'There is a field',
    'trend-1': 'Brightness rises across the pictures',
    'trend-2': 'Brightness is bent across the pictures, as where the edges are darker',
    spread: 'The coupling varies between the pictures',
  };
  return `${statement[test.kind]} (one step from none: ${about})`;
}

export function scoreSentence(test: ScoreTest): string {
  return scoreVerdict(test) === 'differs' ? `${found(test)}.` : 'None is seen.';
}

/** What the test would have seen, and what that much does to the fit. */
export function reachSentence(test: ScoreTest): string {
  const most = hardest(test);
  const symbol =
    test.directions.length > 1 ? 'a change of h/n towards the edges' : symbols[most.parameter];
  const { bias } = most;
  const effect =
    bias === null
      ? ''
      : Math.abs(bias.errors) < noticeable
        ? `; ${symbolOf(bias.parameter)} would hardly be moved by it`
        : `; ${symbolOf(bias.parameter)} would then be ${errorsOff(bias)} off`;
  return `${symbol} ${isOneSided(test) ? 'above' : 'beyond'} ${detectableWords(test)} would have shown${effect}`;
}

/** The size that is found with the power that is said, of the direction that is hardest to see. */
export function detectableWords(test: ScoreTest): string {
  const most = hardest(test);
  return `${isOneSided(test) ? '' : '±'}${rounded(amountOf(most, most.detectable))}`;
}

/** What that size does to a coupling: "J by 5.1 standard errors". */
export function biasWords(test: ScoreTest): string {
  const { bias } = hardest(test);
  if (bias === null) return '–';
  if (Math.abs(bias.errors) < noticeable) return `${symbolOf(bias.parameter)} hardly`;
  return `${symbolOf(bias.parameter)} by ${errorsOff(bias)}`;
}

/** A variance is never below 0. */
function isOneSided({ kind }: ScoreTest): boolean {
  return kind === 'spread';
}

/** Standard errors by which a coupling is hardly moved. */
const noticeable = 0.1;

/** The direction of which most must be there to be seen. */
export function hardest({ directions }: ScoreTest): ScoreDirection {
  return directions.reduce((most, next) => (next.detectable > most.detectable ? next : most));
}

function symbolOf(parameter: string): string {
  return parameter.replace(/^J(.+)$/, 'J_$1');
}

function errorsOff({ errors }: NonNullable<ScoreDirection['bias']>): string {
  const off = Math.abs(errors);
  return `${off.toPrecision(off < 1 ? 1 : 2)} standard errors`;
}

/** The test that finds most, of those that find something. */
export function strongest(tests: readonly ScoreTest[]): ScoreTest | null {
  const strength = ({ directions }: ScoreTest) =>
    Math.max(...directions.map(({ estimate, error }) => Math.abs(estimate / error)));
  return tests
    .filter((test) => scoreVerdict(test) === 'differs')
    .reduce<ScoreTest | null>(
      (most, next) => (most && strength(most) >= strength(next) ? most : next),
      null,
    );
}

/** What the check could have seen and has not: the alternative that would hurt the estimate most; null without one. */
export function reachOverall(tests: readonly ScoreTest[]): string | null {
  const harm = ({ directions }: ScoreTest) =>
    Math.max(...directions.map(({ bias }) => Math.abs(bias?.errors ?? 0)));
  const unseen = tests.filter((test) => scoreVerdict(test) === 'agrees');
  const worst = unseen.reduce<ScoreTest | null>(
    (most, next) => (most && harm(most) >= harm(next) ? most : next),
    null,
  );
  return worst && `${capital(alternativeTitles[worst.kind])}: ${reachSentence(worst)}.`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const rounded = (value: number) => String(Number(value.toPrecision(2)));
