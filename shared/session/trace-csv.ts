import type { Trace } from '../ising/fit/trace.ts';

/**
 * A trace as CSV with full precision: `step`, then for every parameter its value, the model's moment
 * T/extent that the step was made from (`moment_J`), and that moment's standard error (`noise_J`).
 */
export function traceCsv(parameters: readonly string[], trace: Trace): string {
  const columns = ['', 'moment_', 'noise_'].flatMap((kind) =>
    parameters.map((name) => kind + name),
  );
  const lines = [['step', ...columns].join()];
  const width = 1 + 3 * trace.p;
  const table = trace.slice();
  for (let row = 0; row < table.length; row += width) {
    lines.push(table.subarray(row, row + width).join());
  }
  return `${lines.join('\n')}\n`;
}
