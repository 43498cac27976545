import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../shared/models/contract.ts';
import { exactMethodFor, whyNotExact } from '../../shared/models/lattice/exact/choose.ts';
import { enumeration } from '../../shared/models/lattice/exact/enumeration.ts';
import { kaufman } from '../../shared/models/lattice/exact/kaufman.ts';
import type { ExactMethod, ExactMoments } from '../../shared/models/lattice/exact/method.ts';
import { type Lattice, lattice, siteCount } from '../../shared/models/lattice/lattice.ts';
import { type ModelName, makeModel, uniformModel } from '../../shared/models/registry.ts';
import { finish } from '../../shared/numerics/yielding.ts';

const J = fc.double({ min: -0.9, max: 0.9, noNaN: true });
const perSite = fc.double({ min: -1, max: 1, noNaN: true });
const name = fc.constantFrom<ModelName>('uniform', 'anisotropic', 'zero-field');

function methodOf(model: Model): ExactMethod {
  const method = exactMethodFor(model);
  if (method === null) throw new Error(whyNotExact(model));
  return method;
}

function thetaOf(model: Model, couplings: readonly number[], field: number): number[] {
  return model.statistics.map(({ weight, sites }, a) =>
    sites.length > 0 ? field / weight : couplings[a],
  );
}

/** Largest difference, each value relative to what its size could be by the lattice's extent. */
function distance(model: Model, a: ExactMoments, b: ExactMoments): number {
  const p = model.statistics.length;
  const size = (k: number) => Math.max(1, model.statistics[k].extent);
  let largest = Math.abs(a.logZ - b.logZ) / siteCount(model.lattice);
  for (let i = 0; i < p; i++) {
    largest = Math.max(largest, Math.abs(a.mean[i] - b.mean[i]) / size(i));
    for (let j = 0; j < p; j++) {
      const difference = Math.abs(a.covariance[i * p + j] - b.covariance[i * p + j]);
      largest = Math.max(largest, difference / (size(i) * size(j)));
    }
  }
  return largest;
}

const small: Lattice[] = [
  lattice(2, 2, 'free'),
  lattice(3, 4, 'free'),
  lattice(4, 3, 'free'),
  lattice(5, 2, 'free'),
  lattice(3, 3, 'free'),
  lattice(1, 9, 'free'),
  lattice(2, 1, 'free'),
  lattice(1, 8, 'periodic'),
  lattice(7, 1, 'periodic'),
  lattice(3, 3, 'periodic'),
  lattice(3, 4, 'periodic'),
  lattice(4, 3, 'periodic'),
  lattice(5, 3, 'periodic'),
];

