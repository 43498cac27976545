/** A piece of words: as it stands, with a bar over it (a mean), or below the line (an index). */
export interface Piece {
  readonly text: string;
  readonly style: 'plain' | 'bar' | 'low';
}

/**
 * A letter and U+0304, whose mark fonts place badly over tall letters; the index of `Jx`, `J2`, `J_c`, `b_x` and `η_01`.
 * A file's name as `J2.png` stays as it is.
 */
const marked =
  /(.\u0304|(?<=\bJ)_?(?:[xyc]|\d{1,2})(?![\p{L}\p{N}]|\.\p{L})|(?<=(?:\bb|[ηφ])\u0304?)_(?:[xy]|\d{1,2})(?![\p{L}\p{N}]))/u;

/** Words as the field writes them, whose symbols are plain text in files and sentences. */
export function pieces(words: string): Piece[] {
  const all = words.split(marked).map((text, k): Piece => {
    if (k % 2 === 0) return { text, style: 'plain' };
    return text.endsWith('\u0304')
      ? { text: text.slice(0, -1), style: 'bar' }
      : { text: text.replace('_', ''), style: 'low' };
  });
  return all.filter(({ text }) => text !== '');
}
