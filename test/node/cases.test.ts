import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { onlyPicture, runDecodeJob } from '../../electron/node/decode/decode-job.ts';
import { defaultPreparation } from '../../shared/data/image/options.ts';

const folder = fileURLToPath(new URL('../fixtures/cases/', import.meta.url));
const cases = readFileSync(`${folder}cases.tsv`, 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t'));

/** Spins of a NumPy file of int8, read without the program's own reader. */
function expected(name: string): { rows: number; cols: number; spins: number[] } {
  const bytes = readFileSync(`${folder}${name}`);
  const begin = 10 + bytes.readUInt16LE(8);
  const [, rows, cols] = /\((\d+), (\d+), (\d+)\)/
    .exec(bytes.toString('latin1', 10, begin))
    ?.slice(1)
    .map(Number) ?? [0, 0, 0];
  return { rows, cols, spins: [...new Int8Array(bytes.subarray(begin))] };
}

async function read(file: string, lattice: string) {
  const [rows, cols] = lattice === '' ? [null, null] : lattice.split(' × ').map(Number);
  const job = { path: `${folder}${file}`, prepare: { ...defaultPreparation, rows, cols } };
  const result = await runDecodeJob(job, () => {});
  const { prepared, warnings: own } = onlyPicture(result);
  const others = result.frames > 1 ? ['others'] : [];
  const warnings = [...result.warnings, ...own, ...others];
  return {
    rows: prepared?.rows,
    cols: prepared?.cols,
    spins: [...(prepared?.spins ?? [])],
    says: warnings.length > 0,
  };
}

describe('files that programs of this kind stumble over', () => {
  for (const [file, lattice, outcome, sentence] of cases) {
    it(file, async () => {
      if (!/npy$|^-$/.test(outcome)) {
        const error = await read(file, lattice).catch((thrown) => thrown);
        expect(error).toMatchObject({ name: 'PictureError', kind: outcome });
        return;
      }
      const { says, ...spins } = await read(file, lattice);
      if (outcome !== '-') expect(spins).toEqual(expected(outcome));
      expect(says).toBe(sentence === 'yes');
    });
  }

  it('are called what they are', async () => {
    const said = async (file: string) => (await read(file, '').catch((thrown) => thrown)).message;
    expect(await said('33-pbm-variants/p-pam-bw.pam')).toMatch(/PAM/);
    expect(await said('41-npy-other-shapes/m-savez-named.npy')).toMatch(/\.npz/);
    expect(await said('21-png-foreign-chunks/a-cgbi-xcode.png')).toMatch(/CgBI/);
    expect(await said('41-npy-other-shapes/i-saved-twice.npy')).toMatch(/one array/);
  });

  it('are all here, and differ from what must come out where a spin is another', async () => {
    expect(cases).toHaveLength(115);
    const { spins } = await read('16-tiff-cmyk/a-cmyk8.tif', '');
    spins[100] = -spins[100];
    expect(spins).not.toEqual(expected('expected.npy').spins);
  });
});
