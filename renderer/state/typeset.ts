/** A piece of words: as it stands, with a bar over it (a mean), or below the line (an index). */
export interface Piece {
  readonly text: string;
  readonly style: 'plain' | 'bar' | 'low';
}

/** A letter and U+0304, whose mark fonts place badly over tall letters; the index of `Jx`, `J_c` and `b_x`. */
const marked = /(.\u0304|(?<=\bJ)_?[xyc](?![\p{L}\p{N}])|(?<=\bb\u0304?)_[xy](?![\p{L}\p{N}]))/u;

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