describe('exact methods', () => {
  it('agree with enumeration on every kind of lattice and model', () => {
    const chosen = new Set<string>();
    fc.assert(
      fc.property(fc.constantFrom(...small), name, J, J, perSite, (l, kind, j1, j2, field) => {
        const model = makeModel({ name: kind }, l);
        // the coupling of an axis without bonds has no say
        const theta = thetaOf(model, [j1, j2], field);
        const method = methodOf(model);
        chosen.add(method.name.replace(/[0-9].*/, ''));
        const expected = finish(enumeration(model).evaluate(theta));
        expect(distance(model, finish(method.evaluate(theta)), expected)).toBeLessThan(1e-12);
      }),
      { numRuns: 150, seed: 1 },
    );
    expect(chosen.size).toBeGreaterThanOrEqual(4);
  });

  it('have derivatives that finite differences of log Z confirm', () => {
    const larger = [lattice(6, 5, 'free'), lattice(5, 6, 'periodic'), lattice(1, 40, 'periodic')];
    fc.assert(
      fc.property(fc.constantFrom(...larger), J, perSite, (l, j, field) => {
        const model = uniformModel(l);
        const method = methodOf(model);
        const theta = thetaOf(model, [j], field);
        const at = (a: number, step: number) =>
          finish(method.evaluate(theta.map((value, k) => (k === a ? value + step : value))));
        const center = finish(method.evaluate(theta));
        model.statistics.forEach(({ weight, extent }, a) => {
          // fourth-order central differences; log Z of the mean, the mean of the covariance
          const step = 1e-3 / weight;
          const slope = (f: (m: ExactMoments) => number) =>
            (8 * (f(at(a, step)) - f(at(a, -step))) - (f(at(a, 2 * step)) - f(at(a, -2 * step)))) /
            (12 * step);
          expect(Math.abs(slope((m) => m.logZ) - center.mean[a]) / extent).toBeLessThan(1e-9);
          model.statistics.forEach((other, b) => {
            const difference = slope((m) => m.mean[b]) - center.covariance[2 * a + b];
            expect(Math.abs(difference) / (extent * other.extent)).toBeLessThan(1e-9);
          });
        });
      }),
      { numRuns: 12, seed: 2 },
    );
  });

  it('are even in h and, on bipartite lattices without field, in J', () => {
    const lattices = [lattice(6, 7, 'free'), lattice(4, 6, 'periodic'), lattice(1, 30, 'free')];
    fc.assert(
      fc.property(fc.constantFrom(...lattices), J, perSite, (l, j, field) => {
        const model = uniformModel(l);
        const method = methodOf(model);
        const n = siteCount(l);
        const plus = finish(method.evaluate([j, field * n]));
        const minus = finish(method.evaluate([j, -field * n]));
        expect(minus.logZ).toBeCloseTo(plus.logZ, 9);
        expect(minus.mean[1]).toBeCloseTo(-plus.mean[1], 12);
        expect(minus.covariance[1]).toBeCloseTo(-plus.covariance[1], 9);
        const ferro = finish(method.evaluate([j, 0]));
        const antiferro = finish(method.evaluate([-j, 0]));
        expect(antiferro.logZ).toBeCloseTo(ferro.logZ, 9);
        expect(antiferro.mean[0]).toBeCloseTo(-ferro.mean[0], 9);
      }),
      { numRuns: 30, seed: 3 },
    );
  });

  it('keep small variances where couplings and fields are strong', () => {
    for (const l of [lattice(4, 4, 'free'), lattice(4, 4, 'periodic'), lattice(1, 12, 'free')]) {
      const model = uniformModel(l);
      const n = siteCount(l);
      for (const theta of [
        [3, 0],
        [3, 2 * n],
        [-3, 0.5 * n],
        [0.2, -8 * n],
      ]) {
        const expected = finish(enumeration(model).evaluate(theta));
        const actual = finish(methodOf(model).evaluate(theta));
        // small where it is few events that vary; Var m of an antiferromagnet is a difference of ⟨m²⟩ ~ 1
        const error = (k: number) => Math.abs(actual.covariance[k] - expected.covariance[k]);
        const label = `${l.boundary} ${l.rows} × ${l.cols} at ${theta}`;
        expect(error(0) / expected.covariance[0], label).toBeLessThan(1e-7);
        const cancelled = theta[0] < 0 ? 1e-14 : 0;
        expect(error(3), label).toBeLessThan(1e-7 * expected.covariance[3] + cancelled);
      }
    }
  });

  it('give tanh(h/n) for independent sites and tanh J along an open chain', () => {
    const independent = methodOf(uniformModel(lattice(5, 6, 'free')));
    expect(finish(independent.evaluate([0, 12])).mean[1]).toBeCloseTo(Math.tanh(12 / 30), 13);
    const open = finish(methodOf(uniformModel(lattice(1, 50, 'free'))).evaluate([0.8, 0]));
    expect(open.mean[0]).toBeCloseTo(49 * Math.tanh(0.8), 11);
    expect(open.logZ).toBeCloseTo(50 * Math.LN2 + 49 * Math.log(Math.cosh(0.8)), 11);
  });

  it('reach long lattices and far parameters without overflow', () => {
    const model = uniformModel(lattice(3000, 4, 'free'));
    const { logZ, mean } = finish(methodOf(model).evaluate([3, 12000 * 4]));
    const bonds = 3000 * 3 + 2999 * 4;
    expect(logZ).toBeCloseTo(3 * bonds + 12000 * 4, 6);
    expect(mean[0]).toBeCloseTo(bonds, 6);
  });

  it('refuse parameters that are no numbers, and say why a lattice has no exact method', () => {
    const model = uniformModel(lattice(4, 4, 'free'));
    expect(() => finish(methodOf(model).evaluate([Number.NaN, 0]))).toThrow(/finite number/);
    const open = uniformModel(lattice(32, 40, 'free'));
    expect(exactMethodFor(open)).toBe(null);
    expect(whyNotExact(open)).toMatch(/shorter side of 20, and this lattice is 32 × 40/);
    const torus = uniformModel(lattice(16, 15, 'periodic'));
    expect(exactMethodFor(torus)).toBe(null);
    expect(whyNotExact(torus)).toMatch(/torus with field reach a shorter side of 14/);
    // without field any torus has one
    expect(exactMethodFor(makeModel({ name: 'zero-field' }, lattice(32, 32, 'periodic')))).not.toBe(
      null,
    );
  });
});

