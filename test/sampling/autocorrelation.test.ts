import { describe, expect, it } from 'vitest';
import { sfc32, uniform } from '../../shared/numerics/random.ts';
import { autocorrelationTime } from '../../shared/sampling/autocorrelation.ts';
import type { Series } from '../../shared/sampling/kernel.ts';

/**
 * Stationary chains of x ← φ x + √(1 − φ²) ξ beside a second statistic of white noise.
 * Exactly ρ(t) = φᵗ, hence τ_int = (1 + φ) / (2 (1 − φ)).
 */
function autoregression(phi: number, chains: number, measurements: number, seed: number): Series {
  const generator = sfc32(seed);
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - uniform(generator))) * Math.cos(2 * Math.PI * uniform(generator));
  const values = new Float64Array(2 * chains * measurements);
  for (let k = 0; k < values.length; k += 2) {
    const before = k < 2 * chains ? null : values[k - 2 * chains];
    values[k] = before === null ? normal() : phi * before + Math.sqrt(1 - phi * phi) * normal();
    values[k + 1] = normal();
  }
  return { statistics: 2, chains, measurements, values };
}

const exactTime = (phi: number) => (1 + phi) / (2 * (1 - phi));

describe('integrated autocorrelation time', () => {
  it.each([
    [0.9, 1, 40_000],
    [0.5, 16, 2000],
    [0, 8, 4000],
    [0.95, 64, 1000],
  ])('is that of an AR(1) process with φ = %f in %i chains of %i', (phi, chains, measurements) => {
    const { tau, error } = autocorrelationTime(autoregression(phi, chains, measurements, 11), 0);
    expect(error / tau).toBeLessThan(0.1);
    expect(Math.abs(tau - exactTime(phi))).toBeLessThan(4 * error);
    // the control: the estimate is sharp enough to tell this process from one a little slower
    expect(Math.abs(tau - 1.6 * exactTime(phi))).toBeGreaterThan(4 * error);
  });

  it('has an error that is the spread between repetitions', () => {
    const phi = 0.8;
    const estimates = Array.from({ length: 200 }, (_, seed) =>
      autocorrelationTime(autoregression(phi, 4, 1000, seed), 0),
    );
    const squares = estimates.map(({ tau }) => (tau - exactTime(phi)) ** 2);
    const spread = Math.sqrt(squares.reduce((sum, x) => sum + x, 0) / squares.length);
    const stated = estimates.reduce((sum, { error }) => sum + error, 0) / estimates.length;
    expect(stated / spread).toBeGreaterThan(0.7);
    expect(stated / spread).toBeLessThan(1.4);
  });

  it('takes each statistic for itself', () => {
    const series = autoregression(0.9, 8, 4000, 3);
    expect(autocorrelationTime(series, 0).tau).toBeGreaterThan(7);
    expect(autocorrelationTime(series, 1).tau).toBeCloseTo(0.5, 1);
  });

  it('refuses a series that says nothing', () => {
    const values = new Float64Array(20).fill(3);
    const constant = { statistics: 1, chains: 1, measurements: 20, values };
    expect(() => autocorrelationTime(constant, 0)).toThrow('never varies');
    expect(() => autocorrelationTime({ ...constant, measurements: 3 }, 0)).toThrow('at least 4');
  });
});
