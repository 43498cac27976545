import { expect, it } from 'vitest';
import { tilingOf } from '../../renderer/state/tiling.ts';
import { defaultPreparation } from '../../shared/data/image/options.ts';
import { prepare } from '../../shared/data/image/prepare.ts';

it.each([
  ['apart', 6],
  ['side by side', 4],
  ['over each other', 3],
])('knows where the windows of a preparation lie: %s', (_, tile) => {
  const data = Uint8Array.from({ length: 20 * 15 }, (_pixel, k) => (k * k * 31) % 251);
  const image = { width: 20, height: 15, data, levels: 255 } as const;
  const crop = { x: 3, y: 2, width: 16, height: 12 };
  const options = { ...defaultPreparation, crop, rows: 3, cols: 4, tile, threshold: 100 };
  const prepared = prepare(image, options);
  const tiling = tilingOf(crop, prepared, tile);
  for (let k = 0; k < prepared.windows; k++) {
    const { x, y, width, height } = tiling.at(k);
    const alone = { ...options, crop: { x, y, width, height }, tile: null };
    const [spins, own] = [prepared.spins.subarray(12 * k, 12 * (k + 1)), prepare(image, alone)];
    expect([...spins], `window ${k}`).toEqual([...own.spins]);
    expect(tiling.under(x, y)).toBe(k);
  }
  expect(tiling.under(0, 0)).toBe(0);
  expect(tiling.under(99, 99)).toBe(prepared.windows - 1);
});
