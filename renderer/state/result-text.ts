import { notesField } from '../../shared/models/names.ts';
import type { FitResult } from '../../shared/protocol/runs.ts';
import { edgeNames, methodNames, nameOf } from './option-names.ts';
import { ownConvention, quantities } from './quantities.ts';
import { counted, fixed } from './text.ts';

/** A result as plain text for the clipboard, in the program's own convention. */
export function resultText(result: FitResult): string {
  const { model, data } = result;
  const line = (convention: typeof ownConvention, only?: string) =>
    quantities(result, convention)
      .filter(({ parameter }) => only === undefined || parameter === only)
      .map(({ symbol, text }) => `${symbol} = ${text}`);
  return [
    ...line(ownConvention),
    ...line({ ...ownConvention, field: 'per-site' }, notesField),
    `${counted(data.images, 'image')} of ${model.rows} × ${model.cols}, ${nameOf(edgeNames, model.boundary)}, b̄ = ${fixed(data.bondMean, 4)}, m̄ = ${fixed(data.magnetization, 4)}`,
    `${nameOf(methodNames, result.method)}, seed ${result.seed}${result.converged ? '' : ', not converged'}${result.exists ? '' : ', no finite estimate exists'}`,
    model.convention,
    ...result.warnings.map((warning) => `! ${warning}`),
    '',
  ].join('\n');
}
