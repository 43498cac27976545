import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Uploads } from '../../electron/loopback/uploads.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isinglass-uploads-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A request that sends these chunks, and announces their length or another one. */
function sending(chunks: readonly string[], announced?: number): IncomingMessage {
  const length = announced === undefined ? {} : { 'content-length': String(announced) };
  return Object.assign(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), {
    headers: length,
  }) as unknown as IncomingMessage;
}

describe('uploads', () => {
  it('keep what was sent, wherever its name would lead', async () => {
    const uploads = new Uploads(() => folder, { file: 1000, total: 10_000 });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (name) => {
        const id = await uploads.receive(sending(['ab', 'c']), `../../${name}`).catch(() => null);
        if (id === null) return;
        const [file] = uploads.find([id]);
        expect(dirname(dirname(file.path))).toBe(folder);
        expect(basename(file.path)).toBe(file.name);
        expect(readFileSync(file.path, 'utf8')).toBe('abc');
      }),
      { numRuns: 50 },
    );
  });

  it('are kept apart when they come at once', async () => {
    const uploads = new Uploads(() => folder, { file: 1000, total: 10_000 });
    const names = Array.from({ length: 8 }, (_, k) => `${k}.png`);
    const ids = await Promise.all(names.map((name) => uploads.receive(sending([name]), name)));
    const files = uploads.find(ids);
    expect(files.map(({ name }) => name)).toEqual(names);
    expect(files.map(({ path }) => readFileSync(path, 'utf8'))).toEqual(names);
  });

  it('end as soon as they are larger than accepted, and leave nothing', async () => {
    const uploads = new Uploads(() => folder, { file: 5, total: 8 });
    await expect(uploads.receive(sending(['abc', 'def', 'g']), 'x.png')).rejects.toThrow(/larger/);
    await expect(uploads.receive(sending([], 9), 'x.png')).rejects.toThrow(/larger/);
    expect(readdirSync(folder)).toEqual([]);
    expect(uploads.find(['1'])).toEqual([]);
    // what was thrown away does not count against the sum
    await uploads.receive(sending(['abcde']), 'x.png');
    await expect(uploads.receive(sending(['abcd']), 'y.png')).rejects.toThrow(/have been uploaded/);
    expect(uploads.find(['1', '2', '3', '4']).filter(({ path }) => existsSync(path))).toHaveLength(
      1,
    );
  });
});
