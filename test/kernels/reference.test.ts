import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceHeatBath, referenceMetropolis } from '../../shared/kernels/reference.ts';
import { evaluate } from '../../shared/models/contract.ts';
import { type Boundary, lattice, siteCount } from '../../shared/models/lattice/lattice.ts';
import { anisotropicModel, uniformModel } from '../../shared/models/registry.ts';
import { mean, meanCovariance } from '../../shared/sampling/moments.ts';
import { localSampler } from '../../shared/sampling/sampler.ts';
import reference from '../fixtures/exact.json' with { type: 'json' };
import { scores } from './scores.ts';

const chains = 32;

/** Largest deviation of ⟨B⟩ and ⟨m⟩ from given values, in standard errors between chains. */
function deviation(
  kind: typeof referenceHeatBath,
  { rows, cols, boundary }: { rows: number; cols: number; boundary: string },
  theta: readonly [number, number],
  expected: readonly [number, number],
): number {
  const model = uniformModel(lattice(rows, cols, boundary as Boundary));
  const sampler = localSampler(kind, model, chains, 7);
  sampler.setParameters(theta);
  sampler.run(400, 400);
  const { moments } = sampler.run(800, 2);
  const average = mean(moments);
  const spread = meanCovariance(moments);
  return Math.max(
    Math.abs(average[0] - expected[0]) / Math.sqrt(spread[0]),
    Math.abs(average[1] - expected[1]) / Math.sqrt(spread[3]),
  );
}

describe.each([referenceHeatBath, referenceMetropolis])('$name', (kind) => {
  it.each(reference.cases)(
    'draws ⟨B⟩ and ⟨m⟩ of $rows × $cols, $boundary, J = $J, h = $h within four standard errors',
    ({ J, h, meanB, meanM, ...shape }) => {
      expect(deviation(kind, shape, [J, h], [meanB, meanM])).toBeLessThan(4);
    },
  );

  it('fails that comparison when J is wrong by 0.01', () => {
    const wrong = reference.cases.filter(
      ({ rows, J, h, meanB, meanM, ...shape }) =>
        rows >= 8 && deviation(kind, { rows, ...shape }, [J + 0.01, h], [meanB, meanM]) > 4,
    );
    expect(wrong.length).toBeGreaterThan(5);
  });

  it('goes on bit for bit from a snapshot', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 53 - 1 }),
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (seed, sweeps, J) => {
          const model = uniformModel(lattice(5, 4, 'periodic'));
          const first = kind.create(model, { chains: 3, seed, stream: 1 });
          first.setParameters([J, 0.7]);
          first.run(sweeps, 1);
          const second = kind.create(model, { chains: 3, seed: 0, stream: 0 });
          second.restore(structuredClone(first.snapshot()));
          expect(second.run(sweeps, 1, true)).toEqual(first.run(sweeps, 1, true));
          expect(second.snapshot()).toEqual(first.snapshot());
        },
      ),
      { numRuns: 30 },
    );
  });

  it('refuses the snapshot of another lattice', () => {
    const small = kind.create(uniformModel(lattice(4, 4, 'free')), {
      chains: 1,
      seed: 1,
      stream: 0,
    });
    const large = kind.create(uniformModel(lattice(4, 5, 'free')), {
      chains: 1,
      seed: 1,
      stream: 0,
    });
    expect(() => large.restore(small.snapshot())).toThrow(/4 × 4 \(free\)/);
  });

  it('reports the moments of what it recorded, and the configuration it stands at', () => {
    const model = anisotropicModel(lattice(6, 7, 'free'));
    const kernel = kind.create(model, { chains: 2, seed: 3, stream: 0 });
    kernel.setParameters([0.2, -0.3, 1]);
    const { moments, series } = kernel.run(10, 2, 'scores');
    const p = 3;
    const values = series?.values ?? new Float64Array();
    expect(moments.measurements).toBe(5);
    for (let c = 0; c < 2; c++) {
      for (let a = 0; a < p; a++) {
        let sum = 0;
        for (let t = 0; t < 5; t++) sum += values[(t * 2 + c) * p + a];
        expect(moments.chainSum[c * p + a]).toBeCloseTo(sum, 12);
      }
      const last = values.subarray((4 * 2 + c) * p, (4 * 2 + c + 1) * p);
      expect(Array.from(evaluate(model, kernel.spins(c)))).toEqual(Array.from(last));
      scores(model, [0.2, -0.3, 1], kernel.spins(c)).forEach((score, a) => {
        expect(series?.scores?.[(4 * 2 + c) * p + a]).toBeCloseTo(score, 12);
      });
    }
    expect(kernel.spins(0)).toHaveLength(siteCount(model.lattice));
  });
});

describe('anisotropic model', () => {
  it('separates couplings along rows and columns: a chain of independent rows when Jy = 0', () => {
    const model = anisotropicModel(lattice(40, 40, 'periodic'));
    const sampler = localSampler(referenceHeatBath, model, 8, 5);
    sampler.setParameters([0.5, 0, 0]);
    sampler.run(100, 100);
    const { moments } = sampler.run(400, 1);
    const [bx, by] = mean(moments);
    const spread = meanCovariance(moments);
    // a ring of 40 spins: ⟨s s'⟩ = (t + t³⁹)/(1 + t⁴⁰), t = tanh J
    expect(Math.abs(bx / 1600 - Math.tanh(0.5))).toBeLessThan((4 * Math.sqrt(spread[0])) / 1600);
    expect(Math.abs(by / 1600)).toBeLessThan((4 * Math.sqrt(spread[4])) / 1600);
  });
});
