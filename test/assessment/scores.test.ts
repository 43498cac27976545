import { describe, expect, it } from 'vitest';
import { strongest } from '../../shared/assessment/score-sentences.ts';
import type { ScoreTest } from '../../shared/assessment/scores.ts';
import { farthest } from '../../shared/assessment/sentences.ts';
import { measurement } from '../../shared/assessment/statistics.ts';
import type { SpinData } from '../../shared/data/dataset.ts';
import { existence } from '../../shared/inference/existence/existence.ts';
import { pose } from '../../shared/inference/start.ts';
import { evaluate, type ModelSpecification } from '../../shared/models/contract.ts';
import { lattice } from '../../shared/models/lattice/lattice.ts';
import { makeModel } from '../../shared/models/registry.ts';
import { dot, invert, solve } from '../../shared/numerics/symmetric.ts';
import { fitOptions } from '../inference/synthetic.ts';
import { comparedWith, drawn, finishCheck, fitted, type Shape } from './fitted.ts';
import { drawLarger, type LargerModel } from './larger-model.ts';

const uniform = { name: 'uniform' };
const zeroField = { name: 'zero-field' };

const square = (side: number, boundary: Shape['boundary'] = 'free'): Shape => ({
  rows: side,
  cols: side,
  boundary,
});

function testsOf(
  data: SpinData,
  boundary: Shape['boundary'],
  seed: number,
  model?: ModelSpecification,
) {
  const input = fitted(data, boundary, 'exact', seed, model);
  if (!input) throw new Error('These data have an estimate.');
  return comparedWith(input);
}

const of = (tests: readonly ScoreTest[], kind: ScoreTest['kind']) => {
  const test = tests.find((one) => one.kind === kind);
  if (!test) throw new Error(`There is no test ${kind}.`);
  return test;
};

/** Every state of a lattice with T, and the measured statistics by name. */
function statesOf(shape: Shape, model: ModelSpecification) {
  const m = makeModel(model, lattice(shape.rows, shape.cols, shape.boundary));
  const n = shape.rows * shape.cols;
  const { statistics, measure } = measurement(m);
  return Array.from({ length: 2 ** n }, (_, state) => {
    const spins = Int8Array.from({ length: n }, (_, i) => ((state >> i) & 1 ? 1 : -1));
    const out = new Float64Array(statistics.length);
    measure(spins, out);
    const named = new Map(statistics.map(({ name }, k) => [name, out[k]]));
    return { T: evaluate(m, spins), spins, named };
  });
}

/** Moments at θ with δ·U added to the exponent. */
function momentsAt(
  states: ReturnType<typeof statesOf>,
  U: readonly number[],
  theta: ArrayLike<number>,
  delta: number,
) {
  const p = theta.length;
  const energies = states.map(({ T }, s) => dot(theta, T) + delta * U[s]);
  const top = Math.max(...energies);
  const weights = energies.map((e) => Math.exp(e - top));
  const z = weights.reduce((sum, w) => sum + w, 0);
  const mean = (f: (s: number) => number) => weights.reduce((sum, w, s) => sum + w * f(s), 0) / z;
  const T = Float64Array.from({ length: p }, (_, a) => mean((s) => states[s].T[a]));
  const u = mean((s) => U[s]);
  const cTT = Float64Array.from({ length: p * p }, (_, k) => {
    const [a, b] = [Math.floor(k / p), k % p];
    return mean((s) => (states[s].T[a] - T[a]) * (states[s].T[b] - T[b]));
  });
  const cTU = Float64Array.from({ length: p }, (_, a) =>
    mean((s) => (states[s].T[a] - T[a]) * (U[s] - u)),
  );
  const vU = mean((s) => (U[s] - u) ** 2);
  return { T, cTT, cTU, vU };
}

