import { describe, expect, it } from 'vitest';
import {
  criticalCoupling,
  infiniteCorrelationLength,
  measuredCorrelationLength,
} from '../../shared/assessment/correlation-length.ts';

/**
 * ln(λ_even/λ_odd) of the row-to-row transfer matrix of a torus of given circumference: the inverse
 * correlation length of the spin along the cylinder.
 */
function gapOfStrip(J: number, width: number): number {
  const states = 1 << width;
  const bonds = Float64Array.from({ length: states }, (_, s) => {
    let sum = 0;
    for (let r = 0; r < width; r++)
      sum += ((s >> r) & 1) === ((s >> ((r + 1) % width)) & 1) ? 1 : -1;
    return Math.exp((J / 2) * sum);
  });
  const apply = (v: Float64Array) => {
    let w = v.map((value, s) => value * bonds[s]);
    for (let r = 0; r < width; r++) {
      const [same, other] = [Math.exp(J), Math.exp(-J)];
      w = w.map((value, s) => same * value + other * w[s ^ (1 << r)]);
    }
    return w.map((value, s) => value * bonds[s]);
  };
  const largest = (start: (s: number) => number) => {
    let v = Float64Array.from({ length: states }, (_, s) => start(s));
    let norm = 0;
    for (let k = 0; k < 400; k++) {
      v = apply(v);
      norm = Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));
      v = v.map((value) => value / norm);
    }
    return norm;
  };
  const magnetization = (s: number) => {
    let sum = 0;
    for (let r = 0; r < width; r++) sum += (s >> r) & 1 ? 1 : -1;
    return sum;
  };
  return Math.log(largest(() => 1) / largest(magnetization));
}

describe('the correlation length', () => {
  it.each([0.1, 0.2, 0.3])('is that of a wide strip at J = %f', (J) => {
    const exact = 1 / infiniteCorrelationLength(J);
    const [narrow, wide] = [4, 10].map((width) => Math.abs(gapOfStrip(J, width) / exact - 1));
    // a strip of circumference L is off by some exp(−L/ξ)
    expect(wide).toBeLessThan(2 * Math.exp(-10 * exact) + 1e-6);
    expect(wide).toBeLessThan(narrow);
  });

  it('has no bound at the critical coupling, and half its size on the ordered side', () => {
    expect(infiniteCorrelationLength(criticalCoupling)).toBeGreaterThan(1e12);
    const near = 0.01;
    const ratio =
      infiniteCorrelationLength(criticalCoupling - near) /
      infiniteCorrelationLength(criticalCoupling + near);
    expect(ratio).toBeCloseTo(2, 1);
    expect(infiniteCorrelationLength(0)).toBe(0);
    expect(infiniteCorrelationLength(-0.3)).toBe(infiniteCorrelationLength(0.3));
  });

  it('is read off the decay beyond itself, as far as that is above its noise', () => {
    const distances = [1, 2, 3, 4, 6, 8];
    const values = distances.map((d) => (0.6 * Math.exp(-d / 2.5)) / Math.sqrt(d));
    // nearer by than ξ the decay is another, and what lies below five errors is left out, whatever it is
    values[0] *= 1.3;
    values[5] = -1;
    const found = measuredCorrelationLength(
      distances,
      values,
      distances.map(() => 0.005),
    );
    expect(found?.length).toBeCloseTo(2.5, 9);
    expect(found?.error).toBeGreaterThan(0);
    expect(measuredCorrelationLength([1, 2], [0.001, 0.001], [0.01, 0.01])).toBeNull();
    // a length beyond the distances is none
    const long = distances.map((d) => Math.exp(-d / 50) / Math.sqrt(d));
    expect(
      measuredCorrelationLength(
        distances,
        long,
        distances.map(() => 1e-4),
      ),
    ).toBeNull();
  });
});
