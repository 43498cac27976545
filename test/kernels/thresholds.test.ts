import fc from 'fast-check';
import { expect, it } from 'vitest';
import { thresholds } from '../../shared/kernels/thresholds.ts';

const up = (field: number) => 1 / (1 + Math.exp(-2 * field));
const always = () => true;

it('makes up every probability exactly, with as few second drawings as 1/8192 steps allow', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -3, max: 3, noNaN: true }),
      (J, h) => {
        const probabilities = Array.from({ length: 9 }, (_, k) => up(J * (k - 4) + h));
        const { epsilon, strong, wholes, seconds } = thresholds(probabilities, always);
        probabilities.forEach((p, k) => {
          const made = ((1 - epsilon) * wholes[k]) / 256 + epsilon * seconds[k];
          expect(Math.abs(made - p)).toBeLessThan(1e-15);
          expect(seconds[k]).toBeGreaterThan(-1e-9);
          expect(seconds[k]).toBeLessThanOrEqual(1);
          expect(wholes[k]).not.toBe(strong ? 255 : 256);
        });
        expect(epsilon).toBeLessThanOrEqual(strong ? 1 / 128 : 1 / 256);
        // one step less does not reach all of them, with whatever k
        const less = epsilon - 1 / 8192;
        const ks = Array.from({ length: 257 }, (_, k) => k).filter(
          (k) => k !== (strong ? 255 : 256),
        );
        const reached = probabilities.every((p) =>
          ks.some((k) => p >= ((1 - less) * k) / 256 && p <= ((1 - less) * k) / 256 + less),
        );
        expect(reached && less > 0).toBe(false);
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});

it('leaves out what is never looked up', () => {
  const probabilities = [0.5, 0.5 + 1 / 512];
  expect(thresholds(probabilities, (k) => k === 0).epsilon).toBe(1 / 8192);
  expect(thresholds(probabilities, always).epsilon).toBeGreaterThan(1 / 512);
});

it('refuses what is no probability', () => {
  expect(() => thresholds([Number.NaN], always)).toThrow('no probability');
});
