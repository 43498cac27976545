import { expect, it } from 'vitest';
import { splitMix64 } from '../../shared/numerics/random.ts';
import { sfc64 } from '../kernels/sfc64.ts';
import { drawingKernels } from './kernels.mjs';
import { linearComplexity } from './linear-complexity.ts';
import { type Source, streams } from './streams.ts';

const all = streams(await drawingKernels());

function words(source: Source, count: number): bigint[] {
  const bytes = source().slice(0, 8 * count);
  return [...new BigUint64Array(bytes.buffer)];
}

it('streams are what sfc64 in plain integers gives, in the order of sites, lanes and bonds', () => {
  const seeds = Array.from({ length: 9 }, splitMix64(5));
  const pair = [0, 1].map((k) => sfc64([seeds[k], seeds[2 + k], seeds[4 + k]]));
  expect(words(all['heat-bath'].open(5), 600)).toEqual(
    Array.from({ length: 600 }, (_, k) => pair[k % 2]()),
  );
  const second = sfc64(seeds.slice(6));
  expect(words(all['second-drawings'].open(5), 600)).toEqual(Array.from({ length: 600 }, second));
  const cluster = sfc64(Array.from({ length: 3 }, splitMix64(5, 2 ** 32)));
  expect(words(all.clusters.open(5), 600)).toEqual(Array.from({ length: 600 }, cluster));
});

it('no two kernels of a run start alike, nor do runs of neighbouring seeds', () => {
  const starts = new Set<string>();
  const kernels = 4096;
  for (let seed = 0; seed < 4; seed++) {
    for (let stream = 0; stream < kernels; stream++) {
      for (const first of [0, 2 ** 32]) {
        const word = splitMix64(seed, first + stream);
        starts.add(`${word()} ${word()} ${word()}`);
      }
    }
  }
  expect(starts.size).toBe(8 * kernels);
});

it('linear complexity is half the length, and finds the weak generator out', () => {
  const bits = (source: Source, count: number) => {
    let bytes = new Uint8Array();
    while (bytes.length < count) bytes = Uint8Array.from([...bytes, ...source()]);
    return bytes.subarray(0, count).map((byte) => byte & 1);
  };
  for (const name of ['heat-bath-byte', 'second-gaps', 'clusters-bond', 'reference', 'seeding']) {
    const found = linearComplexity(bits(all[name].open(1), 1000));
    expect(Math.abs(found - 500)).toBeLessThanOrEqual(16);
  }
  const xorshift = all['weak-xorshift'].open(1)();
  const lane = Array.from({ length: 1000 }, (_, k) => (xorshift[k >> 3] >> (k & 7)) & 1);
  expect(linearComplexity(Uint8Array.from(lane))).toBe(128);
});
