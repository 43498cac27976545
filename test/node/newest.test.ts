import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Newest } from '../../electron/node/projects/newest.ts';

it('keeps one at a time, then the newest, and goes on after one that fails', async () => {
  const kept: number[] = [];
  const failed: string[] = [];
  const waiting: (() => void)[] = [];
  let under = 0;
  let most = 0;
  const newest = new Newest<number>(
    async (value) => {
      most = Math.max(most, ++under);
      await new Promise<void>((resolve) => waiting.push(resolve));
      under--;
      if (value === 1) throw new Error('the disk is full');
      kept.push(value);
    },
    (error) => failed.push(error.message),
  );
  for (const value of [1, 2, 3, 4]) newest.offer(value);
  expect(newest.busy).toBe(true);
  const settled = newest.settled();
  for (let k = 0; k < 5; k++) {
    waiting.shift()?.();
    await setImmediate();
  }
  await settled;
  expect({ kept, failed, most, busy: newest.busy }).toEqual({
    ...{ kept: [4], failed: ['the disk is full'], most: 1, busy: false },
  });
});
