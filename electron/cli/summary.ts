import { conversion } from '../../shared/ising/conventions.ts';
import { roundToError, withError } from '../../shared/ising/rounding.ts';
import type { FitFile } from '../../shared/protocol/fit-file.ts';
import { priorWidths } from '../../shared/protocol/prior-words.ts';
import { configurations } from './output.ts';

/** A fit's result as a table that a person reads. */
export function summary(file: FitFile): string {
  const { model, data } = file;
  const lines = [
    `${configurations(data.images)}${effectively(data)} of ${model.rows} × ${model.cols} (${model.boundary} edges)`,
    `data     b̄ = ${data.bondMean.toFixed(4)}   m̄ = ${data.magnetization.toFixed(4)}`,
    `method   ${file.method}, seed ${file.seed}, ${file.seconds.toFixed(2)} s`,
    ...(file.methodReason ? [`         ${file.methodReason}`] : []),
    ...(file.prior ? [`prior    Gaussian about 0 of width ${priorWidths(file.prior)}`] : []),
    ...(file.sampler ? [`sampler  ${file.sampler}`] : []),
    '',
    ...table([
      ['', 'estimate ± standard error', 'sandwich', 'bootstrap', 'Monte-Carlo'],
      ...Object.keys(file.estimate).map((name) => [
        name === 'hPerSite' ? 'h/n' : name,
        estimate(file, name),
        short(error(file.sandwichError, name)),
        short(file.bootstrap?.error[name] ?? null),
        short(error(file.monteCarloError, name)),
      ]),
    ]),
  ];
  lines.push(...resampled(file), ...profile(file), ...otherConventions(file), ...chains(file));
  if (file.logLikelihoodPerImage !== null) {
    lines.push('', `log-likelihood per image ${file.logLikelihoodPerImage.toFixed(4)}`);
  }
  if (file.check) lines.push('', ...checkLines(file.check));
  if (!file.exists) lines.push('', 'No finite estimate exists for these data.');
  else if (!file.converged) lines.push('', 'The fit has not converged.');
  for (const warning of file.warnings) lines.push(`! ${warning}`);
  return `${lines.join('\n')}\n`;
}

/** How many independent images those of a sequence are worth, by moment. */
function effectively({ images, effectiveImages, effectiveImagesEach }: FitFile['data']): string {
  if (effectiveImages === images) return '';
  const each = Object.entries(effectiveImagesEach ?? {}).map(
    ([moment, effective]) => `${effective.toPrecision(3)} in ${moment}`,
  );
  return ` (effectively ${each.length > 0 ? each.join(', ') : effectiveImages.toPrecision(3)})`;
}

/** What the bootstrap resampled. */
function resampled({ bootstrap }: FitFile): string[] {
  if (!bootstrap) return [];
  const { unit, block, replicates, solvedBy } = bootstrap;
  const what =
    unit === 'tiles'
      ? `tiles of ${block.join(' × ')}`
      : block[0] === 1
        ? 'images'
        : `runs of ${block[0]} images`;
  return [`bootstrap: ${replicates} sets of ${what}, ${solvedBy}`];
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
        name === 'hPerSite' ? 'h/n' : name,
        ...[profile.interval68, profile.interval95].map((interval) =>
          (interval[name] ?? [null, null]).map((value) => end(value, name)).join(' … '),
        ),
      ]),
    ]),
  ];
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
  findings,
  evidence,
  position,
  warnings,
}: NonNullable<FitFile['check']>) {
  const differing = findings
    .filter(({ verdict }) => verdict === 'differs')
    .sort((a, b) => Math.abs(b.z) - Math.abs(a.z));
  // the sentence has named the farthest
  const others = differing.filter((f) => !sentence.includes(f.sentence));
  const shown = others.slice(0, 5);
  const { bitsPerPixel, bitsPerPixelError, independentBitsPerPixel, aic, bic } = evidence;
  const rest = others.length - shown.length;
  return [
    `check    ${sentence}`,
    ...shown.map((f) => `         ${f.sentence}`),
    ...(rest > 0 ? [`         ${rest} more in the fit file.`] : []),
    `         ${withError(bitsPerPixel, bitsPerPixelError)} bits per pixel (independent pixels ${independentBitsPerPixel.toFixed(4)}), AIC ${aic.toFixed(1)}, BIC ${bic.toFixed(1)}`,
    `         ${position.sentence}`,
    ...warnings.map((warning) => `! ${warning}`),
  ];
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
              name,
              withError(one.autocorrelationTime, one.autocorrelationTimeError),
              one.effectiveSamples.toFixed(0),
              one.splitRHat.toFixed(3),
            ]
          : [name, '–', '–', '–'],
      ),
    ]),
  ];
}

function estimate(file: FitFile, name: string): string {
  const value = file.estimate[name];
  if (typeof value !== 'number') return '–';
  return withError(value, error(file.standardError, name));
}

function error(errors: FitFile['standardError'], name: string): number | null {
  const value = errors?.[name];
  return typeof value === 'number' ? value : null;
}

function short(value: number | null): string {
  return value === null ? '–' : roundToError(value, value).value;
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
