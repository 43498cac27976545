import { describe, expect, it } from 'vitest';
import type { SpinData } from '../../shared/data/dataset.ts';
import { standardErrors } from '../../shared/inference/estimate.ts';
import { exact } from '../../shared/inference/estimators/exact.ts';
import { mle } from '../../shared/inference/estimators/mle.ts';
import { existence } from '../../shared/inference/existence/existence.ts';
import type { Estimator } from '../../shared/inference/run.ts';
import { pose } from '../../shared/inference/start.ts';
import { profileIntervals } from '../../shared/inference/uncertainty/profile.ts';
import { evaluate } from '../../shared/models/contract.ts';
import { lattice } from '../../shared/models/lattice/lattice.ts';
import { uniformModel } from '../../shared/models/registry.ts';
import { finish } from '../../shared/numerics/yielding.ts';
import { draw, fitOptions, referenceSamplers } from './synthetic.ts';

function profiled(estimator: Estimator, data: SpinData) {
  const problem = pose(data, fitOptions({}));
  const run = estimator.start(problem, fitOptions({}), referenceSamplers);
  while (!run.advance());
  const estimate = run.estimate();
  const likelihood = run.likelihood();
  if (!likelihood) throw new Error('The likelihood is known about the estimate.');
  const { images } = data;
  const profile = finish(profileIntervals(problem, estimate, likelihood, images, ['J', 'h']));
  return { problem, estimate, profile };
}

