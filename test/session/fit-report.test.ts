import { expect, it } from 'vitest';
import { pseudolikelihood } from '../../shared/inference/estimators/pseudolikelihood.ts';
import { pose } from '../../shared/inference/start.ts';
import type { ModelName } from '../../shared/models/registry.ts';
import { fitFile } from '../../shared/session/runs/fit-report.ts';
import { draw, fitOptions, runFit } from '../inference/synthetic.ts';

it.each<[ModelName, string]>([
  ['uniform', 'J Σ_<ij> s_i s_j + h/n Σ_i s_i'],
  ['anisotropic', 'Jx Σ_rows s_i s_j + Jy Σ_columns s_i s_j + h/n Σ_i s_i'],
  ['zero-field', 'J Σ_<ij> s_i s_j'],
])('writes the exponent of the model %s that was fitted', (name, exponent) => {
  const data = draw({ rows: 5, cols: 4, boundary: 'free' }, 0.2, 0, 20, 1);
  const options = fitOptions({ seed: 3, model: { name } });
  const found = runFit(pseudolikelihood, data, options);
  const file = fitFile(pose(data, options), found.estimate(), found.trace, {
    ...{ program: { name: 'isinglass', version: '0' }, created: '2026-01-01T00:00:00.000Z' },
    ...{ seconds: 1, method: 'pseudolikelihood', options },
    ...{ sources: [], preparation: null, dataWarnings: [] },
  });
  expect(file.model.convention).toBe(`p ∝ exp(${exponent}), each bond once`);
});
