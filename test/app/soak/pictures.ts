import { linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import sharp from 'sharp';
import { defaultPreparation } from '../../../shared/data/image/options.ts';
import { end, serveCommand } from '../application.ts';
import { enter, hostOf } from '../client.ts';
import { memoryBetween, row, type Stretch, watchMemory } from './memory.ts';

/** How much the process may grow from the second time to the last, in MiB. */
const mostGrowth = 30;
/** Pictures that differ; the others are further names of these, and are decoded all the same. */
const distinct = 200;

/** Noise with a grain of some pixels. */
async function draw(folder: string, count: number, side: number): Promise<void> {
  for (let k = 0; k < Math.min(count, distinct); k++) {
    const data = Uint8Array.from({ length: side * side }, () => 256 * Math.random());
    const image = sharp(data, { raw: { width: side, height: side, channels: 1 } });
    const path = join(folder, `${k}.${side > 512 ? 'jpg' : 'png'}`);
    await image.blur(2).normalise().toFile(path);
    for (let copy = k + distinct; copy < count; copy += distinct) {
      linkSync(path, join(folder, `${copy}.${side > 512 ? 'jpg' : 'png'}`));
    }
  }
}

/**
 * A folder of pictures in the browser host, prepared as a whole several times over, each time to be decoded anew.
 *
 * @returns whether memory was flat
 */
export async function soakPictures({
  count,
  side,
  times,
}: {
  count: number;
  side: number;
  times: number;
}) {
  const home = mkdtempSync(join(tmpdir(), 'isinglass-soak-'));
  try {
    const folder = join(home, 'pictures');
    mkdirSync(folder);
    await draw(folder, count, side);
    const record = join(home, 'memory.txt');
    watchMemory(record);
    const server = await serveCommand(home, [folder]);
    const { host, close } = await hostOf(await enter(server.address));
    row('pictures so far', 'seconds', 'pictures/s', 'RSS', 'most RSS', 'heap', 'external');
    row('---', '---', '---', '---', '---', '---', '---');
    const rows: Stretch[] = [];
    const begun = Date.now();
    for (let k = 1; k <= times; k++) {
      const from = Date.now();
      const options = { ...defaultPreparation, rows: 16 + k, cols: 16 + k };
      await host.preparation.set({ options, crops: {} });
      const { images, failures } = await host.preparation.summary({ boundary: 'free' });
      if (images !== count || failures.length > 0) throw new Error('Pictures are missing.');
      const to = Date.now();
      // what is left when all is done
      await setTimeout(4000);
      const memory = memoryBetween(record, to, Date.now());
      const most = memoryBetween(record, from, to, Math.max);
      rows.push(memory);
      const rate = (1000 * count) / (to - from);
      row(k * count, (to - begun) / 1000, rate, memory.rss, most.rss, memory.heap, memory.external);
    }
    close();
    await end(server.child);
    const growth = rows[times - 1].rss - rows[1].rss;
    process.stdout.write(
      `From the second row on the process grew by ${growth.toFixed(0)} MiB; ${mostGrowth} are allowed.\n`,
    );
    return growth < mostGrowth;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
