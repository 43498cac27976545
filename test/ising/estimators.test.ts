import { describe, expect, it } from 'vitest';
import { standardErrors } from '../../shared/ising/fit/estimate.ts';
import { gradient } from '../../shared/ising/fit/gradient.ts';
import { mle } from '../../shared/ising/fit/mle.ts';
import { pseudolikelihood } from '../../shared/ising/fit/pseudolikelihood.ts';
import { draw, fitOptions, runFit } from './synthetic.ts';

const corners = [
  [-0.4, 0],
  [-0.2, 0.1],
  [0, 0.05],
  [0.25, 0.05],
  [0.4, 0],
  [0.5, 0.05],
];
const shape = { rows: 8, cols: 8, boundary: 'free' as const };

describe.each([gradient, mle, pseudolikelihood])('$name', (estimator) => {
  it.each(corners)('brings back J = %f and h = %f per site within 3.5 of its errors', (J, h) => {
    const run = runFit(estimator, draw(shape, J, h, 100, 11), fitOptions({ seed: 5 }));
    const { parameters, covariance, converged } = run.estimate();
    const error = standardErrors(covariance ?? new Float64Array());
    expect(converged).toBe(true);
    expect(Math.abs(parameters[0] - J) / error[0]).toBeLessThan(3.5);
    expect(Math.abs(parameters[1] - 64 * h) / error[1]).toBeLessThan(3.5);
  });
});
