import { momentWord } from '../models/names.ts';
import type { Comparison, Predictive } from './predictive.ts';
import { scoreSentence, scoreVerdict, strongest } from './score-sentences.ts';
import type { ScoreTest } from './scores.ts';

/** Chance with which the statistics call a model wrong that is right; the score tests have their own. */
export const statisticsLevel = 0.02;
/** The same for one statistic that nobody looked for. */
const aloneLevel = 0.05;

/** `agrees`; `chance`: out by itself, not among so many; `differs`. */
export type Verdict = 'agrees' | 'chance' | 'differs';

export function verdictOf({ pValue, adjustedP }: Comparison): Verdict {
  if (adjustedP < statisticsLevel) return 'differs';
  return pValue < aloneLevel ? 'chance' : 'agrees';
}

const ways = {
  rows: 'along rows',
  columns: 'along columns',
  falling: 'along falling diagonals',
  rising: 'along rising diagonals',
} as const;

const counts = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];

/** What a statistic is called in a table. */
export function titleOf({ name, family, direction, distance }: Comparison): string {
  if (family === 'correlation' && direction && distance !== null) {
    const who = distance === 1 ? 'neighbours' : `sites ${counts[distance] ?? distance} apart`;
    return `${who} ${ways[direction]}`;
  }
  if (family === 'runs' && direction) {
    const [low, high] = classOf(name);
    if (low === null) return `mean run length ${ways[direction]}`;
    return `runs of ${lengths(low, high)} ${ways[direction]}`;
  }
  return titles[name] ?? `spread of ${momentOf(name)} between pictures`;
}

const titles: Readonly<Record<string, string>> = {
  'next-nearest': 'diagonal neighbours',
  plaquette: 'squares of four',
  'clusters-bright': 'bright clusters',
  'clusters-dark': 'dark clusters',
  'cluster-size': 'mean size of a cluster',
  'largest-bright': 'largest bright cluster',
  'largest-dark': 'largest dark cluster',
  perimeter: 'border of the largest cluster',
};

/** The moment whose spread between pictures is compared. */
function momentOf(name: string): string {
  const parameter = name.slice('spread-'.length);
  return (
    { J: 'bonds', Jx: 'bonds along rows', Jy: 'bonds along columns', h: 'brightness' }[parameter] ??
    momentWord(parameter)
  );
}

/** What the comparison says, as one plain sentence. */
export function sentenceOf(comparison: Comparison): string {
  const verdict = verdictOf(comparison);
  if (verdict === 'agrees') return 'As the model draws it.';
  const statement = difference(comparison);
  if (verdict === 'differs') return `${statement}.`;
  return `${statement}, no more than chance makes of so many statistics.`;
}

/** What differs, without a full stop. */
function difference(comparison: Comparison): string {
  const { name, family, direction, z } = comparison;
  const [more, larger] = z > 0 ? ['more', 'larger'] : ['fewer', 'smaller'];
  const often = z > 0 ? 'more often' : 'less often';
  const title = titleOf(comparison);
  const subject = title.charAt(0).toUpperCase() + title.slice(1);
  if (family === 'correlation' || name === 'next-nearest')
    return `${subject} agree ${often} than the model draws`;
  if (name === 'plaquette')
    return `Squares of four pixels hold an even number of bright ones ${often} than the model draws`;
  if (family === 'spread')
    return `The pictures differ among themselves ${z > 0 ? 'more' : 'less'} in ${momentOf(name)} than draws of one model`;
  if (name.startsWith('run-length') && direction)
    return `Runs of equal pixels ${ways[direction]} are ${z > 0 ? 'longer' : 'shorter'} than the model’s`;
  if (family === 'runs') return `There are ${more} ${title} than the model draws`;
  if (name.startsWith('clusters-')) return `There are ${more} ${title} than the model draws`;
  if (name === 'cluster-size') return `Clusters are ${larger} on average than the model’s`;
  if (name === 'perimeter')
    return `The largest cluster is ${z > 0 ? 'more ragged' : 'smoother'} than the model’s`;
  return `The ${title} is ${larger} than the model’s`;
}