describe('score tests against enumeration', () => {
  const shape = { rows: 3, cols: 4, boundary: 'free' as const };
  const images = 8;
  const states = statesOf(shape, uniform);
  const data = drawn(shape, [0.25, 1.2], images, 3);
  const input = fitted(data, 'free', 'exact', 4);
  if (!input?.estimate.covariance) throw new Error('These data have an estimate.');
  const theta = input.estimate.parameters;
  const { tests } = comparedWith(input, 999);

  const scores: Readonly<Record<string, (state: (typeof states)[number]) => number>> = {
    J2: ({ spins }) => {
      let sum = 0;
      for (let q = 0; q < 2; q++) {
        for (let r = 0; r < 3; r++) {
          sum += spins[4 * q + r] * spins[4 * q + r + 5];
          sum += spins[4 * q + r + 1] * spins[4 * q + r + 4];
        }
      }
      return sum;
    },
    'Jx-Jy': ({ spins }) => {
      let sum = 0;
      for (let i = 0; i < 12; i++) {
        if (i % 4 < 3) sum += (spins[i] * spins[i + 1]) / 2;
        if (i < 8) sum -= (spins[i] * spins[i + 4]) / 2;
      }
      return sum;
    },
    eta01: ({ spins }) => spins.reduce((sum, s, i) => sum + s * ((2 * (i % 4)) / 3 - 1), 0),
  };

  it.each(['J2', 'Jx-Jy', 'eta01'])('have error and bias of %s as they are', (parameter) => {
    const U = states.map(scores[parameter]);
    const { cTT, cTU, vU } = momentsAt(states, U, theta, 0);
    const beta = solve(cTT, cTU);
    const efficient = vU - dot(cTU, beta);
    const direction = tests
      .flatMap(({ directions }) => directions)
      .find((d) => d.parameter === parameter);
    if (!direction?.bias) throw new Error('There is such a direction.');
    // a spread of 999 sets is known to 1/√(2·999) = 2.2 %, four times that
    expect(direction.error * Math.sqrt(images * efficient)).toBeGreaterThan(0.91);
    expect(direction.error * Math.sqrt(images * efficient)).toBeLessThan(1.09);
    // b has the error of a regression: σ_S over the deviation of T̄ given m̄, divided by √999
    const sharp = Math.sqrt((efficient * invert(cTT)[0]) / 999);
    const slope = direction.bias.shift / direction.detectable;
    expect(Math.abs(slope - beta[0])).toBeLessThan(4.5 * sharp);
  });

  it('say what a small δ does to a fit without it', () => {
    const U = states.map(scores.J2);
    const delta = 0.02;
    const target = momentsAt(states, U, theta, delta).T;
    let refit = Float64Array.from(theta);
    for (let k = 0; k < 20; k++) {
      const { T, cTT } = momentsAt(states, U, refit, 0);
      const step = solve(
        cTT,
        target.map((t, a) => t - T[a]),
      );
      refit = refit.map((value, a) => value + step[a]);
    }
    const { bias, detectable } = of(tests, 'next-nearest').directions[0];
    if (!bias) throw new Error('There are errors.');
    // to first order: within a tenth
    expect((bias.shift / detectable) * delta).toBeGreaterThan(0.9 * (refit[0] - theta[0]));
    expect((bias.shift / detectable) * delta).toBeLessThan(1.1 * (refit[0] - theta[0]));
  });
});

describe('a model that is right', () => {
  it.each([
    [square(6), uniform, [0.25, 1.8], 5],
    [square(6, 'periodic'), uniform, [0.35, 0], 20],
    [square(6), zeroField, [0.3], 1],
    [square(6), { name: 'anisotropic' }, [0.35, 0.15, 2], 10],
  ] as const)('is called wrong once in twenty: %j, %s', (shape, model, theta, images) => {
    const sets = 40;
    let [byTests, byAny] = [0, 0];
    for (let seed = 0; seed < sets; seed++) {
      const data = drawn(shape, theta, images, 900 + seed, model);
      const input = fitted(data, shape.boundary, 'exact', seed, model);
      if (!input) continue;
      const { predictive, tests } = comparedWith(input);
      if (strongest(tests)) byTests++;
      if (strongest(tests) || farthest(predictive.comparisons)) byAny++;
    }
    // 3 % and 5 % of 40 with three standard errors
    expect(byTests).toBeLessThanOrEqual(1.2 + 3 * Math.sqrt(1.2));
    expect(byAny).toBeLessThanOrEqual(2 + 3 * Math.sqrt(2));
  });
});

