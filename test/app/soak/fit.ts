import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { steadyMalloc } from '../../../build/steady-malloc.mjs';
import { defaultFitOptions } from '../../../shared/inference/options.ts';
import { end, serveCommand } from '../application.ts';
import { enter, hostOf } from '../client.ts';
import { memoryBetween, row, type Stretch, watchMemory } from './memory.ts';

/** Rows of the table, and the share by which the process may grow from its second row to the last. */
const stretches = 10;
const mostGrowth = 0.1;

/**
 * One fit by eq. (4) in the browser host, kept every seven seconds, with a window that listens. Its trace
 * keeps a bounded number of rows.
 *
 * @returns whether memory was flat
 */
export async function soakFit({ minutes, side }: { minutes: number; side: number }) {
  const home = mkdtempSync(join(tmpdir(), 'isinglass-soak-'));
  const record = join(home, 'memory.txt');
  watchMemory(record);
  // as `npm start` starts it
  Object.assign(process.env, steadyMalloc);
  const server = await serveCommand(home, []);
  try {
    const { host, close } = await hostOf(await enter(server.address));
    await host.data.synthetic({
      ...{ rows: side, cols: side, boundary: 'periodic', J: 0.3, h: 5 },
      ...{ count: 20, sweeps: 50, seed: 3 },
    });
    const { gradient } = defaultFitOptions;
    // so small a step size that the parameters never stop drifting
    await host.fit.start({
      options: {
        ...{ ...defaultFitOptions, boundary: 'periodic', method: 'gradient', seed: 1 },
        ...{ steps: 1e9, gradient: { ...gradient, alpha: [1e-9], sweepsPerStep: 4 } },
      },
      threads: 1,
    });
    row('minutes', 'steps', 'RSS', 'heap', 'external');
    row('---', '---', '---', '---', '---');
    const rows: Stretch[] = [];
    const begun = Date.now();
    for (let k = 1; k <= stretches; k++) {
      const from = Date.now();
      await setTimeout(begun + (k * minutes * 60_000) / stretches - from);
      const run = await host.fit.current();
      if (!run) throw new Error('The fit has ended.');
      const memory = memoryBetween(record, from, Date.now());
      rows.push(memory);
      const minute = ((Date.now() - begun) / 60_000).toFixed(1);
      row(minute, run.steps, memory.rss, memory.heap, memory.external);
    }
    close();
    const [, second] = rows;
    const last = rows[stretches - 1];
    const grown = last.rss - second.rss;
    process.stdout.write(
      `From the second row on the process grew by ${grown.toFixed(0)} MiB; it may by a tenth.\n`,
    );
    return grown < mostGrowth * second.rss;
  } finally {
    await end(server.child);
    rmSync(home, { recursive: true, force: true });
  }
}
