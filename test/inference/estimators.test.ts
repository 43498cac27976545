import { describe, expect, it } from 'vitest';
import { standardErrors } from '../../shared/inference/estimate.ts';
import { exact } from '../../shared/inference/estimators/exact.ts';
import { gradient } from '../../shared/inference/estimators/gradient.ts';
import { mle } from '../../shared/inference/estimators/mle.ts';
import { pseudolikelihood } from '../../shared/inference/estimators/pseudolikelihood.ts';
import { pose } from '../../shared/inference/start.ts';
import { stoppedSentence } from '../../shared/inference/stopped.ts';
import { draw, fitOptions, referenceSamplers, runFit } from './synthetic.ts';

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
    const data = draw(shape, J, h, 60, 12);
    const run = runFit(estimator, data, fitOptions({ seed: 5, steps: 3000 }));
    const { parameters, covariance, monteCarloError, converged } = run.estimate();
    const standard = standardErrors(covariance ?? new Float64Array());
    const deviations = [J, 64 * h].map(
      (truth, a) => (parameters[a] - truth) / Math.hypot(standard[a], monteCarloError[a]),
    );
    expect(Math.max(...deviations.map(Math.abs))).toBeLessThan(3.5);
    // eq. (4) at a fixed step size may need more steps than these
    if (estimator !== gradient) expect(converged).toBe(true);
  });
});

