import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodePicture } from '../../electron/node/decode/decoders/decode.ts';
import {
  writeSpinsNpy,
  writeSpinsPng,
  writeSpinsText,
} from '../../electron/node/decode/spin-files.ts';
import { writeAtomically } from '../../electron/node/system/atomic.ts';
import { readNpy } from '../../shared/data/arrays/npy.ts';
import { readText } from '../../shared/data/arrays/text.ts';
import { defaultPreparation } from '../../shared/data/image/options.ts';
import { prepare } from '../../shared/data/image/prepare.ts';
import { folderOf } from './folder.ts';

const spins = Int8Array.from({ length: 63 }, (_, k) => ((k * k) % 5 < 2 ? 1 : -1));

describe('spin files', () => {
  it('come back as the same spins', async () => {
    const folder = folderOf({});
    const data = { windows: 1, rows: 7, cols: 9, spins };
    await writeSpinsPng(join(folder, 'a.png'), 7, 9, spins);
    await writeSpinsNpy(join(folder, 'a.npy'), data);
    await writeSpinsText(join(folder, 'a.csv'), data);
    const { image } = await decodePicture(readFileSync(join(folder, 'a.png')), 'png');
    expect(new Set(image.data)).toEqual(new Set([0, 255]));
    expect(prepare(image, defaultPreparation).spins).toEqual(spins);
    expect(readNpy(readFileSync(join(folder, 'a.npy')))).toEqual(data);
    expect(readText(readFileSync(join(folder, 'a.csv')))).toEqual(data);
    // all spins equal leave a picture of one colour
    for (const value of [1, -1]) {
      await writeSpinsPng(join(folder, 'b.png'), 7, 9, new Int8Array(63).fill(value));
      const one = await decodePicture(readFileSync(join(folder, 'b.png')), 'png');
      expect(new Set(one.image.data)).toEqual(new Set([value === 1 ? 255 : 0]));
    }
  });

  it('are written whole or not at all', async () => {
    const folder = folderOf({ 'old.txt': 'old', 'sub/x': '' });
    await writeAtomically(join(folder, 'old.txt'), 'new');
    expect(readFileSync(join(folder, 'old.txt'), 'utf8')).toBe('new');
    const missing = join(folder, 'no', 'a.txt');
    await expect(writeAtomically(missing, 'x')).rejects.toThrow(
      `${missing} cannot be written: there is no such file or folder.`,
    );
    await expect(writeAtomically(join(folder, 'sub'), 'x')).rejects.toMatchObject({
      kind: 'unwritable',
    });
    expect(readdirSync(folder).sort()).toEqual(['old.txt', 'sub']);
  });
});
