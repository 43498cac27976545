import sharp from 'sharp';
import { writeNpy } from '../../../shared/data/arrays/npy.ts';
import { writeText } from '../../../shared/data/arrays/text.ts';
import { writeAtomically } from '../system/atomic.ts';
import type { Identities } from '../system/write-target.ts';

/** Configurations of one shape: windows × (rows·cols) spins ±1. */
interface Configurations {
  readonly rows: number;
  readonly cols: number;
  readonly windows: number;
  readonly spins: Int8Array;
}

/** One configuration as a PNG of one bit a pixel: +1 white, −1 black. */
export async function writeSpinsPng(
  path: string,
  rows: number,
  cols: number,
  spins: Int8Array,
  inputs?: Identities,
): Promise<void> {
  // not by `from`, which would list every value first
  const grey = new Uint8Array(spins.length);
  for (let k = 0; k < spins.length; k++) grey[k] = spins[k] === 1 ? 255 : 0;
  const png = await sharp(grey, { raw: { width: cols, height: rows, channels: 1 } })
    .png({ palette: true, colours: 2, dither: 0 })
    .toBuffer();
  await writeAtomically(path, png, { inputs });
}

/** All configurations as a NumPy file of int8, shape (windows, rows, cols). */
export async function writeSpinsNpy(
  path: string,
  spins: Configurations,
  inputs?: Identities,
): Promise<void> {
  await writeAtomically(path, writeNpy(spins), { inputs });
}

/** All configurations as text: rows of −1 and 1, an empty line between configurations. */
export async function writeSpinsText(path: string, spins: Configurations): Promise<void> {
  await writeAtomically(path, writeText(spins));
}
