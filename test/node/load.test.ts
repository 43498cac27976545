import { createHash } from 'node:crypto';
import { readFileSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DecodePool } from '../../electron/node/decode/decode-pool.ts';
import { load } from '../../electron/node/decode/load.ts';
import { findSources } from '../../electron/node/decode/sources.ts';
import { writeNpy } from '../../shared/data/arrays/npy.ts';
import { defaultPreparation } from '../../shared/data/image/options.ts';
import { prepare } from '../../shared/data/image/prepare.ts';
import { folderOf } from './folder.ts';
import { png } from './picture-bytes.ts';

const pool = new DecodePool(new URL('../../dist/node/decode-worker.js', import.meta.url));
afterAll(() => pool.close());

/** Grey noise that is told by its number alone. */
const noise = (side: number, number: number) =>
  Array.from({ length: side }, (_, y) =>
    Array.from({ length: side }, (_, x) => (x * 89 + y * 57 + number * 31 + x * y * number) % 256),
  );
const grey = (side: number, number: number) =>
  png({ width: side, height: side, depth: 8, colour: 0, rows: noise(side, number) });
const preparation = { ...defaultPreparation, rows: 8, cols: 8 };

describe('sources', () => {
  it('gives folders in natural order, passes over and counts what promises nothing', async () => {
    const folder = folderOf({
      '10.png': '',
      '2.png': '',
      'inner/1.JPG': '',
      'notes.md': '',
      '.hidden.png': '',
      'a.npy': '',
    });
    symlinkSync(join(folder, '2.png'), join(folder, '3.png'));
    symlinkSync(folder, join(folder, 'circle.png'));
    const { files, skipped } = await findSources([folder, join(folder, 'notes.md')]);
    const names = files.map((file) => relative(folder, file).replaceAll('\\', '/'));
    expect(names).toEqual(['2.png', '3.png', '10.png', 'a.npy', 'inner/1.JPG', 'notes.md']);
    expect(skipped).toBe(3);
  });

  it('refuses what is missing, empty or no file', async () => {
    const folder = folderOf({ 'notes.md': '' });
    await expect(findSources([folder])).rejects.toMatchObject({ kind: 'empty' });
    await expect(findSources([join(folder, 'no.png')])).rejects.toMatchObject({
      kind: 'missing',
      message: `${join(folder, 'no.png')} cannot be read: there is no such file or folder.`,
    });
    await expect(findSources(['/dev/null'])).rejects.toThrow(/neither a file nor a folder|no such/);
  });
});

