import { describe, expect, it } from 'vitest';
import { fitExactly } from '../../../shared/inference/pairwise/exact.ts';
import { UnsuitableError } from '../../../shared/models/failures.ts';
import { ExactStates } from '../../../shared/models/pairwise/exact.ts';
import {
  completeGraph,
  type Interactions,
  interactionsOn,
  masksOf,
} from '../../../shared/models/pairwise/interactions.ts';
import { meanProduct } from '../../../shared/models/pairwise/samples.ts';
import { sfc32, uniform } from '../../../shared/numerics/random.ts';
import { finish } from '../../../shared/numerics/yielding.ts';
import { samplesOf, statesOf, supremeCourt } from './tables.ts';

/** Every parameter's set of variables. */
function setsOf({ variables, edges, higher }: Interactions): number[][] {
  const pairs = Array.from({ length: edges.length / 2 }, (_, e) => [
    edges[2 * e],
    edges[2 * e + 1],
  ]);
  return [
    ...Array.from({ length: variables }, (_, i) => [i]),
    ...pairs,
    ...higher.map((s) => [...s]),
  ];
}

/** log Z and the mean of every parameter's product, summed state by state from the definition. */
function enumerate(interactions: Interactions, theta: ArrayLike<number>) {
  const sets = setsOf(interactions);
  let z = 0;
  const sums = sets.map(() => 0);
  for (const state of statesOf(interactions.variables)) {
    const products = sets.map((set) => set.reduce((product, i) => product * state[i], 1));
    const weight = Math.exp(products.reduce((sum, value, a) => sum + theta[a] * value, 0));
    z += weight;
    for (const [a, value] of products.entries()) sums[a] += weight * value;
  }
  return { logZ: Math.log(z), means: sums.map((sum) => sum / z) };
}

describe('sums over all states', () => {
  it.each([1, 2, 3, 4])('agree with enumeration for interactions up to %i bodies', (order) => {
    const random = sfc32(7);
    const interactions = interactionsOn(6, completeGraph(6), order);
    const masks = masksOf(interactions);
    expect(masks.length).toBe([21, 21, 41, 56][order - 1]);
    const theta = Float64Array.from(masks, () => 2 * uniform(random) - 1);
    const { logZ, means } = enumerate(interactions, theta);
    const found = new ExactStates(6, masks).moments(theta);
    expect(found.logZ).toBeCloseTo(logZ, 12);
    for (const [a, mask] of masks.entries()) expect(found.moments[mask]).toBeCloseTo(means[a], 12);
  });

  it('are refused where they would fill the memory', () => {
    expect(() => new ExactStates(26, Int32Array.of(1))).toThrow(UnsuitableError);
  });

  it('take larger sets only where all their pairs are edges', () => {
    const edges = Int32Array.of(0, 1, 0, 2, 1, 2, 1, 3, 2, 3);
    expect(interactionsOn(4, edges, 4).higher).toEqual([
      [0, 1, 2],
      [1, 2, 3],
    ]);
  });
});

describe('exact maximum likelihood', () => {
  it('gives the nine justices what an independent program found', () => {
    const court = supremeCourt();
    const interactions = interactionsOn(9, completeGraph(9), 2);
    const fit = finish(fitExactly(court.samples, interactions, null));
    expect(fit.converged).toBe(true);
    expect(fit.logLikelihood).toBeCloseTo(court.logLikelihood_nats, 7);
    expect(fit.logZ).toBeCloseTo(court.logZ, 7);
    expect(fit.entropy / Math.LN2).toBeCloseTo(court.entropy_bits.S2, 7);
    const reference = [...court.h, ...court.J_upper_rows];
    for (const [a, value] of reference.entries()) {
      expect(Math.abs(fit.theta[a] - value)).toBeLessThan(1e-6);
      const error = Math.sqrt(fit.covariance?.[a * 46] ?? Number.NaN);
      expect(error / court.standardError_h_then_J[a]).toBeCloseTo(1, 5);
    }
  });

  it('matches every moment of a model with three bodies, seen state by state', () => {
    const random = sfc32(11);
    const interactions = interactionsOn(6, completeGraph(6), 3);
    const counts = statesOf(6).map(() => 1 + Math.floor(20 * uniform(random)));
    const samples = samplesOf(statesOf(6), counts);
    const fit = finish(fitExactly(samples, interactions, null));
    const { logZ, means } = enumerate(interactions, fit.theta);
    expect(fit.logZ).toBeCloseTo(logZ, 10);
    for (const [a, set] of setsOf(interactions).entries()) {
      expect(Math.abs(means[a] - meanProduct(samples, set))).toBeLessThan(1e-8);
    }
  });

  it('has errors that are the curvature of the likelihood, by finite differences', () => {
    const random = sfc32(3);
    const interactions = interactionsOn(4, completeGraph(4), 3);
    const counts = statesOf(4).map(() => 5 + Math.floor(20 * uniform(random)));
    const samples = samplesOf(statesOf(4), counts);
    const fit = finish(fitExactly(samples, interactions, null));
    const p = fit.theta.length;
    const step = 1e-4;
    const meansAt = (a: number, by: number) =>
      enumerate(
        interactions,
        fit.theta.map((value, c) => (c === a ? value + by : value)),
      ).means;
    // Fisher information by differences of the means, times the covariance, is the unit matrix
    const fisher = Array.from({ length: p }, (_, a) => {
      const [up, down] = [meansAt(a, step), meansAt(a, -step)];
      return up.map((value, c) => (samples.total * (value - down[c])) / (2 * step));
    });
    for (let a = 0; a < p; a++) {
      for (let c = 0; c < p; c++) {
        let sum = 0;
        for (let k = 0; k < p; k++)
          sum += fisher[a][k] * (fit.covariance?.[k * p + c] ?? Number.NaN);
        expect(Math.abs(sum - (a === c ? 1 : 0))).toBeLessThan(1e-6);
      }
    }
  });

  it('runs away from a constant variable and stays with a prior', () => {
    const rows = statesOf(3).filter(([first]) => first === 1);
    const samples = samplesOf(rows, [3, 4, 5, 6]);
    const interactions = interactionsOn(3, completeGraph(3), 2);
    expect(finish(fitExactly(samples, interactions, null)).converged).toBe(false);
    const held = finish(fitExactly(samples, interactions, 1));
    expect(held.converged).toBe(true);
    expect(held.theta.every((value) => Math.abs(value) < 3)).toBe(true);
  });
});