describe("Kaufman's formula", () => {
  it('agrees with the transfer matrix for both signs of J, even and odd sides', () => {
    for (const [rows, cols] of [
      [4, 4],
      [4, 3],
      [3, 4],
      [5, 3],
      [3, 5],
      [6, 5],
      [5, 8],
    ]) {
      const uniform = uniformModel(lattice(rows, cols, 'periodic'));
      for (const j of [-0.7, -0.44, -0.1, 0, 0.05, 0.4406867935097715, 0.6, 1.2]) {
        const { logZ, meanB, varB } = kaufman(rows, cols, j);
        const expected = finish(methodOf(uniform).evaluate([j, 0]));
        const label = `${rows} × ${cols} at ${j}`;
        expect(Math.abs(logZ / expected.logZ - 1), label).toBeLessThan(1e-12);
        expect(Math.abs(meanB - expected.mean[0]), label).toBeLessThan(1e-9 * rows * cols);
        expect(Math.abs(varB / expected.covariance[0] - 1), label).toBeLessThan(1e-8);
      }
    }
  });

  it("tends to Onsager's free energy and internal energy", () => {
    // b = √2/2 at the critical point, with a correction of order 1/N
    const critical = Math.log(1 + Math.SQRT2) / 2;
    const n = 512;
    const b = kaufman(n, n, critical).meanB / (2 * n * n);
    expect(Math.abs(b - Math.SQRT1_2)).toBeLessThan(1 / n);
    expect(Math.abs(b - Math.SQRT1_2)).toBeGreaterThan(0.1 / n);
    // away from it the torus differs from the infinite lattice by exponentially little
    for (const j of [0.3, 0.6]) {
      const perSite = kaufman(n, n, j).logZ / (n * n) - (j > critical ? Math.LN2 / (n * n) : 0);
      expect(perSite).toBeCloseTo(onsager(j), 10);
    }
  });

  it('is smooth through the critical point and finite far from it', () => {
    const critical = Math.log(1 + Math.SQRT2) / 2;
    const at = (j: number) => kaufman(1024, 1024, j);
    const [below, here, above] = [at(critical - 1e-9), at(critical), at(critical + 1e-9)];
    expect(Math.abs(above.varB / here.varB - 1)).toBeLessThan(1e-5);
    expect(Math.abs(below.varB / here.varB - 1)).toBeLessThan(1e-5);
    expect(at(20).logZ).toBeCloseTo(20 * 2 * 1024 * 1024 + Math.LN2, 5);
    expect(at(-20).meanB).toBeCloseTo(-2 * 1024 * 1024, 5);
  });

  it('says where two odd sides leave nothing of the four terms', () => {
    expect(() => kaufman(7, 9, -5)).toThrow(/both sides are odd/);
  });
});

/** log Z per site of the infinite lattice, by the midpoint rule on Onsager's integral. */
function onsager(j: number): number {
  const k = 1 / Math.sinh(2 * j) ** 2;
  const points = 4096;
  let sum = 0;
  for (let i = 0; i < points; i++) {
    const angle = (Math.PI * (i + 0.5)) / points;
    sum += Math.log(Math.cosh(2 * j) ** 2 + Math.sqrt(1 + k * k - 2 * k * Math.cos(2 * angle)) / k);
  }
  return Math.LN2 / 2 + sum / (2 * points);
}
