import { describe, expect, it } from 'vitest';
import { standardErrors } from '../../shared/inference/estimate.ts';
import { exact } from '../../shared/inference/estimators/exact.ts';
import { pose } from '../../shared/inference/start.ts';
import { draw, fitOptions, referenceSamplers, runFit } from './synthetic.ts';

const corners = [
  [-0.5, 0],
  [-0.3, 0.3],
  [0, -0.2],
  [0.3, 0.05],
  [0.44, 0],
  [0.36, -0.1],
];

describe('exact maximum likelihood', () => {
  it.each(corners)('brings back J = %f and h = %f per site within 3.5 of its errors', (J, h) => {
    for (const shape of [
      { rows: 7, cols: 8, boundary: 'free' as const },
      { rows: 6, cols: 6, boundary: 'periodic' as const },
      { rows: 1, cols: 60, boundary: 'periodic' as const },
    ]) {
      const data = draw(shape, J, h, 100, 12);
      const { parameters, covariance, sandwich, converged } = runFit(
        exact,
        data,
        fitOptions({ boundary: shape.boundary }),
      ).estimate();
      expect(converged).toBe(true);
      const truth = [J, shape.rows * shape.cols * h];
      const standard = standardErrors(covariance ?? new Float64Array());
      const robust = standardErrors(sandwich ?? new Float64Array());
      for (let a = 0; a < 2; a++) {
        expect(Math.abs(parameters[a] - truth[a]) / standard[a]).toBeLessThan(3.5);
        // the model is right: both errors estimate the same, this one from 100 images
        expect(robust[a] / standard[a]).toBeGreaterThan(0.7);
        expect(robust[a] / standard[a]).toBeLessThan(1.4);
      }
    }
  });

  it('fits J of a large torus without field, and both couplings of an anisotropic lattice', () => {
    const torus = draw({ rows: 32, cols: 32, boundary: 'periodic' }, 0.3, 0, 20, 4);
    const J = runFit(
      exact,
      torus,
      fitOptions({ boundary: 'periodic', model: { name: 'zero-field' } }),
    );
    const { parameters, covariance } = J.estimate();
    const error = standardErrors(covariance ?? new Float64Array());
    expect(Math.abs(parameters[0] - 0.3) / error[0]).toBeLessThan(3.5);
    expect(error[0]).toBeLessThan(0.01);

    const square = draw({ rows: 8, cols: 6, boundary: 'free' }, 0.3, 0.05, 150, 6);
    const both = runFit(exact, square, fitOptions({ model: { name: 'anisotropic' } })).estimate();
    const errors = standardErrors(both.covariance ?? new Float64Array());
    for (const a of [0, 1])
      expect(Math.abs(both.parameters[a] - 0.3) / errors[a]).toBeLessThan(3.5);
  });

  it('matches the moments: the gradient vanishes at the estimate', () => {
    const data = draw({ rows: 10, cols: 9, boundary: 'free' }, 0.4, 0.02, 30, 8);
    const options = fitOptions({});
    const { observed } = pose(data, options);
    const run = runFit(exact, data, options);
    const last = run.trace.at(run.trace.length - 1);
    expect(last.moments[0]).toBeCloseTo(observed.mean[0] / (10 * 8 + 9 * 9), 8);
    expect(last.moments[1]).toBeCloseTo(observed.mean[1], 8);
  });

  it('refuses, with the reason, where no exact method reaches', () => {
    const data = draw({ rows: 22, cols: 22, boundary: 'free' }, 0.1, 0, 1, 1);
    const options = fitOptions({});
    expect(() => exact.start(pose(data, options), options, referenceSamplers)).toThrow(
      /shorter side of 20, and this lattice is 22 × 22/,
    );
  });
});
