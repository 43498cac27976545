import { describe, expect, it } from 'vitest';
import { observe, observing } from '../../shared/data/dataset.ts';
import { lattice } from '../../shared/models/lattice/lattice.ts';
import { uniformModel } from '../../shared/models/registry.ts';
import { sfc32 } from '../../shared/numerics/random.ts';
import { inTurns } from '../../shared/numerics/yielding.ts';

describe('work in slices', () => {
  it('observes large data with others in between, and finds what it finds at once', async () => {
    const [rows, cols, images] = [128, 128, 100];
    const generator = sfc32(3);
    const spins = Int8Array.from(
      { length: rows * cols * images },
      () => (generator.next() & 1) * 2 - 1,
    );
    const model = uniformModel(lattice(rows, cols, 'periodic'));
    const data = { rows, cols, images, spins };
    let others = 0;
    const timer = setInterval(() => others++, 0);
    const observed = await inTurns(observing(model, data));
    clearInterval(timer);
    expect(others).toBeGreaterThan(0);
    expect(observed).toEqual(observe(model, data));
  });
});
