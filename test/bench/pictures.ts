import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { DecodePool } from '../../electron/node/decode/decode-pool.ts';
import { load } from '../../electron/node/decode/load.ts';
import type { GreyImage } from '../../shared/data/image/grey.ts';
import { defaultPreparation, type PreparationOptions } from '../../shared/data/image/options.ts';
import { prepare } from '../../shared/data/image/prepare.ts';
import { sfc32 } from '../../shared/numerics/random.ts';

/** One measured number. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

const width = 4000;
const height = 3000;

/** Waves with noise, seeded: compresses like a photograph of a surface (some 3 MB at quality 85). */
function surface(channels: 1 | 3): Uint8Array {
  const noise = sfc32(7);
  const data = new Uint8Array(width * height * channels);
  for (let k = 0; k < data.length; k++) {
    const pixel = Math.floor(k / channels);
    const wave = 60 * Math.sin((pixel % width) / 37) + 40 * Math.cos(pixel / width / 23);
    data[k] = 108 + wave + (noise.next() >>> 27);
  }
  return data;
}

/** Median time of preparing one decoded 12-megapixel picture, in milliseconds. */
function prepareLatency(image: GreyImage, options: Partial<PreparationOptions>): number {
  const times = Array.from({ length: 9 }, () => {
    const start = performance.now();
    prepare(image, { ...defaultPreparation, ...options });
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[4];
}

/** JPEGs a second from file to spins, and the largest memory of the whole process meanwhile. */
async function throughput(worker: URL, threads: number, count: number): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'isinglass-bench-'));
  const pool = new DecodePool(worker, threads);
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 10);
  try {
    const raw = { width, height, channels: 3 } as const;
    const jpeg = await sharp(surface(3), { raw }).jpeg({ quality: 85 }).toBuffer();
    const files = Array.from({ length: count }, (_, k) => join(folder, `${k}.jpg`));
    for (const file of files) await writeFile(file, jpeg);
    // the first pictures also pay for starting the threads
    await load(files.slice(0, 2 * threads), { preparation: defaultPreparation, pool });
    peak = 0;
    const start = performance.now();
    await load(files, { preparation: defaultPreparation, pool });
    const seconds = (performance.now() - start) / 1000;
    return [
      { name: `size of one JPEG of 12 megapixels`, value: jpeg.length / 2 ** 20, unit: 'MiB' },
      { name: `JPEGs to spins, ${threads} threads`, value: count / seconds, unit: 'pictures/s' },
      { name: `peak memory over ${count} JPEGs`, value: peak / 2 ** 20, unit: 'MiB' },
    ];
  } finally {
    clearInterval(watch);
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Measures the way from pictures to spins on pictures of 12 megapixels.
 *
 * @param worker the bundled `decode-worker.js`
 */
export async function benchPictures(worker: URL, threads = 2, count = 60): Promise<BenchRow[]> {
  const rows = await throughput(worker, threads, count);
  const image = { width, height, data: surface(1), levels: 255 } as const;
  for (const [name, options] of Object.entries({
    '64 × 64, area, Otsu': {},
    '512 × 512, area, Otsu': { rows: 512, cols: 512 },
    '64 × 64, nearest, median': { resample: 'nearest', threshold: 'median' },
    '64 × 64, adaptive': { threshold: 'adaptive' },
    'tiles of 64 × 64 every 64': { tile: 64 },
  } satisfies Record<string, Partial<PreparationOptions>>)) {
    rows.push({ name: `prepare ${name}`, value: prepareLatency(image, options), unit: 'ms' });
  }
  return rows;
}

if (import.meta.filename === process.argv[1]) {
  const worker = new URL('./decode-worker.js', import.meta.url);
  for (const { name, value, unit } of await benchPictures(worker)) {
    process.stdout.write(`${name.padEnd(40)} ${value.toPrecision(3).padStart(8)} ${unit}\n`);
  }
}
