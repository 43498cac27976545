import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastStep } from '../../renderer/state/equation.ts';
import { defaultFitOptions } from '../../shared/inference/options.ts';

const number = fc.double({ min: -1, max: 1, noNaN: true });
const run = (alpha: number[], decay = 0) => ({
  parameters: ['J', 'h'],
  observed: [0.45, 0.1],
  rows: 8,
  cols: 8,
  options: {
    ...defaultFitOptions,
    seed: 1,
    gradient: { ...defaultFitOptions.gradient, alpha, decay },
  },
});

describe('the line of eq. (4)', () => {
  it('is right as arithmetic, whatever the trace says', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 7, maxLength: 7 }), number, number, (row, J, h) => {
        const last = [5, ...row.slice(1)];
        const previous = [4, J, h, 0, 0, 0, 0];
        for (const { before, alpha, model, data, after } of lastStep(run([0.1]), last, previous)) {
          if (Math.abs(model - data) < 1e-6) continue;
          expect(before - alpha * (model - data)).toBeCloseTo(after, 9);
        }
      }),
    );
  });

  it('shows the α that the step was made with, not the one that was set since', () => {
    const previous = [9, 0.3, 2, 0, 0, 0, 0];
    const last = [10, 0.3 - 0.05 * (0.5 - 0.45), 2 - 3 * (0.2 - 0.1), 0.5, 0.2, 0, 0];
    const [J, h] = lastStep(run([7]), last, previous);
    expect(J.alpha).toBeCloseTo(0.05, 12);
    expect(h.alpha).toBeCloseTo(3, 12);
  });

  it('finds the start of the first step: α_h = n α and decay as the trainer has them', () => {
    const last = [1, 0.2, 1, 0.5, 0.2, 0, 0];
    const [J, h] = lastStep(run([0.1], 50), last, null);
    expect(J.before).toBeCloseTo(0.2 + 0.1 * 0.05, 12);
    expect(h.before).toBeCloseTo(1 + 64 * 0.1 * 0.1, 12);
    const later = [51, 0.2, 1, 0.45, 0.1, 0, 0];
    expect(lastStep(run([0.1], 50), later, later)[0].alpha).toBeCloseTo(0.05, 12);
  });
});
