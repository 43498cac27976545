import { describe, expect, it } from 'vitest';
import { imageSpins } from '../../shared/ising/dataset.ts';
import { misfitWarning } from '../../shared/ising/fit/misfit.ts';
import { mle } from '../../shared/ising/fit/mle.ts';
import { draw, fitOptions, runFit } from './synthetic.ts';

const shape = { rows: 8, cols: 8, boundary: 'free' as const };
const names = ['J', 'h'];

describe('misfit', () => {
  it('is silent for pictures of one model and speaks for a mixture of two', () => {
    const one = draw(shape, 0.2, 0, 60, 1);
    const other = draw(shape, 0.2, 0.5, 30, 2);
    const mixed = { ...one, spins: one.spins.slice() };
    for (let i = 0; i < 30; i++) mixed.spins.set(imageSpins(other, i), i * 64);
    const warning = (data: typeof one) =>
      misfitWarning(runFit(mle, data, fitOptions({ seed: 3 })).estimate(), names, data.images);
    expect(warning(one)).toBeNull();
    expect(warning(mixed)).toMatch(/sandwich error of h is [\d.]+ .* differ among themselves more/);
    // two pictures over and over
    const equal = { ...one, spins: one.spins.slice() };
    for (let i = 0; i < 60; i++) equal.spins.set(imageSpins(one, i % 2), i * 64);
    expect(warning(equal)).toMatch(
      /sandwich error of [Jh] is 0\.[\d]+ .* differ among themselves less/,
    );
  });
});
