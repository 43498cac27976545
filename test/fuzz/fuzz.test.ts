import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';
import { type Reader, readers } from './readers.ts';

const scratch = mkdtempSync(join(tmpdir(), 'isinglass-fuzz-'));
const empty = join(scratch, 'empty');
mkdirSync(empty);
afterAll(() => rmSync(scratch, { recursive: true }));
const all = readers(fileURLToPath(new URL('../fixtures', import.meta.url)), scratch);

describe('damaged files', () => {
  it.each(Object.keys(all))('never hurt the reader %s', async (name) => {
    const { findings, refused } = await fuzz(all[name], 150, 20, empty);
    expect(findings.map(({ what }) => what)).toEqual([]);
    expect(refused).toBeGreaterThan(50);
  });

  it('are found out where a reader is weak', async () => {
    const seeds = async () => [Buffer.from('{"a": 1}')];
    const refuses = (error: unknown) => error instanceof SyntaxError;
    const weak: Reader[] = [
      { seeds, refuses: () => false, read: (bytes) => JSON.parse(bytes.toString()) },
      {
        seeds,
        refuses,
        // the sound seed does no harm
        read: (bytes) =>
          bytes.toString() === '{"a": 1}' || Object.assign(Object.prototype, { fuzz: 1 }),
      },
    ];
    for (const reader of weak) {
      const { findings } = await fuzz(reader, 50, 1, empty);
      Reflect.deleteProperty(Object.prototype, 'fuzz');
      expect(findings).not.toEqual([]);
    }
  });
});
