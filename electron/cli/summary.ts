import type { FitFile } from '../../shared/protocol/fit-file.ts';
import { withError } from './rounding.ts';

/** A fit's result as a table that a person reads. */
export function summary(file: FitFile): string {
  const { model, data } = file;
  const lines = [
    `${data.images} configurations of ${model.rows} × ${model.cols} (${model.boundary} edges)`,
    `data     b̄ = ${data.bondMean.toFixed(4)}   m̄ = ${data.magnetization.toFixed(4)}`,
    `method   ${file.method}, seed ${file.seed}, ${file.seconds.toFixed(2)} s`,
    '',
    ...table([
      ['', 'estimate ± standard error', 'sandwich', 'Monte-Carlo'],
      ...Object.keys(file.estimate).map((name) => [
        name === 'hPerSite' ? 'h/n' : name,
        estimate(file, name),
        short(error(file.sandwichError, name)),
        short(error(file.monteCarloError, name)),
      ]),
    ]),
  ];
  if (file.logLikelihoodPerImage !== null) {
    lines.push('', `log-likelihood per image ${file.logLikelihoodPerImage.toFixed(4)}`);
  }
  if (!file.exists) lines.push('', 'No finite estimate exists for these data.');
  else if (!file.converged) lines.push('', 'The fit has not converged.');
  for (const warning of file.warnings) lines.push(`! ${warning}`);
  return `${lines.join('\n')}\n`;
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
  return value === null ? '–' : String(Number(value.toPrecision(2)));
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
