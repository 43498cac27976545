/** Entries of the table. */
export const gapEntries = 1024;

/** The last entry stands for all gaps from here on: so many updates pass, and the gap is drawn on. */
export const longestGap = gapEntries - 1;

/** Random words a cell: 2³² in all. */
const room = 2 ** 32 / gapEntries;

/** What was made before: a step of a fit sets parameters anew, and ε takes few values. */
const tables = new Map<number, Uint32Array>();

/**
 * How many updates lie before the next that is drawn anew, P(gap = j) = ε (1 − ε)^j, as a table that one look-up
 * turns a random word of 32 bits into a gap with, exactly to 2⁻³² a gap: the upper ten bits choose a cell, and the
 * lower 22 whether they are below its bound, and the gap is the cell's number, or not, and it is its other gap.
 * An entry holds the bound in its upper 22 bits and the other gap in its lower ten.
 *
 * Source: A. J. Walker, ACM Trans. Math. Softw. 3, 253 (1977); the order is M. D. Vose's, IEEE Trans. Softw. Eng. 17,
 * 972 (1991).
 *
 * @returns a table that is shared and must not be written to
 */
export function gapTable(epsilon: number): Uint32Array {
  const known = tables.get(epsilon);
  if (known) return known;
  const table = makeGapTable(epsilon);
  tables.set(epsilon, table);
  return table;
}

function makeGapTable(epsilon: number): Uint32Array {
  // the words of each gap, rounded so that those of all gaps from any j on are right to one
  const words = new Float64Array(gapEntries);
  let atLeast = 2 ** 32;
  for (let gap = 0; gap < longestGap; gap++) {
    const more = Math.round(2 ** 32 * (1 - epsilon) ** (gap + 1));
    words[gap] = atLeast - more;
    atLeast = more;
  }
  words[longestGap] = atLeast;
  const table = new Uint32Array(gapEntries);
  const all = Array.from(words.keys());
  const few = all.filter((gap) => words[gap] < room);
  const many = all.filter((gap) => words[gap] >= room);
  // a gap of few words leaves the rest of its cell to one of many, which has fewer then
  for (let gap = few.pop(); gap !== undefined; gap = few.pop()) {
    const other = many[many.length - 1];
    table[gap] = words[gap] * gapEntries + other;
    words[other] -= room - words[gap];
    if (words[other] < room) few.push(many.pop() as number);
  }
  // whose cell is full is itself the other
  for (const gap of many) table[gap] = gap;
  return table;
}