describe('eq. (4)', () => {
  const data = draw(shape, 0.25, 0.05, 40, 3);

  it('agrees with mle on the same data within the Monte-Carlo errors of both', () => {
    const first = runFit(gradient, data, fitOptions({ seed: 1 })).estimate();
    const second = runFit(mle, data, fitOptions({ seed: 2 })).estimate();
    for (let a = 0; a < 2; a++) {
      const error = Math.hypot(first.monteCarloError[a], second.monteCarloError[a]);
      expect(Math.abs(first.parameters[a] - second.parameters[a])).toBeLessThan(4 * error);
    }
  });

  it.each([0.01, 0.1, 0.5])('differs from exact by its Monte-Carlo error at α = %f', (alpha) => {
    // near the critical coupling, where ⟨T⟩ is far from linear over the swings of θ
    const near = draw({ rows: 5, cols: 5, boundary: 'free' }, 0.4, 0, 20, 7);
    const truth = runFit(exact, near, fitOptions({})).estimate();
    const standard = standardErrors(truth.covariance ?? new Float64Array());
    const runs = 20;
    const squares = [0, 0];
    const shifted = [0, 0];
    for (let seed = 0; seed < runs; seed++) {
      const options = fitOptions({ seed, steps: 40_000 }, { alpha: [alpha] });
      const { parameters, monteCarloError, converged } = runFit(gradient, near, options).estimate();
      expect(converged).toBe(true);
      for (let a = 0; a < 2; a++) {
        const error = parameters[a] - truth.parameters[a];
        squares[a] += (error / monteCarloError[a]) ** 2 / runs;
        // the control: half a standard error off
        shifted[a] += ((error + standard[a] / 2) / monteCarloError[a]) ** 2 / runs;
      }
    }
    const width = 4 * Math.sqrt(2 / runs);
    for (let a = 0; a < 2; a++) {
      expect(squares[a]).toBeLessThan(1.05 * (1 + width));
      expect(shifted[a]).toBeGreaterThan(1.05 * (1 + width));
    }
  });

  it('says that it was stopped, and keeps the settings that were changed on the way', () => {
    const options = fitOptions({ seed: 4 }, { alpha: [0.2] });
    const run = gradient.start(pose(data, options), options, referenceSamplers);
    run.advance(3);
    run.adjust({ alpha: [0.1] });
    run.adjust({ sweepsPerStep: 2 });
    run.advance(2);
    run.adjust({ alpha: [0.05] });
    const estimate = run.estimate();
    expect(estimate.warnings[0]).toBe(stoppedSentence('after 5 steps'));
    expect(estimate.covariance).toBeNull();
    expect(estimate.changes).toEqual([
      { step: 3, alpha: [0.1], sweepsPerStep: 2 },
      { step: 5, alpha: [0.05] },
    ]);
    // they go on with the fit
    const again = gradient.start(pose(data, options), options, referenceSamplers, run.snapshot());
    expect(again.estimate().changes).toEqual(estimate.changes);
  });

  it('says that it was exhausted where it was, and not that somebody stopped it', () => {
    const run = runFit(gradient, data, fitOptions({ steps: 90 }));
    expect(run.estimate().warnings.join()).not.toContain('stopped');
    expect(run.estimate().warnings).not.toEqual([]);
  });

  it('says that it diverged, with a smaller α to try, and never gives NaN', () => {
    const run = runFit(gradient, data, fitOptions({ steps: 500 }, { alpha: [400] }));
    const { parameters, converged, warnings } = run.estimate();
    expect(converged).toBe(false);
    expect(parameters.every(Number.isFinite)).toBe(true);
    expect(warnings.join()).toMatch(/α = 400 is too large .* Try α = 40\./);
  });

  it('names the direction and what to do where the parameters run away, or never come to rest', () => {
    // past the test for existence: a single dark speck inside
    const spins = Int8Array.from({ length: 36 }, (_, k) => (k === 14 ? -1 : 1));
    const speck = { rows: 6, cols: 6, images: 1, spins };
    const warned = (steps: number, alpha: number) =>
      runFit(gradient, speck, fitOptions({ steps }, { alpha: [alpha] }))
        .estimate()
        .warnings.join();
    expect(warned(400, 0.5)).toMatch(/still drifting .* run away as h → \+∞|run away as J → .*∞/);
    expect(warned(400, 0.5)).toMatch(/a weak Gaussian prior of width 1/);
    // data that have an estimate only drift, as long as steps are too few
    const small = runFit(gradient, data, fitOptions({ steps: 200 }, { alpha: [1e-3] })).estimate();
    expect(small.warnings.join()).toMatch(/still drifting .* larger α\.$/);
  });

  it('takes single steps, and a changed α from the next step on', () => {
    const options = fitOptions({ seed: 4 }, { alpha: [0.2] });
    const run = gradient.start(pose(data, options), options, referenceSamplers);
    run.advance(1);
    run.adjust({ alpha: [1e-9] });
    run.advance(1);
    expect(run.trace.length).toBe(2);
    const [first, second] = [run.trace.at(0), run.trace.at(1)];
    expect(second.parameters[0]).toBeCloseTo(first.parameters[0], 6);
  });

  it('makes a long step in slices, between which it can be stopped and goes on', () => {
    const options = fitOptions({ seed: 9, steps: 2 }, { sweepsPerStep: 3000 });
    const whole = runFit(gradient, data, options);
    let run = gradient.start(pose(data, options), options, referenceSamplers);
    let slices = 0;
    const rows: number[] = [];
    while (!run.advance()) {
      slices++;
      rows.push(...run.trace.take());
      const snapshot = structuredClone(run.snapshot());
      run = gradient.start(pose(data, options), options, referenceSamplers, snapshot);
    }
    expect(slices).toBeGreaterThan(4);
    expect([...rows, ...run.trace.take()]).toEqual([...whole.trace.take()]);
    expect(whole.trace.length).toBe(2);
  });

  it.each([gradient, mle])('$name ends with the same bits when it is interrupted', (estimator) => {
    const options = fitOptions({ seed: 9, steps: 400 });
    const whole = runFit(estimator, data, options);
    let run = estimator.start(pose(data, options), options, referenceSamplers);
    const rows: number[] = [];
    while (!run.advance(7)) {
      rows.push(...run.trace.take());
      const snapshot = structuredClone(run.snapshot());
      run = estimator.start(pose(data, options), options, referenceSamplers, snapshot);
    }
    expect(run.estimate()).toEqual(whole.estimate());
    expect([...rows, ...run.trace.take()]).toEqual([...whole.trace.take()]);
  });
});

describe('coverage', () => {
  it('covers the truth with 95 %% intervals in 90 to 98 %% of 200 data sets', () => {
    const truth = [0.25, 16 * 0.05];
    const inside = [0, 0];
    for (let k = 0; k < 200; k++) {
      const data = draw({ rows: 4, cols: 4, boundary: 'free' }, 0.25, 0.05, 50, 500 + k);
      const { parameters, covariance } = runFit(mle, data, fitOptions({ seed: k })).estimate();
      const error = standardErrors(covariance ?? new Float64Array());
      truth.forEach((value, a) => {
        if (Math.abs(parameters[a] - value) < 1.96 * error[a]) inside[a]++;
      });
    }
    for (const count of inside) {
      expect(count / 200).toBeGreaterThanOrEqual(0.9);
      expect(count / 200).toBeLessThanOrEqual(0.98);
    }
  });
});