describe('profile-likelihood intervals', () => {
  const shape = { rows: 3, cols: 3, boundary: 'free' as const };

  it('end where a search over all configurations says, and say why they are there', () => {
    const data = draw(shape, 0.3, 0.1, 6, 5);
    const { problem, estimate, profile } = profiled(exact, data);
    if (!profile) throw new Error('Six images of 3 × 3 give no parabola.');
    expect(profile.reason).toMatch(/has fallen by [\d.]+ below and by [\d.]+ above, not by 1\.92/);
    const model = uniformModel(lattice(3, 3, 'free'));
    const all = Array.from({ length: 512 }, (_, code) =>
      evaluate(
        model,
        Int8Array.from({ length: 9 }, (_, k) => ((code >> k) & 1 ? 1 : -1)),
      ),
    );
    const height = (J: number, h: number) => {
      const Z = all.reduce((sum, [B, m]) => sum + Math.exp(J * B + h * m), 0);
      return 6 * (J * problem.observed.mean[0] + h * problem.observed.mean[1] - Math.log(Z));
    };
    /** Largest height over the other parameter, by trisection of a concave function. */
    const ridge = (a: number, value: number) => {
      const f = (other: number) => (a === 0 ? height(value, other) : height(other, value));
      let [low, high] = [-20, 20];
      while (high - low > 1e-7) {
        const [u, v] = [(2 * low + high) / 3, (low + 2 * high) / 3];
        if (f(u) < f(v)) low = u;
        else high = v;
      }
      return f((low + high) / 2);
    };
    const [J, h] = estimate.parameters;
    const top = height(J, h);
    for (let a = 0; a < 2; a++) {
      for (const [ends, z] of [
        [profile.interval68, 0.99446],
        [profile.interval95, 1.95996],
      ] as const) {
        for (const [side, end] of ends[a].entries()) {
          let [inner, outer] = [estimate.parameters[a], estimate.parameters[a] + (side ? 12 : -12)];
          while (Math.abs(outer - inner) > 1e-6) {
            const middle = (inner + outer) / 2;
            if (top - ridge(a, middle) < z ** 2 / 2) inner = middle;
            else outer = middle;
          }
          expect(end).toBeCloseTo(inner, 3);
        }
      }
      // the control: they are not estimate ± 1.96 errors
      const error = standardErrors(estimate.covariance ?? new Float64Array(4))[a];
      const [low, high] = profile.interval95[a];
      expect(Math.abs((low + high) / 2 - estimate.parameters[a])).toBeGreaterThan(0.05 * error);
    }
  });

  it('are the same by reweighting the samples of mle', () => {
    const data = draw({ rows: 8, cols: 8, boundary: 'free' }, 0.3, 0.05, 12, 3);
    const [first, second] = [profiled(exact, data), profiled(mle, data)];
    const errors = standardErrors(first.estimate.covariance ?? new Float64Array(4));
    for (const level of ['interval68', 'interval95'] as const) {
      for (let a = 0; a < 2; a++) {
        for (let end = 0; end < 2; end++) {
          const [x, y] = [first, second].map(({ profile }) => profile?.[level][a][end]);
          // mle itself is off by a tenth of an error
          expect(Math.abs(Number(x) - Number(y))).toBeLessThan(0.35 * errors[a]);
        }
      }
    }
  });

  it('find both ends where the other phase bends the likelihood sharply', () => {
    // one dark speck and a prior: √(2 fall) of h is straight on either side of h = 0, with another slope
    const spins = Int8Array.from({ length: 36 }, (_, k) => (k === 14 ? -1 : 1));
    const options = fitOptions({ boundary: 'periodic', prior: [1] });
    const problem = pose({ rows: 6, cols: 6, images: 1, spins }, options);
    const run = exact.start(problem, options, referenceSamplers);
    while (!run.advance());
    const [estimate, likelihood] = [run.estimate(), run.likelihood()];
    if (!likelihood) throw new Error('The likelihood is known about the estimate.');
    const profile = finish(profileIntervals(problem, estimate, likelihood, 1, ['J', 'h']));
    for (let a = 0; a < 2; a++) {
      const [low, high] = profile?.interval68[a] ?? [0, 0];
      const [lower, higher] = profile?.interval95[a] ?? [0, 0];
      const ordered = [lower, low, estimate.parameters[a], high, higher];
      expect(ordered).toEqual(ordered.filter(Number.isFinite).sort((x, y) => x - y));
    }
  });

  it('leave an end open where the way to it leads past the edge of what the model can show', () => {
    // a dark corner: the likelihood has a maximum, next to the edge
    const spins = Int8Array.from({ length: 64 }, (_, k) => (k === 0 ? -1 : 1));
    const { estimate, profile } = profiled(exact, { rows: 8, cols: 8, images: 1, spins });
    expect(estimate.converged).toBe(true);
    const [low, high] = profile?.interval68[0] ?? [];
    expect(low).toBeLessThan(estimate.parameters[0]);
    expect(high).toBeGreaterThan(estimate.parameters[0]);
  });

  it('do not claim a fall of the likelihood that the samples do not show', () => {
    const data = draw(shape, 0.3, 0.1, 6, 5);
    const problem = pose(data, fitOptions({}));
    const run = exact.start(problem, fitOptions({}), referenceSamplers);
    while (!run.advance());
    const [estimate, all] = [run.estimate(), run.likelihood()];
    if (!all) throw new Error('The likelihood is known about the estimate.');
    const [J] = estimate.parameters;
    const near = {
      ...all,
      *evaluate(theta: Float64Array) {
        return Math.abs(theta[0] - J) < 0.05 ? yield* all.evaluate(theta) : null;
      },
    };
    const profile = finish(profileIntervals(problem, estimate, near, 6, ['J', 'h']));
    expect(profile?.reason).toMatch(/cannot be told: the fit’s samples do not reach/);
    expect(profile?.interval95[0]).toEqual([Number.NaN, Number.NaN]);
  });

  it('are not there where the likelihood is a parabola', () => {
    expect(profiled(exact, draw(shape, 0.2, 0.05, 400, 5)).profile).toBeNull();
  });

  it('are decided on alike where the samples of one image do not reach so far', () => {
    const one = (side: number, J: number, hPerSite: number) => {
      const data = draw({ rows: side, cols: side, boundary: 'free' }, J, hPerSite, 1, 1);
      return [exact, mle].map((estimator) => profiled(estimator, data).profile?.reason ?? null);
    };
    expect(one(16, 0.16, 0.01)).toEqual([null, null]);
    const [known, continued] = one(10, 0.1, 0.6);
    expect(known).toMatch(/has fallen by 3\.94 below and by 1\.46 above/);
    // its third and fourth order are not the whole of it, and point the same way
    expect(continued).toMatch(/continued .* by about (3\.\d|4\.\d) below and by (1\.[2-7]) above/);
  });

  it('miss the truth on either side alike with five images, where estimate ± error does not', () => {
    const [sets, J, hPerSite] = [300, 0.2, 0.15];
    const all = draw({ rows: 6, cols: 6, boundary: 'free' }, J, hPerSite, 5 * sets, 17);
    const truth = [J, 36 * hPerSite];
    const misses = { wald: [0, 0], profile: [0, 0] };
    let found = 0;
    for (let set = 0; set < sets; set++) {
      const data = { ...all, images: 5, spins: all.spins.subarray(180 * set, 180 * (set + 1)) };
      const { model, observed } = pose(data, fitOptions({}));
      if (existence(model, observed).exists === false) continue;
      found++;
      const { estimate, profile } = profiled(exact, data);
      const error = standardErrors(estimate.covariance ?? new Float64Array(4))[1];
      const wald = [-1, 1].map((side) => estimate.parameters[1] + side * 1.95996 * error);
      const [low, high] = profile?.interval95[1] ?? wald;
      if (truth[1] < wald[0]) misses.wald[0]++;
      if (truth[1] > wald[1]) misses.wald[1]++;
      if (truth[1] < low) misses.profile[0]++;
      if (truth[1] > high) misses.profile[1]++;
    }
    expect(found).toBeGreaterThan(0.95 * sets);
    const coverage = 1 - (misses.profile[0] + misses.profile[1]) / found;
    // three standard errors of 300 sets about 95 %
    expect(coverage).toBeGreaterThan(0.912);
    expect(coverage).toBeLessThan(0.988);
    const unevenness = ([below, above]: readonly number[]) => Math.abs(below - above);
    expect(unevenness(misses.profile)).toBeLessThan(unevenness(misses.wald));
  });
});
