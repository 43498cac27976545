import { describe, expect, it } from 'vitest';
import { imageSpins } from '../../shared/data/dataset.ts';
import { mle } from '../../shared/inference/estimators/mle.ts';
import { pose } from '../../shared/inference/start.ts';
import { misfitWarning } from '../../shared/inference/uncertainty/misfit.ts';
import { fitFile } from '../../shared/session/runs/fit-report.ts';
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
      misfitWarning(
        runFit(mle, data, fitOptions({ seed: 3 })).estimate(),
        names,
        data.images,
        data.images,
      );
    expect(warning(one)).toBeNull();
    expect(warning(mixed)).toMatch(/sandwich error of h is [\d.]+ .* differ among themselves more/);
    // in a sequence, the ratio of the errors that the fit file has
    const options = fitOptions({ seed: 3 });
    const found = runFit(mle, mixed, options);
    const record = {
      ...{ program: { name: 'isinglass', version: '0' }, created: '2026-01-01T00:00:00.000Z' },
      ...{ seconds: 1, method: 'mle', options, sources: [], preparation: null, dataWarnings: [] },
    };
    const file = fitFile(pose(mixed, options), found.estimate(), found.trace, record);
    expect(file.data.effectiveImages).toBeLessThan(30);
    const ratio = Number(file.sandwichError?.h) / Number(file.standardError?.h);
    expect(file.warnings.join()).toContain(`of h is ${ratio.toFixed(2)} times`);
    // two pictures over and over
    const equal = { ...one, spins: one.spins.slice() };
    for (let i = 0; i < 60; i++) equal.spins.set(imageSpins(one, i % 2), i * 64);
    expect(warning(equal)).toMatch(
      /sandwich error of [Jh] is 0\.[\d]+ .* differ among themselves less/,
    );
  });
});
