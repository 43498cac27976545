import { maxSpins } from '../image/options.ts';
import { PictureError } from '../image/picture-error.ts';

/** Configurations read from an array: windows × (rows·cols) spins ±1. */
export interface ArraySpins {
  readonly rows: number;
  readonly cols: number;
  readonly windows: number;
  readonly spins: Int8Array;
  /** Whether the file names its columns. */
  readonly hasNames?: boolean;
  /** Sentences about how the file was understood. */
  readonly warnings?: readonly string[];
}

/** @throws PictureError `empty` or `tooLarge` for a shape that gives no usable lattice */
export function checkShape(windows: number, rows: number, cols: number): void {
  if (windows < 1 || rows < 1 || cols < 1 || rows * cols < 2) {
    throw new PictureError(
      'empty',
      `The array holds ${windows} configurations of ${rows} × ${cols}: a lattice needs at least two sites.`,
    );
  }
  if (windows * rows * cols > maxSpins) {
    throw new PictureError(
      'tooLarge',
      `The array holds ${windows} configurations of ${rows} × ${cols}, more than the ${maxSpins} spins that are accepted: divide it into several files.`,
    );
  }
}

/**
 * Spins from values that are all of {−1, 1}, all of {0, 1} or all of {0, 255}; the larger is +1.
 *
 * @param value the value of configuration, row and column k in row-major order
 * @throws PictureError `unsupported` naming the first value that does not fit (counted from 1)
 */
export function spinsFromValues(
  windows: number,
  rows: number,
  cols: number,
  value: (k: number) => number,
): ArraySpins {
  checkShape(windows, rows, cols);
  const spins = new Int8Array(windows * rows * cols);
  // the dark and the bright value as soon as they are known
  let dark: number | null = null;
  let bright: number | null = null;
  for (let k = 0; k < spins.length; k++) {
    const v = value(k);
    if (v === dark) spins[k] = -1;
    else if (v === bright) spins[k] = 1;
    else if ((v === 0 || (v === -1 && bright !== 255)) && dark === null) {
      dark = v;
      spins[k] = -1;
    } else if ((v === 1 || (v === 255 && dark !== -1)) && bright === null) {
      bright = v;
      spins[k] = 1;
    } else {
      const before = [dark, bright].filter((seen) => seen !== null).join(' and ');
      const site = k % (rows * cols);
      throw new PictureError(
        'unsupported',
        `The value ${v} at configuration ${Math.floor(k / (rows * cols)) + 1}, row ${Math.floor(site / cols) + 1}, column ${(site % cols) + 1} does not fit${before && ` with the ${before} before it`}: spins are {−1, 1}, {0, 1} or {0, 255} throughout.`,
      );
    }
  }
  return { rows, cols, windows, spins };
}
