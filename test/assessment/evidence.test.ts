import { describe, expect, it } from 'vitest';
import {
  evidenceOf,
  independentLogZ,
  type LogZ,
  pathStart,
} from '../../shared/assessment/evidence.ts';
import { integrateLogZ } from '../../shared/assessment/integration.ts';
import type { Model } from '../../shared/models/contract.ts';
import { exactMethodFor } from '../../shared/models/lattice/exact/choose.ts';
import { kaufman } from '../../shared/models/lattice/exact/kaufman.ts';
import { type Boundary, lattice } from '../../shared/models/lattice/lattice.ts';
import { anisotropicModel, uniformModel } from '../../shared/models/registry.ts';
import { finish } from '../../shared/numerics/yielding.ts';
import { samplersHere } from './fitted.ts';

function integrate(model: Model, theta: readonly number[], seed: number): LogZ {
  const sampler = samplersHere(model, 64, seed);
  const end = Float64Array.from(theta);
  return finish(integrateLogZ(sampler, pathStart(model, end), end, seed, () => {}));
}

const uniform = (rows: number, cols: number, boundary: Boundary) =>
  uniformModel(lattice(rows, cols, boundary));

describe('thermodynamic integration', () => {
  it.each([
    [0.3, 0.05],
    [0.42, 0],
    [-0.3, 0.1],
    [0.5, 0.02],
    [0.2, 0.4],
  ])('agrees with the transfer matrix on open 12 × 12 at J = %f, h = %f per site', (J, perSite) => {
    const model = uniform(12, 12, 'free');
    const theta = [J, 144 * perSite];
    const method = exactMethodFor(model);
    if (!method) throw new Error('There is a transfer matrix for this lattice.');
    const truth = finish(method.evaluate(theta)).logZ;
    const found = integrate(model, theta, 11);
    expect(found.error).toBeLessThan(0.15);
    expect(Math.abs(found.value - truth)).toBeLessThan(4 * found.error);
  });

  it('agrees with Kaufman on a torus, from J = 0 through the transition', () => {
    for (const J of [0.25, 0.48]) {
      const model = uniform(8, 8, 'periodic');
      const end = Float64Array.of(J, 0);
      const start = {
        theta: Float64Array.of(0, 0),
        logZ: independentLogZ(model, end),
        name: 'J = 0',
      };
      const sampler = samplersHere(model, 64, 3);
      const parts: number[] = [];
      const found = finish(integrateLogZ(sampler, start, end, 5, (part) => parts.push(part)));
      // how far it is, from the first point on
      expect(parts[0]).toBeGreaterThan(0);
      expect(parts.at(-1)).toBe(1);
      expect(Math.abs(found.value - kaufman(8, 8, J).logZ)).toBeLessThan(4 * found.error);
    }
  });

  it('takes the short way from h = 0 on a torus, and agrees with a transfer matrix there', () => {
    const model = uniform(8, 8, 'periodic');
    const theta = [0.35, 64 * 0.05];
    const method = exactMethodFor(model);
    if (!method) throw new Error('There is a transfer matrix for this torus.');
    const found = integrate(model, theta, 2);
    expect(found.method).toMatch(/Kaufman/);
    expect(Math.abs(found.value - finish(method.evaluate(theta)).logZ)).toBeLessThan(
      4 * found.error,
    );
  });

  it('has errors of the right size over seeds', () => {
    const model = uniform(6, 6, 'free');
    const theta = [0.3, 2];
    const method = exactMethodFor(model);
    if (!method) throw new Error('There is a transfer matrix for this lattice.');
    const truth = finish(method.evaluate(theta)).logZ;
    let square = 0;
    for (let seed = 0; seed < 8; seed++) {
      const { value, error } = integrate(model, theta, seed);
      square += ((value - truth) / error) ** 2 / 8;
    }
    // χ²/8 with eight degrees of freedom lies here with probability 0.998
    expect(square).toBeGreaterThan(0.1);
    expect(square).toBeLessThan(3.3);
  });
});

describe('a model with two couplings', () => {
  it('is integrated too', () => {
    const model = anisotropicModel(lattice(5, 5, 'free'));
    const theta = [0.4, 0.1, 2];
    const method = exactMethodFor(model);
    if (!method) throw new Error('There is a transfer matrix for this lattice.');
    const found = integrate(model, theta, 1);
    expect(Math.abs(found.value - finish(method.evaluate(theta)).logZ)).toBeLessThan(
      4 * found.error,
    );
  });
});

describe('evidence', () => {
  it('counts bits, AIC and BIC', () => {
    const model = uniform(4, 4, 'free');
    const logZ = { value: independentLogZ(model, [0, 0]), error: 0.01, method: 'by hand' };
    // a coin: one bit a pixel, and nothing gained by any coupling
    const coin = evidenceOf(model, [0, 0], [0, 0], 10, 0, logZ);
    expect(coin.bitsPerPixel).toBeCloseTo(1, 12);
    expect(coin.independentBitsPerPixel).toBe(1);
    expect(coin.aic).toBeCloseTo(4 + 2 * 160 * Math.LN2, 9);
    expect(coin.bic).toBeCloseTo(2 * Math.log(160) + 320 * Math.LN2, 9);
    expect(coin.bicImages).toBeCloseTo(2 * Math.log(10) + 320 * Math.LN2, 9);
    expect(coin.aicGain).toBeCloseTo(-2, 9);
    expect(coin.criterionError).toBeCloseTo(0.2, 12);
    // independent pixels at h alone: the entropy of their share
    const h = 16 * Math.atanh(0.5);
    const field = { ...logZ, value: independentLogZ(model, [0, h]) };
    const lit = evidenceOf(model, [0, h], [0, 0.5], 10, 0.5, field);
    expect(lit.bitsPerPixel).toBeCloseTo(lit.independentBitsPerPixel, 12);
  });
});
