import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { startFitThread } from '../../electron/node/threads/fit-thread.ts';
import type { FitEvent, FitTask } from '../../shared/protocol/fit-thread.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-thread-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('fails only when all that its thread had told was heard', async () => {
  const entry = join(folder, 'throws.mjs');
  const told = 50;
  writeFileSync(
    entry,
    `import { parentPort } from 'node:worker_threads';
     const rows = new Float64Array(10_000);
     for (let k = 0; k < ${told}; k++) parentPort.postMessage({ kind: 'report', rows });
     throw new Error('broken');`,
  );
  // a race: without the care that is taken, some of 20 lose it
  for (let attempt = 0; attempt < 20; attempt++) {
    const heard: FitEvent[] = [];
    const { ended } = startFitThread(pathToFileURL(entry), {} as FitTask, (event) => {
      heard.push(event);
    });
    await expect(ended).rejects.toThrow('broken');
    expect(heard).toHaveLength(told);
  }
});
