import { describe, expect, it } from 'vitest';
import type { SpinData } from '../../shared/data/dataset.ts';
import { type Estimate, standardErrors } from '../../shared/inference/estimate.ts';
import type { FitOptions } from '../../shared/inference/options.ts';
import { pose, startFit } from '../../shared/inference/start.ts';
import { evaluate } from '../../shared/models/contract.ts';
import { plainColumns } from '../../shared/models/lattice/exact/columns.ts';
import { lattice } from '../../shared/models/lattice/lattice.ts';
import { uniformModel } from '../../shared/models/registry.ts';
import { draw, fitOptions, referenceSamplers } from './synthetic.ts';

const side = 3;
const sites = side * side;
const model = uniformModel(lattice(side, side, 'free'));
/** (B, S) of all 512 configurations, counted here. */
const all = Array.from({ length: 2 ** sites }, (_, code) => {
  const spins = Int8Array.from({ length: sites }, (_, k) => ((code >> k) & 1 ? 1 : -1));
  const [B, m] = evaluate(model, spins);
  return [B, m * sites] as const;
});

const allUp: SpinData = {
  rows: side,
  cols: side,
  images: 4,
  spins: new Int8Array(4 * sites).fill(1),
};

/** M ℓ − Σ θ²/2σ² in the coordinates (J, h per site), by summing over all configurations. */
function logPosterior(data: SpinData, [sJ, sh]: readonly [number, number]) {
  const { mean } = pose(data, fitOptions({})).observed;
  const [B, S] = [mean[0], mean[1] * sites];
  return ([J, h]: readonly [number, number]) => {
    const Z = all.reduce((sum, [b, s]) => sum + Math.exp(J * b + h * s), 0);
    return (
      data.images * (J * B + h * S - Math.log(Z)) - J ** 2 / sJ ** 2 / 2 - h ** 2 / sh ** 2 / 2
    );
  };
}

/** Climbs by trying all neighbours of ever finer grids. */
function maximise(f: (at: [number, number]) => number): [number, number] {
  let best: [number, number] = [0, 0];
  for (let step = 0.5; step > 1e-8; ) {
    const [J, h] = best;
    const around = [-1, 0, 1].flatMap((a) =>
      [-1, 0, 1].map((b): [number, number] => [J + a * step, h + b * step]),
    );
    const next = around.reduce((top, at) => (f(at) > f(top) ? at : top), best);
    if (next === best) step /= 2;
    best = next;
  }
  return best;
}

function estimated(data: SpinData, changes: Partial<FitOptions>): Estimate {
  const run = startFit(data, fitOptions(changes), {
    samplers: referenceSamplers,
    columns: plainColumns,
  });
  while (!run.advance());
  return run.estimate();
}

