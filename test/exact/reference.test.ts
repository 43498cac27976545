import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactMethodFor } from '../../shared/ising/exact/choose.ts';
import { enumeration } from '../../shared/ising/exact/enumeration.ts';
import { type ExactMoments, finish } from '../../shared/ising/exact/method.ts';
import { transferMatrix } from '../../shared/ising/exact/transfer-matrix.ts';
import { type Boundary, lattice } from '../../shared/ising/lattice.ts';
import { uniformModel } from '../../shared/ising/model.ts';
import reference from '../fixtures/exact.json' with { type: 'json' };

function uniform(rows: number, cols: number, boundary: string) {
  return uniformModel(lattice(rows, cols, boundary as Boundary));
}

function transfer(rows: number, cols: number, J: number, h: number): ExactMoments {
  const method = transferMatrix(uniform(rows, cols, 'free'));
  if (method === null) throw new Error('The transfer matrix should apply here.');
  return finish(method.evaluate([J, h]));
}

/** Relative to the value, or to its natural scale where it is smaller than that. */
function expectClose(value: number, expected: number, scale: number, tolerance = 1e-6): void {
  expect(Math.abs(value - expected)).toBeLessThan(tolerance * Math.max(Math.abs(expected), scale));
}

function expectEqualMoments(a: ExactMoments, b: ExactMoments, tolerance: number): void {
  expectClose(a.logZ, b.logZ, 1, tolerance);
  expectClose(a.mean[0], b.mean[0], 1, tolerance);
  expectClose(a.mean[1], b.mean[1], 1, tolerance);
  for (const k of [0, 1, 3]) {
    const scale = Math.sqrt(b.covariance[k < 3 ? 0 : 3] * b.covariance[k > 0 ? 3 : 0]);
    expectClose(a.covariance[k], b.covariance[k], scale, tolerance);
  }
}

const computable = reference.cases.filter(({ rows, cols, boundary }) =>
  exactMethodFor(uniform(rows, cols, boundary)),
);

describe('exact methods', () => {
  it.each(computable)(
    'reproduce every number of $rows × $cols, $boundary, J = $J, h = $h',
    ({ rows, cols, boundary, J, h, ...expected }) => {
      const method = exactMethodFor(uniform(rows, cols, boundary));
      if (method === null) throw new Error('An exact method should apply here.');
      const { logZ, mean, covariance } = finish(method.evaluate([J, h]));
      const { varB, varM } = expected;
      expectClose(logZ, expected.logZ, 1);
      expectClose(mean[0], expected.meanB, 1);
      expectClose(mean[1], expected.meanM, 1);
      expectClose(covariance[0], varB, 1);
      expectClose(covariance[1], expected.covBM, Math.sqrt(varB * varM));
      expectClose(covariance[3], varM, 1);
    },
  );

  it('agree with each other wherever two apply, also far from equilibrium values', () => {
    const shape = fc.constantFrom([1, 9], [2, 3], [3, 4], [4, 2], [3, 5], [2, 8]);
    const J = fc.double({ min: -3, max: 3, noNaN: true });
    const h = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(shape, J, h, ([rows, cols], coupling, field) => {
        const byEnumeration = finish(
          enumeration(uniform(rows, cols, 'free')).evaluate([coupling, field]),
        );
        const byTransfer = transfer(rows, cols, coupling, field);
        expectClose(byTransfer.logZ, byEnumeration.logZ, 1, 1e-11);
        expectClose(byTransfer.mean[0], byEnumeration.mean[0], rows * cols, 1e-9);
        expectClose(byTransfer.mean[1], byEnumeration.mean[1], 1, 1e-9);
        for (const k of [0, 1, 3]) {
          expectClose(byTransfer.covariance[k], byEnumeration.covariance[k], 1, 1e-7);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('keep the symmetries h → −h and, at h = 0, J → −J', () => {
    const plus = transfer(7, 9, 0.37, 5);
    const minus = transfer(7, 9, 0.37, -5);
    expectClose(minus.logZ, plus.logZ, 1, 1e-12);
    expectClose(minus.mean[1], -plus.mean[1], 1, 1e-10);
    expectClose(minus.covariance[1], -plus.covariance[1], 1, 1e-9);
    const ferro = transfer(6, 8, 0.5, 0);
    const antiferro = transfer(6, 8, -0.5, 0);
    expectClose(antiferro.logZ, ferro.logZ, 1, 1e-12);
    expectClose(antiferro.mean[0], -ferro.mean[0], 1, 1e-10);
    expectEqualMoments(transfer(9, 6, 0.2, 1), transfer(6, 9, 0.2, 1), 1e-10);
  });

  it('derive: the moments are the derivatives of log Z', () => {
    const [J, h, step] = [0.3, 2, 1e-4];
    const here = transfer(8, 8, J, h);
    const right = transfer(8, 8, J + step, h);
    const left = transfer(8, 8, J - step, h);
    expectClose((right.logZ - left.logZ) / (2 * step), here.mean[0], 1, 1e-6);
    expectClose((right.mean[0] - left.mean[0]) / (2 * step), here.covariance[0], 1, 1e-6);
    expectClose((right.mean[1] - left.mean[1]) / (2 * step), here.covariance[1], 1, 1e-6);
  });

  it('give tanh(h/n) for independent sites, and t = tanh J along an open chain', () => {
    expectClose(transfer(5, 5, 0, 10).mean[1], Math.tanh(10 / 25), 1, 1e-12);
    expectClose(transfer(1, 50, 0.8, 0).mean[0], 49 * Math.tanh(0.8), 1, 1e-12);
    expectClose(
      transfer(1, 50, 0.8, 0).logZ,
      50 * Math.LN2 + 49 * Math.log(Math.cosh(0.8)),
      1,
      1e-12,
    );
  });

  it('stay finite where weights would overflow', () => {
    for (const [J, h] of [
      [3, 0],
      [-3, 500],
      [5, -2000],
    ]) {
      const { logZ, mean, covariance } = transfer(12, 14, J, h);
      expect([logZ, ...mean, ...covariance].every(Number.isFinite)).toBe(true);
    }
  });
});
