import { UnsuitableError } from '../failures.ts';
import { axisBondCount, axisBonds, axisProducts, type Lattice } from './lattice.ts';

/** A step from a site to another: so many rows down and columns to the right. (r, c) and (−r, −c) mean the same pairs. */
export type Offset = readonly [rows: number, cols: number];

/** The nearest neighbours along a row, and along a column. */
export const alongRow: Offset = [0, 1];
export const alongColumn: Offset = [1, 0];

/** Most offsets of one model. */
export const mostOffsets = 12;

/** (r, c) or (−r, −c), whichever goes down, or right within a row: the same pairs have the same spelling. */
export function canonical([rows, cols]: Offset): Offset {
  return rows > 0 || (rows === 0 && cols > 0) ? [rows, cols] : [0 - rows, 0 - cols];
}

export function sameOffset(a: Offset, b: Offset): boolean {
  const [[ra, ca], [rb, cb]] = [canonical(a), canonical(b)];
  return ra === rb && ca === cb;
}

/** As the command line spells it: `(1,-1)`. */
export function offsetText([rows, cols]: Offset): string {
  return `(${rows},${cols})`;
}

/**
 * Pairs {k, k + d} of one offset, each once, as consecutive flat indices. With free edges only those whose sites are
 * both on the lattice; on a torus all, where steps of half a side reach each pair from both of its ends.
 */
export function offsetBonds(l: Lattice, offset: Offset): Int32Array {
  if (sameOffset(offset, alongRow)) return axisBonds(l, 'horizontal');
  if (sameOffset(offset, alongColumn)) return axisBonds(l, 'vertical');
  const bonds = new Int32Array(2 * offsetBondCount(l, offset));
  let k = 0;
  forEachPair(l, offset, (i, j) => {
    bonds[k++] = i;
    bonds[k++] = j;
  });
  return bonds;
}

/** Number of pairs of one offset. */
export function offsetBondCount(l: Lattice, offset: Offset): number {
  if (sameOffset(offset, alongRow)) return axisBondCount(l, 'horizontal');
  if (sameOffset(offset, alongColumn)) return axisBondCount(l, 'vertical');
  const [rows, cols] = canonical(offset);
  if (l.boundary === 'periodic') return (l.rows * l.cols) / (isOwnInverse(l, offset) ? 2 : 1);
  return Math.max(0, l.rows - rows) * Math.max(0, l.cols - Math.abs(cols));
}

/** Σ s_i s_j over the pairs of one offset, without a list. */
export function offsetProducts(l: Lattice, offset: Offset, spins: ArrayLike<number>): number {
  if (sameOffset(offset, alongRow)) return axisProducts(l, 'horizontal', spins);
  if (sameOffset(offset, alongColumn)) return axisProducts(l, 'vertical', spins);
  let sum = 0;
  forEachPair(l, offset, (i, j) => {
    sum += spins[i] * spins[j];
  });
  return sum;
}

function forEachPair(l: Lattice, offset: Offset, take: (i: number, j: number) => void): void {
  const [dr, dc] = canonical(offset);
  const wraps = l.boundary === 'periodic';
  const halves = wraps && isOwnInverse(l, offset);
  for (let row = 0; row < l.rows; row++) {
    const other = row + dr;
    if (!wraps && other >= l.rows) break;
    const start = (other % l.rows) * l.cols;
    for (let col = 0; col < l.cols; col++) {
      const column = col + dc;
      if (!wraps && (column < 0 || column >= l.cols)) continue;
      const i = row * l.cols + col;
      const j = start + modulo(column, l.cols);
      if (!halves || i < j) take(i, j);
    }
  }
}

/** Whether two steps lead back to the start, so that the step from either end of a pair is the same. */
function isOwnInverse(l: Lattice, [rows, cols]: Offset): boolean {
  return modulo(2 * rows, l.rows) === 0 && modulo(2 * cols, l.cols) === 0;
}

function modulo(value: number, side: number): number {
  return ((value % side) + side) % side;
}

/**
 * Checks classes of offsets against a lattice.
 *
 * @throws UnsuitableError if there are no offsets or too many, one is no pair of whole numbers, joins a site to itself,
 * has no pairs on this lattice, or names the same pairs as another one
 */
export function checkOffsets(l: Lattice, classes: readonly (readonly Offset[])[]): void {
  const all = classes.flat();
  if (classes.length === 0 || classes.some((offsets) => offsets.length === 0)) {
    throw new UnsuitableError(
      'The model neighbourhood needs at least one offset in every class, such as (0,1)(1,0);(1,1)(1,-1).',
    );
  }
  if (all.length > mostOffsets) {
    throw new UnsuitableError(
      `The model neighbourhood takes ${mostOffsets} offsets at most, not ${all.length}.`,
    );
  }
  const lattice = `a ${l.boundary === 'periodic' ? 'torus' : 'lattice'} of ${l.rows} × ${l.cols}`;
  const seen = new Map<string, Offset>();
  for (const offset of all) {
    if (!offset.every(Number.isInteger)) {
      throw new UnsuitableError(`An offset is two whole numbers, not ${offsetText(offset)}.`);
    }
    if (
      modulo(offset[0], l.rows) === 0 &&
      modulo(offset[1], l.cols) === 0 &&
      joinsItself(l, offset)
    ) {
      throw new UnsuitableError(
        `The offset ${offsetText(offset)} joins every site to itself on ${lattice}: leave it out.`,
      );
    }
    if (offsetBondCount(l, offset) === 0) {
      throw new UnsuitableError(
        `The offset ${offsetText(offset)} reaches beyond ${lattice}, so that nothing is known of its coupling: leave it out.`,
      );
    }
    const key = pairsKey(l, offset);
    const other = seen.get(key);
    if (other) {
      throw new UnsuitableError(
        `The offsets ${offsetText(other)} and ${offsetText(offset)} join the same sites on ${lattice}: leave one out.`,
      );
    }
    seen.set(key, offset);
  }
}

function joinsItself(l: Lattice, [rows, cols]: Offset): boolean {
  return l.boundary === 'periodic' || (rows === 0 && cols === 0);
}

/** The same text for offsets that name the same pairs. */
function pairsKey(l: Lattice, offset: Offset): string {
  const [rows, cols] = canonical(offset);
  if (l.boundary === 'free') return `${rows} ${cols}`;
  const there = [modulo(rows, l.rows), modulo(cols, l.cols)];
  const back = [modulo(-rows, l.rows), modulo(-cols, l.cols)];
  return [there.join(' '), back.join(' ')].sort()[0];
}

/** Classes of offsets as text has them, `(0,1)(1,0);(1,1)(1,-1)`, blanks anywhere; null where it is not of that form. */
export function parseOffsets(text: string): Offset[][] | null {
  const classes = text.replace(/\s/g, '').split(';');
  const parsed = classes.map((part) => {
    if (!/^(\(-?\d{1,5},-?\d{1,5}\),?)+$/.test(part)) return null;
    return [...part.matchAll(/\((-?\d+),(-?\d+)\)/g)].map(
      ([, rows, cols]): Offset => [Number(rows), Number(cols)],
    );
  });
  return parsed.every((offsets) => offsets !== null) ? parsed : null;
}
