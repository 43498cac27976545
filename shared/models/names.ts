import type { Statistic } from './contract.ts';
import { alongColumn, alongRow, offsetText, sameOffset } from './lattice/offsets.ts';

/** The notes' field: the one parameter that every site feels by 1/n, so that it has a value per site beside its own. */
export const notesField = 'h';

/** What fit files call the notes' field per site. */
export const fieldPerSite = 'hPerSite';

/**
 * What fit files call the mean that is conjugate to a parameter: `bondMean` (J), `bondMeanX` (Jx), `bondMean2` (J2),
 * `magnetization` (h), `fieldMean01` (eta01).
 */
export function momentName(parameter: string): string {
  if (parameter === notesField) return 'magnetization';
  if (parameter.startsWith('eta')) return `fieldMean${parameter.slice(3)}`;
  return `bondMean${parameter.slice(1).toUpperCase()}`;
}

/** The same in words. */
export function momentWord(parameter: string): string {
  if (parameter === notesField) return 'magnetization';
  if (parameter.startsWith('eta')) return `mean spin under ${parameter}`;
  return parameter === 'J' ? 'bond mean' : `bond mean of ${parameter}`;
}

/** What a statistic adds to the exponent: `J Σ_<ij> s_i s_j`, `J2 Σ_(1,1)(1,-1) s_i s_j`, `h/n Σ_i s_i`. */
export function term({ parameter, structure }: Statistic): string {
  switch (structure.kind) {
    case 'uniform-field':
      return `${parameter}/n Σ_i s_i`;
    case 'site-field':
      return `${parameter} Σ_i P${parameter.slice(3).split('').join('P')}(i) s_i`;
    case 'bonds':
      return `${parameter} Σ s_i s_j`;
    case 'offsets': {
      const { offsets } = structure;
      const row = offsets.some((offset) => sameOffset(offset, alongRow));
      const column = offsets.some((offset) => sameOffset(offset, alongColumn));
      const nearest = [row, column].filter(Boolean).length === offsets.length;
      const pairs = !nearest
        ? offsets.map(offsetText).join('')
        : row && column
          ? '<ij>'
          : row
            ? 'rows'
            : 'columns';
      return `${parameter} Σ_${pairs} s_i s_j`;
    }
  }
}

/** Whether a parameter is a field's, by its name. */
export function isFieldName(parameter: string): boolean {
  return parameter === notesField || parameter.startsWith('eta');
}

/** A parameter as the field writes it, an index behind `_` or as it is customary: `J`, `Jx`, `J2`, `h`, `η_01`. */
export function symbol(parameter: string): string {
  return parameter.replace(/^eta/, 'η_');
}

/** The letter of the mean that is conjugate to a parameter: `b`, `b_x`, `b_2`, `m`, `φ_01`. */
export function momentLetter(parameter: string): string {
  if (parameter === notesField) return 'm';
  if (parameter.startsWith('eta')) return `φ_${parameter.slice(3)}`;
  const index = parameter.slice(1);
  return index === '' ? 'b' : `b_${index}`;
}
