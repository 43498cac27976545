import { PictureError } from '../picture-error.ts';
import { type ArraySpins, spinsFromValues } from './array-spins.ts';
import { latinText } from './latin-text.ts';

/**
 * Spins of a text file: one row of the lattice a line, values apart by commas, semicolons, tabs or
 * spaces, an empty line between configurations.
 *
 * @throws PictureError naming the line where a row or a configuration has another length than the first
 */
export function readText(bytes: Uint8Array): ArraySpins {
  const text = latinText(bytes);
  const values: number[] = [];
  let [rows, cols, row, windows] = [0, 0, 0, 0];
  // one more empty line ends the last configuration
  const lines = [...text.split(/\r\n|\r|\n/), ''];
  for (const [number, line] of lines.entries()) {
    const cells = line.trim() === '' ? [] : line.trim().split(/\s*[,;]\s*|\s+/);
    if (cells.length === 0 && row > 0) {
      if (rows !== 0 && row !== rows) {
        throw ragged(
          `Configuration ${windows + 1}, which ends with line ${number}, and the first differ in rows, ${row} and ${rows}`,
        );
      }
      rows = row;
      row = 0;
      windows++;
    } else if (cells.length > 0) {
      if (cols !== 0 && cells.length !== cols) {
        throw ragged(
          `Line ${number + 1} and the first row differ in values, ${cells.length} and ${cols}`,
        );
      }
      cols = cells.length;
      row++;
      for (const [k, cell] of cells.entries()) values.push(parseCell(cell, number + 1, k + 1));
    }
  }
  return spinsFromValues(windows, rows, cols, (k) => values[k]);
}

function ragged(what: string): PictureError {
  return new PictureError('corrupt', `${what}: all must be of one shape.`);
}

function parseCell(cell: string, line: number, column: number): number {
  if (/^[+-]?\d+(\.0*)?$/.test(cell)) return Number(cell);
  throw new PictureError(
    'unsupported',
    `Line ${line}, value ${column} is “${cell.slice(0, 20)}”: spins are {−1, 1}, {0, 1} or {0, 255}.`,
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
