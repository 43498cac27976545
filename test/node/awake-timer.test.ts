import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { setAwakeTimeout } from '../../electron/node/threads/awake-timer.ts';

it('does not count time in which the process stood still', async () => {
  let over = false;
  setAwakeTimeout(() => {
    over = true;
  }, 300);
  // to a timer this is the same as a process that is suspended
  const until = performance.now() + 600;
  while (performance.now() < until);
  await setTimeout(50);
  expect(over).toBe(false);
  await setTimeout(500);
  expect(over).toBe(true);
});
