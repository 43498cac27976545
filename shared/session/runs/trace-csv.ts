import type { Trace } from '../../inference/trace.ts';

/**
 * A trace as CSV with full precision: `step`, then for every parameter its value, the model's moment
 * T/extent that the step was made from (`moment_J`), and that moment's standard error (`noise_J`).
 */
export function traceCsv(parameters: readonly string[], trace: Trace): string {
  const columns = ['', 'moment_', 'noise_'].flatMap((kind) =>
    parameters.map((name) => kind + name),
  );
  const lines = [['step', ...columns].join()];
  for (let row = 0; row < trace.rows; row++) lines.push(trace.slice(row, row + 1).join());
  return `${lines.join('\n')}\n`;
}
