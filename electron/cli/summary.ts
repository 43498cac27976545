import { conversion } from '../../shared/models/conventions.ts';
import { errorAlone, roundToError, withError } from '../../shared/numerics/rounding.ts';
import { biasWords, detectableWords, scoreEstimates } from '../../shared/protocol/check-words.ts';
import type { FitFile } from '../../shared/protocol/fit-file.ts';
import {
  effectively,
  evidenceRows,
  logLikelihood,
  momentSymbol,
  priorWidths,
  resampledWords,
} from '../../shared/protocol/fit-words.ts';
import { noError, shownEstimate } from '../../shared/protocol/shown-estimate.ts';
import { printable } from '../node/system/printable.ts';
import { configurations } from './output.ts';

/** A fit's result as a table that a person reads. */
export function summary(file: FitFile): string {
  const { model, data } = file;
  const worth = effectively(data);
  const lines = [
    `${configurations(data.images)}${worth ? ` (effectively ${worth})` : ''} of ${model.rows} × ${model.cols} (${model.boundary} edges)`,
    `data     b̄ = ${data.bondMean.toFixed(4)}   m̄ = ${data.magnetization.toFixed(4)}`,
    `method   ${file.method}, seed ${file.seed}, ${file.seconds.toFixed(2)} s`,
    ...(file.methodReason ? [`         ${file.methodReason}`] : []),
    ...(file.prior ? [`prior    Gaussian about 0 of width ${priorWidths(file.prior)}`] : []),
    ...(file.sampler ? [`sampler  ${file.sampler}`] : []),
  ];
  if (file.exists) lines.push(...values(file));
  lines.push(...chains(file));
  const height = logLikelihood(file, 4);
  if (height !== null) lines.push('', `log-likelihood per image ${height}`);
  if (file.check) lines.push('', ...checkLines(file.check));
  if (!file.exists) lines.push('', 'No finite estimate exists for these data.');
  const withheld = Object.keys(file.estimate).map((name) => shownEstimate(file, name).withheld);
  for (const reason of new Set(withheld)) if (reason !== null) lines.push('', reason);
  for (const warning of file.warnings) lines.push(`! ${warning}`);
  // paths and warnings stand in it
  return printable(`${lines.join('\n')}\n`);
}

/** The estimate with every error that it has. */
function values(file: FitFile): string[] {
  const { bootstrap } = file;
  return [
    '',
    ...table([
      ['', 'estimate ± standard error', 'sandwich', 'ratio', 'bootstrap', 'Monte-Carlo'],
      ...Object.keys(file.estimate).map((name) => {
        // the curvature where a fit happens to stand is no error of its end
        const [standard, sandwich] = [file.standardError, file.sandwichError].map((errors) =>
          file.converged ? error(errors, name) : null,
        );
        return [
          nameOf(name),
          estimate(file, name),
          short(sandwich),
          standard && sandwich ? (sandwich / standard).toFixed(2) : '–',
          short(bootstrap?.error[name] ?? null),
          short(error(file.monteCarloError, name)),
        ];
      }),
    ]),
    ...(bootstrap ? [`bootstrap: ${resampledWords(bootstrap)}`] : []),
    ...profile(file),
    ...otherConventions(file),
  ];
}

function nameOf(parameter: string): string {
  return parameter === 'hPerSite' ? 'h/n' : parameter;
}

/** Asymmetric intervals, where estimate ± error is doubtful. */
function profile({ profile, estimate: values, standardError }: FitFile): string[] {
  if (!profile) return [];
  const end = (value: number | null, name: string) => {
    const scale = standardError?.[name];
    if (value === null) return 'out of reach';
    return roundToError(value, typeof scale === 'number' ? scale : null).value;
  };
  return [
    '',
    ...table([
      ['profile likelihood', '68 %', '95 %'],
      ...Object.keys(values).map((name) => [
        nameOf(name),
        ...[profile.interval68, profile.interval95].map((interval) =>
          between((interval[name] ?? [null, null]).map((value) => end(value, name))),
        ),
      ]),
    ]),
  ];
}

/** Two ends as a text. */
function between([low, high]: readonly string[]): string {
  return low === high ? low : `${low} … ${high}`;
}