describe('a Gaussian prior', () => {
  const priors = [
    [[1], [1, 1]],
    [
      [0.5, 2],
      [0.5, 2],
    ],
  ] as const;

  it.each(priors)(
    'of widths %s gives all-bright pictures the answer of enumeration',
    (prior, [sJ, sh]) => {
      const f = logPosterior(allUp, [sJ, sh]);
      const [J, h] = maximise(f);
      const exact = estimated(allUp, { method: 'exact', prior });
      expect(exact.exists && exact.converged).toBe(true);
      expect(exact.parameters[0]).toBeCloseTo(J, 5);
      expect(exact.parameters[1] / sites).toBeCloseTo(h, 5);

      // its errors are the curvature of the log-posterior, here by differences
      const e = 1e-3;
      const bend = (a: number, b: number) => {
        const at = (x: number, y: number) => f([J + x * e, h + y * e]);
        const [u, v] = [
          [1, 0],
          [0, 1],
        ];
        const d = [a === 0 ? u : v, b === 0 ? u : v];
        const sum = (p: number, q: number) =>
          at(p * d[0][0] + q * d[1][0], p * d[0][1] + q * d[1][1]);
        return -(sum(1, 1) - sum(1, -1) - sum(-1, 1) + sum(-1, -1)) / (4 * e * e);
      };
      const [jj, jh, hh] = [bend(0, 0), bend(0, 1), bend(1, 1)];
      const determinant = jj * hh - jh * jh;
      const [errorJ, errorH] = standardErrors(exact.covariance ?? new Float64Array(4));
      expect(errorJ).toBeCloseTo(Math.sqrt(hh / determinant), 3);
      expect(errorH / sites).toBeCloseTo(Math.sqrt(jj / determinant), 3);

      // sampling finds the same
      const { parameters, monteCarloError, converged } = estimated(allUp, { method: 'mle', prior });
      expect(converged).toBe(true);
      for (const [a, truth] of [J, h * sites].entries()) {
        expect(Math.abs(parameters[a] - truth)).toBeLessThan(4.5 * monteCarloError[a]);
        // the control: half an error off would show
        const error = [errorJ, errorH][a];
        expect(0.5 * error).toBeGreaterThan(4.5 * monteCarloError[a]);
      }
    },
  );

  it.each(['exact', 'pseudolikelihood'] as const)('is needed by %s (control)', (method) => {
    expect(estimated(allUp, { method }).exists).toBe(false);
  });

  it('gives pseudolikelihood the top of its own penalised sum', () => {
    const f = ([J, h]: readonly [number, number]) => {
      // corners have two neighbours, sides three, the middle four, all bright
      const sum = [4, 2, 4, 3, 1, 4].reduce((total, value, k, list) => {
        if (k % 2 === 1) return total;
        const field = list[k + 1] * J + h;
        return total - value * Math.log1p(Math.exp(-2 * field));
      }, 0);
      return allUp.images * sum - J ** 2 / 2 - h ** 2 / 2;
    };
    const [J, h] = maximise(f);
    const { parameters } = estimated(allUp, { method: 'pseudolikelihood', prior: [1] });
    expect(parameters[0]).toBeCloseTo(J, 5);
    expect(parameters[1] / sites).toBeCloseTo(h, 5);
  });

  it('pulls eq. (4) to the same answer within its Monte-Carlo error', () => {
    const data = draw({ rows: 4, cols: 4, boundary: 'free' }, 0.25, 0.05, 40, 3);
    const prior = [0.05];
    const exact = estimated(data, { method: 'exact', prior });
    const free = estimated(data, { method: 'exact' });
    const found = estimated(data, { method: 'gradient', prior, seed: 2 });
    expect(found.converged).toBe(true);
    for (let a = 0; a < 2; a++) {
      const error = found.monteCarloError[a];
      expect(Math.abs(found.parameters[a] - exact.parameters[a])).toBeLessThan(4 * error);
    }
    // the control: without the pull J would be elsewhere
    const away = Math.abs(free.parameters[0] - exact.parameters[0]);
    expect(away).toBeGreaterThan(8 * found.monteCarloError[0]);
  });

  it('says nothing where it is wide: estimate and errors are those without it', () => {
    const data = draw({ rows: 4, cols: 4, boundary: 'free' }, 0.25, 0.05, 40, 3);
    for (const method of ['exact', 'pseudolikelihood'] as const) {
      const [wide, none] = [estimated(data, { method, prior: [1e4] }), estimated(data, { method })];
      for (let a = 0; a < 2; a++) {
        expect(wide.parameters[a] / none.parameters[a]).toBeCloseTo(1, 5);
        expect((wide.covariance?.[3 * a] ?? 0) / (none.covariance?.[3 * a] ?? 1)).toBeCloseTo(1, 5);
        expect((wide.sandwich?.[3 * a] ?? 0) / (none.sandwich?.[3 * a] ?? 1)).toBeCloseTo(1, 5);
      }
    }
  });

  it('refuses widths that are neither one nor one a parameter', () => {
    expect(() => estimated(allUp, { prior: [1, 1, 1] })).toThrow('takes one, or 2');
  });
});
