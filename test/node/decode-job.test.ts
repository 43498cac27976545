import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runDecodeJob } from '../../electron/node/decode/decode-job.ts';
import { npyFile } from '../../shared/data/arrays/npy.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-decode-job-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a decode job', () => {
  const side = 64;
  const spins = side * side;
  it.each([
    ['a.npy', npyFile('|u1', [side, side], new Uint8Array(spins).fill(1))],
    ['b.pbm', Buffer.concat([Buffer.from(`P4\n${side} ${side}\n`), Buffer.alloc(spins / 8, 0x5a)])],
    ['c.csv', Buffer.from(`${new Array(side).fill(1).join()}\n`.repeat(side))],
  ])('asks for time by the spins that %s may hold, however dense they lie', async (name, bytes) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    const told: number[] = [];
    await runDecodeJob({ path, count: true }, (megapixels) => told.push(megapixels));
    expect(told).toHaveLength(1);
    expect(told[0] * 1e6).toBeGreaterThanOrEqual(spins);
  });
});