describe('what a model lacks', () => {
  const shape = square(10);
  const J = [0.25, 0.25] as const;
  const cases: readonly (readonly [ScoreTest['kind'], LargerModel, readonly number[]])[] = [
    ['next-nearest', { J, J2: 0.12 }, [0.12]],
    ['anisotropy', { J: [0.36, 0.16] }, [0.2]],
    ['trend-1', { J, field: (x, y) => 0.2 * x - 0.1 * y }, [-0.1, 0.2]],
    ['trend-2', { J, field: (x) => 0.2 * (1.5 * x * x - 0.5) }, [0, 0, 0.2]],
    ['spread', { J, spread: 0.08 }, [0.08 ** 2]],
  ];
  it.each(cases)('is found: %s', (kind, larger, truth) => {
    const data = drawLarger(shape, larger, 60, 5);
    const { tests } = testsOf(data, 'free', 2);
    expect(strongest(tests)?.kind).toBe(kind);
    const { directions, adjustedP } = of(tests, kind);
    expect(adjustedP).toBeLessThan(0.01);
    directions.forEach(({ estimate, error }, i) => {
      // one step is first order: a third of δ besides four errors
      expect(Math.abs(estimate - truth[i])).toBeLessThan(4 * error + 0.35 * Math.abs(truth[i]));
    });
  });

  it('is found as often as is said', () => {
    const sets = 40;
    let found = 0;
    const first = testsOf(drawLarger(square(8), { J }, 30, 1), 'free', 1).tests;
    const { detectable, bias } = of(first, 'next-nearest').directions[0];
    // beside the same bonds: J2 and what it does to a fitted J make up for each other
    const larger = (part: number): LargerModel => {
      const lower = J[0] - part * (bias?.shift ?? 0);
      return { J: [lower, lower], J2: part * detectable };
    };
    for (let seed = 0; seed < sets; seed++) {
      const data = drawLarger(square(8), larger(1), 30, 40 + seed);
      const { tests } = testsOf(data, 'free', seed);
      if (of(tests, 'next-nearest').adjustedP < 0.03) found++;
    }
    // 90 % of 40 within four standard errors of 4.7 %
    expect(found).toBeGreaterThanOrEqual(0.71 * sets);
    // and a third of it is not (control)
    let small = 0;
    for (let seed = 0; seed < sets; seed++) {
      const data = drawLarger(square(8), larger(1 / 3), 30, 400 + seed);
      if (of(testsOf(data, 'free', seed).tests, 'next-nearest').adjustedP < 0.03) small++;
    }
    expect(small).toBeLessThan(0.4 * sets);
  });

  it('is a field, where a model has none', () => {
    const data = drawLarger(shape, { J, field: () => 0.08 }, 30, 6);
    const { tests } = testsOf(data, 'free', 3, zeroField);
    expect(strongest(tests)?.kind).toBe('field');
    expect(of(tests, 'field').directions[0].estimate).toBeGreaterThan(0.04);
  });
});

describe('every model on every lattice', () => {
  const shapes: readonly Shape[] = [
    { rows: 2, cols: 2, boundary: 'free' },
    { rows: 3, cols: 3, boundary: 'periodic' },
    { rows: 3, cols: 5, boundary: 'periodic' },
    { rows: 1, cols: 24, boundary: 'free' },
    { rows: 9, cols: 1, boundary: 'periodic' },
    { rows: 5, cols: 4, boundary: 'free' },
  ];
  const nearest: readonly (readonly [ModelSpecification, readonly number[]])[] = [
    [uniform, [-0.2, 0.3]],
    [{ name: 'anisotropic' }, [-0.2, 0.1, 0.3]],
    [zeroField, [-0.2]],
  ];
  const near = [
    [0, 1],
    [1, 0],
  ] as const;
  const diagonal = [
    [1, 1],
    [1, -1],
  ] as const;
  const all = [
    ...shapes.flatMap((shape) => nearest.map(([model, theta]) => ({ shape, model, theta }))),
    ...(['free', 'periodic'] as const).map((boundary) => ({
      shape: square(4, boundary),
      model: { name: 'neighbourhood', offsets: [near, diagonal] },
      theta: [0.2, -0.1, 0.3],
    })),
  ];
  it.each(all)('has a check: $shape, $model', ({ shape, model, theta }) => {
    for (const images of [1, 2, 12]) {
      const data = drawn(shape, theta, images, 7, model);
      const problem = pose(data, fitOptions({ boundary: shape.boundary, model }));
      if (existence(problem.model, problem.observed).exists === false) continue;
      const input = fitted(data, shape.boundary, 'exact', 2, model);
      if (!input) continue;
      const check = finishCheck(input);
      for (const { pValue, adjustedP, directions } of check.scores ?? []) {
        expect(pValue).toBeGreaterThan(0);
        expect(adjustedP).toBeGreaterThanOrEqual(pValue / 1.0001 - 1e-9);
        for (const { estimate, error, detectable, bias } of directions) {
          const numbers = [estimate, error, detectable, bias?.errors ?? 0];
          expect(numbers.every(Number.isFinite), JSON.stringify(directions)).toBe(true);
          expect(error).toBeGreaterThan(0);
        }
      }
    }
  });

  it('integrates log Z where the terms of Kaufman’s formula cancel', () => {
    const shape = { rows: 3, cols: 5, boundary: 'periodic' as const };
    const data = drawn(shape, [-0.2], 4, 7, zeroField);
    const input = fitted(data, 'periodic', 'exact', 2, zeroField);
    if (!input) throw new Error('These data have an estimate.');
    const frustrated = { ...input.estimate, parameters: Float64Array.of(-8) };
    const { evidence } = finishCheck({ ...input, estimate: frustrated });
    expect(evidence.logZ.method).toMatch(/integration/);
    // −J (n_B − 2·(broken bonds)) plus the entropy of the ground states, by enumeration
    const energies = statesOf(shape, zeroField).map(({ T }) => -8 * T[0]);
    const top = Math.max(...energies);
    const exact = top + Math.log(energies.reduce((sum, e) => sum + Math.exp(e - top), 0));
    expect(Math.abs(evidence.logZ.value - exact)).toBeLessThan(4 * evidence.logZ.error);
  });
});