/** The whole comparison in some sentences. */
export function overallSentence(
  { comparisons, overallP, resolution }: Predictive,
  tests: readonly ScoreTest[] = [],
): string {
  const total = `${comparisons.length} statistics that were not fitted`;
  const out = comparisons.filter((comparison) => verdictOf(comparison) === 'differs');
  const missing = tests.filter((test) => scoreVerdict(test) === 'differs');
  const worst = farthest(comparisons);
  const best = strongest(tests);
  const testsP = tests.reduce((least, { adjustedP }) => Math.min(least, adjustedP), 1);
  const p = overallP <= resolution ? `p at most ${short(overallP)}` : `p = ${short(overallP)}`;
  if (worst === null && best === null) {
    const [andTests, ofTests] =
      tests.length > 0
        ? [` and ${tests.length} score tests`, `, p = ${short(testsP)} for the tests`]
        : ['', ''];
    return `The model describes these pictures as far as ${total}${andTests} can tell: none is farther from what the model draws than chance explains (p = ${short(overallP)} for all of the statistics together${ofTests}).`;
  }
  const what = [
    ...(best
      ? [
          `${missing.length} of ${tests.length} score tests ${missing.length === 1 ? 'finds' : 'find'} what it lacks (p = ${short(testsP)})`,
        ]
      : []),
    ...(worst
      ? [
          `${out.length} of ${total} ${out.length === 1 ? 'lies' : 'lie'} outside what it draws (${p} for all of them together)`,
        ]
      : []),
  ].join(', and ');
  const reading = readingOf(comparisons);
  return [
    `The model does not describe these pictures: ${what}.`,
    ...(best ? [scoreSentence(best)] : []),
    ...(worst ? [`${difference(worst)}.`] : []),
    ...(reading ? [`In short, ${reading}.`] : []),
  ].join(' ');
}

/** The statistic that differs most, which the sentence names; null where none does. */
export function farthest(comparisons: readonly Comparison[]): Comparison | null {
  const out = comparisons.filter((comparison) => verdictOf(comparison) === 'differs');
  return out.reduce<Comparison | null>(
    (most, next) => (most === null || Math.abs(next.z) > Math.abs(most.z) ? next : most),
    null,
  );
}

/** What the differences have in common, if it is something simple. */
function readingOf(comparisons: readonly Comparison[]): string | null {
  const spread = comparisons.filter((c) => c.family === 'spread' && verdictOf(c) === 'differs');
  if (spread.some(({ z }) => z > 0)) return 'the pictures are not all of one kind';
  const near = (direction: string) =>
    comparisons.find((c) => c.direction === direction && c.distance === 1);
  // of many pictures every trace of stripes is told, also where something else is far more wrong
  const least = Math.abs(farthest(comparisons)?.z ?? 0) / 4;
  const signOf = (c: Comparison | undefined) =>
    c && verdictOf(c) === 'differs' && Math.abs(c.z) > least ? Math.sign(c.z) : 0;
  const [across, down] = [signOf(near('rows')), signOf(near('columns'))];
  if (across > 0 && down <= 0) return 'the pictures have stripes along rows';
  if (down > 0 && across <= 0) return 'the pictures have stripes along columns';
  const [falling, rising] = [signOf(near('falling')), signOf(near('rising'))];
  if (falling > 0 && rising <= 0) return 'the pictures have stripes along falling diagonals';
  if (rising > 0 && falling <= 0) return 'the pictures have stripes along rising diagonals';
  const far = comparisons.filter(
    (c) => c.distance !== null && c.distance > 2 && verdictOf(c) === 'differs',
  );
  if (far.length > 1 && far.every(({ z }) => z > 0))
    return 'the pictures have structure on scales that neighbours alone do not make';
  if (far.length > 1 && far.every(({ z, model }) => z < 0 && model > 0))
    return 'the pictures are made of shapes of about one size, beyond which less hangs together than in the model';
  return null;
}

function short(p: number): string {
  return String(Number(p.toPrecision(2)));
}

/** First and last length of a class of runs; nulls for the mean length and where a class is open. */
function classOf(name: string): [number | null, number | null] {
  const match = /^runs-\w+-(\d+)(?:-(\d+|up))?$/.exec(name);
  if (!match) return [null, null];
  const low = Number(match[1]);
  if (match[2] === undefined) return [low, low];
  return [low, match[2] === 'up' ? null : Number(match[2])];
}

function lengths(low: number, high: number | null): string {
  if (high === null) return `${low} and more pixels`;
  if (low === high) return low === 1 ? 'one pixel' : `${low} pixels`;
  return `${low} to ${high} pixels`;
}