/** The uniform model's J and h as the notes' eq. (2) and sums over ordered pairs would print them. */
function otherConventions({ estimate: { J, h }, model: { rows, cols } }: FitFile): string[] {
  if (typeof J !== 'number' || typeof h !== 'number') return [];
  const notes = conversion({ sign: 'minus', pairs: 'once', field: 'total' }, rows * cols);
  const ordered = conversion({ sign: 'plus', pairs: 'ordered', field: 'total' }, rows * cols);
  const print = (value: number) => String(Number(value.toPrecision(4)));
  return [
    '',
    `sign of the notes' eq. (2): J = ${print(notes.J * J)}, h = ${print(notes.h * h)}; ordered pairs: J = ${print(ordered.J * J)}`,
  ];
}

/** What the check found: the sentence, what differs, and what the likelihood is worth. */
function checkLines({
  sentence,
  reach,
  scores = [],
  levels,
  findings,
  evidence,
  position,
  drawnSets,
  imagesPerSet,
  warnings,
}: NonNullable<FitFile['check']>) {
  const differing = findings
    .filter(({ verdict, isNamed }) => verdict === 'differs' && !isNamed)
    .sort((a, b) => Math.abs(b.z) - Math.abs(a.z));
  const shown = differing.slice(0, 5);
  const rest = differing.length - shown.length;
  return [
    `check    ${sentence}`,
    ...(reach ? [`         ${reach}`] : []),
    ...scoreLines(scores),
    ...(levels
      ? [
          `         A model that is right is called wrong by chance in ${percent(levels.scores)} by the score tests, in ${percent(levels.statistics)} by the statistics; "seen from" is found in ${percent(levels.power)}.`,
        ]
      : []),
    ...shown.map((f) => `         ${f.sentence}`),
    ...(rest > 0 ? [`         ${rest} more in the fit file.`] : []),
    `         ${evidenceRows(evidence)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
    `         log Z by ${evidence.logZ.method}; ${drawnSets} sets of ${imagesPerSet} were drawn`,
    `         ${position.sentence}`,
    ...warnings.map((warning) => `! ${warning}`),
  ];
}

/** The score tests as a table. */
function scoreLines(scores: NonNullable<NonNullable<FitFile['check']>['scores']>): string[] {
  if (scores.length === 0) return [];
  return table([
    ['what may be missing', 'one step from none', 'p, all', 'seen from', 'moves'],
    ...scores.map((test) => [
      test.title,
      scoreEstimates(test).join(', '),
      String(Number(test.adjustedP.toPrecision(2))),
      detectableWords(test),
      biasWords(test),
    ]),
  ]).map((line) => `         ${line}`);
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

/** How well the chains of a sampled fit were mixed. */
function chains({ diagnostics }: FitFile): string[] {
  if (!diagnostics) return [];
  const { moments } = diagnostics;
  return [
    '',
    `${diagnostics.chains} chains of ${diagnostics.measurements} measurements, one every ${diagnostics.sweepsBetween} sweeps${diagnostics.agree ? '' : ', which disagree'}`,
    ...table([
      ['', 'τ in sweeps', 'effective samples', 'split R̂'],
      ...Object.entries(moments).map(([name, one]) =>
        one
          ? [
              momentSymbol(name),
              withError(one.autocorrelationTime, one.autocorrelationTimeError),
              one.effectiveSamples.toFixed(0),
              one.splitRHat.toFixed(3),
            ]
          : [momentSymbol(name), '–', '–', '–'],
      ),
    ]),
  ];
}

function estimate(file: FitFile, name: string): string {
  const { value, error: known, withheld } = shownEstimate(file, name);
  if (withheld !== null) return `${value} (${noError})`;
  return known === null ? value : `${value} ± ${known}`;
}

function error(errors: FitFile['standardError'], name: string): number | null {
  const value = errors?.[name];
  return typeof value === 'number' ? value : null;
}

function short(value: number | null): string {
  return value === null ? '–' : errorAlone(value);
}

/** Columns padded to their widest cell. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return rows.map((row) =>
    row
      .map((cell, c) => cell.padEnd(widths[c]))
      .join('   ')
      .trimEnd(),
  );
}
