/** Levels that files of this program may nest: what they hold goes to the window, whose messages bear 64. */
const deepest = 32;

/**
 * Parses JSON that somebody else may have written.
 *
 * @throws SyntaxError where it is none, nests too deeply, or holds a name that reaches the prototype of all objects
 */
export function parseJson(text: string): unknown {
  checkDepth(text);
  // looking at every name takes several times as long, and hardly any file could hold this one
  if (!/__proto__|\\u005f/i.test(text)) return JSON.parse(text);
  return JSON.parse(text, (key, value) => {
    if (key === '__proto__') throw new SyntaxError('No file of this program has such a name.');
    return value;
  });
}

function checkDepth(text: string): void {
  let depth = 0;
  for (let k = 0; k < text.length; k++) {
    const mark = text[k];
    if (mark === '"') k = endOfString(text, k);
    else if (mark === '[' || mark === '{') depth++;
    else if (mark === ']' || mark === '}') depth--;
    if (depth > deepest) throw new SyntaxError(`It nests deeper than ${deepest} levels.`);
  }
}

/** Place of the quotation mark that ends the string begun at `start`. */
function endOfString(text: string, start: number): number {
  let k = start + 1;
  while (k < text.length && text[k] !== '"') k += text[k] === '\\' ? 2 : 1;
  return k;
}
