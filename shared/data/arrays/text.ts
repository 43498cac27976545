import { PictureError } from '../image/picture-error.ts';
import { type ArraySpins, spinsFromValues } from './array-spins.ts';
import { latinText } from './latin-text.ts';

/** Bytes of a text file as characters: UTF-16 where its mark says so, else one byte each, which numbers are. */
function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return latinText(bytes);
}

/**
 * Spins of a text file: one row of the lattice a line, values apart by commas, semicolons, tabs or
 * spaces, an empty line between configurations. Values are numbers in any notation, also with decimal
 * commas where something else is between them, or the words true and false. Comments (#, %) at the start
 * of lines, a line of column names, and a column of row names below an empty name are passed over.
 *
 * @throws PictureError naming the line where a row or a configuration has another length than the first
 */
export function readText(bytes: Uint8Array): ArraySpins {
  const values: number[] = [];
  const warnings: string[] = [];
  let [rows, cols, row, windows] = [0, 0, 0, 0];
  let header: readonly string[] | null = null;
  let named = false;
  let divided = false;
  const endConfiguration = (line: number) => {
    if (rows !== 0 && row !== rows) {
      throw ragged(
        `Configuration ${windows + 1}, which ends with line ${line}, and the first differ in rows, ${row} and ${rows}`,
      );
    }
    rows = row;
    row = 0;
    windows++;
  };
  const lines = splitLines(decodeText(bytes));
  for (const [number, line] of lines.entries()) {
    const trimmed = line.trim();
    if (/^[#%]/.test(trimmed)) continue;
    if (/^[\s,;]*$/.test(line)) {
      if (row > 0) {
        endConfiguration(number);
        divided ||= /^ *$/.test(line);
      }
      continue;
    }
    let cells = splitCells(line);
    if (header === null && values.length === 0 && isHeader(cells)) {
      header = cells;
      continue;
    }
    if (values.length === 0 && header !== null) {
      named = header[0] === '' || cells.length === header.length + 1;
      const rest = named ? ', and so is the column of row names' : '';
      warnings.push(`The line of column names is left out${rest}.`);
    }
    if (named) cells = cells.slice(1);
    if (cols !== 0 && cells.length !== cols) {
      throw ragged(
        `Line ${number + 1} and the first row differ in values, ${cells.length} and ${cols}`,
      );
    }
    cols = cells.length;
    row++;
    for (const [k, cell] of cells.entries()) values.push(parseCell(cell, number + 1, k + 1));
  }
  if (row > 0) endConfiguration(lines.length);
  // empty rows of a spreadsheet, which are lines of separators, divide no rows from each other
  if (rows === 1 && !divided) [rows, windows] = [windows, 1];
  const spins = spinsFromValues(windows, rows, cols, (k) => values[k]);
  if (header === null) return spins;
  // a line that only counts its columns is what programs write over any array
  const hasNames = header.some((cell) => cell !== '' && Number.isNaN(numberIn(cell)));
  return { ...spins, hasNames, warnings };
}

/** Windows programs write each line's end twice over: CR CR LF. */
function splitLines(text: string): string[] {
  return text.trimEnd().split(/\r*\n|\r/);
}

/** Values of a line, without quotes. */
function splitCells(line: string): string[] {
  const trimmed = line.replace(/^ +|\s+$/g, '');
  // commas are decimal where other separators are there, unless blanks follow them
  const decimal =
    trimmed.includes(',') &&
    (/[;\t]/.test(trimmed) || / /.test(trimmed)) &&
    trimmed.split(/[;\s]+/).every((cell) => /^[+-]?\d+,\d+$/.test(cell));
  const cells = decimal
    ? trimmed.split(/\s*;\s*|\s+/).map((cell) => cell.replace(',', '.'))
    : trimmed.split(/\s*[,;\t]\s*| +/);
  const quoted = trimmed.includes('"');
  return cells.map((cell) => (quoted ? cell.replace(/^"(.*)"$/, '$1') : cell).trim());
}

/** Whether a first line names columns: none of it is a value, or it counts them 0, 1, 2 … */
function isHeader(cells: readonly string[]): boolean {
  const names = cells.filter((cell) => cell !== '');
  if (names.length === 0) return false;
  if (names.every((cell) => Number.isNaN(numberIn(cell)))) return names.length > 1;
  return names.length > 2 && names.every((cell, k) => cell === String(k));
}

const words: Readonly<Record<string, number>> = { true: 1, false: 0 };

/** A value; NaN for what is none. */
function numberIn(cell: string): number {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell)) return Number(cell);
  return words[cell.toLowerCase()] ?? Number.NaN;
}

function ragged(what: string): PictureError {
  return new PictureError('corrupt', `${what}: all must be of one shape.`);
}

/** What nearly all cells are, which need no parsing. */
const usual = new Map([-1, 0, 1, 255].map((value) => [String(value), value]));

function parseCell(cell: string, line: number, column: number): number {
  const known = usual.get(cell);
  if (known !== undefined) return known;
  const value = numberIn(cell);
  const isRun = /^0\d/.test(cell) && !/[.e]/i.test(cell);
  if (!Number.isNaN(value) && !isRun) return value;
  const advice = isRun ? ': put a comma between digits; ' : ': ';
  throw new PictureError(
    'unsupported',
    `Line ${line}, value ${column} is “${cell.slice(0, 20)}”${advice}spins are {−1, 1}, {0, 1} or {0, 255}.`,
  );
}

/** Spins as text that `readText` reads: rows of −1 and 1 with commas, an empty line between configurations. */
export function writeText({ windows, rows, cols, spins }: ArraySpins): string {
  const lines: string[] = [];
  for (let k = 0; k < windows * rows; k++) {
    if (k > 0 && k % rows === 0) lines.push('');
    lines.push(spins.subarray(k * cols, (k + 1) * cols).join(','));
  }
  return `${lines.join('\n')}\n`;
}