describe('load', () => {
  it('gives the spins that the pure pipeline gives, in the files’ order, with their hashes', async () => {
    const folder = folderOf(
      Object.fromEntries(Array.from({ length: 9 }, (_, k) => [`${k}.png`, grey(16, k)])),
    );
    const { files } = await findSources([folder]);
    const progress: number[] = [];
    const onProgress = (done: number, total: number) => progress.push(done, total);
    const loaded = await load(files, { preparation, pool, onProgress });
    expect(loaded.data).toMatchObject({ rows: 8, cols: 8, images: 9 });
    for (const [k, source] of loaded.sources.entries()) {
      const data = Uint8Array.from(noise(16, k).flat());
      const expected = prepare({ width: 16, height: 16, data, levels: 255 }, preparation);
      expect(loaded.data.spins.subarray(64 * k, 64 * k + 64)).toEqual(expected.spins);
      const sha256 = createHash('sha256').update(readFileSync(files[k])).digest('hex');
      expect(source).toEqual({ path: files[k], sha256, windows: 1 });
    }
    expect(progress).toEqual(Array.from({ length: 18 }, (_, k) => (k % 2 ? 9 : k / 2 + 1)));
    expect(loaded.failures).toEqual([]);
    expect(loaded.warnings).toEqual([]);
  });

  it('joins arrays and pictures, and reads the fit file’s preparation back', async () => {
    const spins = Int8Array.from({ length: 128 }, (_, k) => (k % 3 ? 1 : -1));
    const folder = folderOf({
      'a.npy': writeNpy({ windows: 2, rows: 8, cols: 8, spins }),
      'b.png': grey(8, 1),
    });
    const { files } = await findSources([folder]);
    const loaded = await load(files, { preparation: defaultPreparation, pool });
    expect(loaded.data.images).toBe(3);
    expect(loaded.data.spins.subarray(0, 128)).toEqual(spins);
    expect(loaded.preparation).toEqual(preparation);
    expect(loaded.sources.map(({ windows }) => windows)).toEqual([2, 1]);
  });

  it('throws the first failure, or collects all and leaves the others unharmed', async () => {
    const folder = folderOf({
      '1.png': grey(16, 1),
      '2.png': 'this is text and no picture',
      '3.png': grey(16, 3).subarray(0, 100),
      '4.png': png({ width: 30000, height: 30000, depth: 8, colour: 6, rows: [[]] }),
      '5.png': '',
      '6.npy': writeNpy({ windows: 1, rows: 4, cols: 4, spins: new Int8Array(16).fill(1) }),
      '7.png': grey(16, 7),
    });
    const { files } = await findSources([folder]);
    await expect(load(files, { preparation, pool })).rejects.toMatchObject({ kind: 'unsupported' });
    const loaded = await load(files, { preparation, pool, keepGoing: true });
    expect(loaded.sources.map(({ path }) => path)).toEqual([files[0], files[6]]);
    expect(loaded.failures.map(({ path }) => path)).toEqual(files.slice(1, 6));
    const sentences = [/none of PNG/, /truncated/, /30000 × 30000/, /is empty/, /4 × 4.*resized/];
    for (const [k, sentence] of sentences.entries()) {
      expect(loaded.failures[k].reason).toMatch(sentence);
      expect(loaded.failures[k].reason.startsWith(`${files[k + 1]}: `)).toBe(true);
    }
    const bad = files.slice(1, 3);
    await expect(load(bad, { preparation, pool, keepGoing: true })).rejects.toThrow(
      /None of 2 files/,
    );
  });

  it('refuses lattices of mixed shapes and names the way out', async () => {
    const folder = folderOf({ '1.png': grey(16, 1), '2.png': grey(20, 2) });
    const { files } = await findSources([folder]);
    const options = { preparation: defaultPreparation, pool };
    await expect(load(files, options)).rejects.toThrow(
      /2\.png: It gives a lattice of 20 × 20.*rows and of columns/,
    );
    const resized = await load(files, { preparation, pool });
    expect(resized.data.images).toBe(2);
    expect(resized.warnings.join()).toMatch(/another size in pixels/);
  });

  it('passes on that an option makes no sense, even when it keeps going', async () => {
    const folder = folderOf({ '1.png': grey(16, 1) });
    const senseless = { ...preparation, threshold: 999 };
    const options = { preparation: senseless, pool, keepGoing: true };
    await expect(load([join(folder, '1.png')], options)).rejects.toThrow(RangeError);
  });

  it('stops when it is told to', async () => {
    const folder = folderOf(
      Object.fromEntries(Array.from({ length: 20 }, (_, k) => [`${k}.png`, grey(16, k)])),
    );
    const { files } = await findSources([folder]);
    const stop = new AbortController();
    const reason = new Error('enough');
    let seen = 0;
    const onProgress = () => {
      if (++seen === 3) stop.abort(reason);
    };
    await expect(load(files, { preparation, pool, onProgress, signal: stop.signal })).rejects.toBe(
      reason,
    );
    expect(seen).toBe(3);
    // even decoders that are faster than the word
    const ready = await pool.run({ path: files[0], prepare: preparation });
    const instant = { size: 2, run: async () => ready };
    const late = new AbortController();
    seen = 0;
    const stopFirst = () => {
      seen++;
      late.abort(reason);
    };
    await expect(
      load(files, { preparation, pool: instant, onProgress: stopFirst, signal: late.signal }),
    ).rejects.toBe(reason);
    expect(seen).toBe(1);
    // the pool goes on with others
    expect((await load(files, { preparation, pool })).data.images).toBe(20);
  });

  it('takes all-black pictures, with a warning for all of them', async () => {
    const black = png({
      width: 8,
      height: 8,
      depth: 8,
      colour: 0,
      rows: new Array(8).fill(new Array(8).fill(0)),
    });
    const folder = folderOf({ '1.png': black, '2.png': black });
    const { files } = await findSources([folder]);
    const { data, warnings } = await load(files, { preparation, pool });
    expect(data.spins.every((s) => s === -1)).toBe(true);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^2 pictures, the first .*1\.png: All pixels are equal/);
  });
});
