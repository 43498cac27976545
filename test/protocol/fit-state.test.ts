import { describe, expect, it } from 'vitest';
import { gradient } from '../../shared/inference/estimators/gradient.ts';
import { mle } from '../../shared/inference/estimators/mle.ts';
import { pose } from '../../shared/inference/start.ts';
import { isFitState } from '../../shared/protocol/fit-state.ts';
import { fitOptions, referenceSamplers } from '../inference/synthetic.ts';

const data = {
  ...{ rows: 3, cols: 3, images: 4 },
  spins: Int8Array.from({ length: 36 }, (_, k) => ((k * k) % 7 < 4 ? 1 : -1)),
};

/** The state of a fit under way, with some of its values changed. */
function state(estimator: typeof gradient, changes: object = {}): unknown {
  const options = fitOptions({ seed: 1 }, { sweepsPerStep: 2 });
  const run = estimator.start(pose(data, options), options, referenceSamplers);
  run.advance(3);
  return { ...(run.snapshot() as object), ...changes };
}

describe('the states that fits go on from', () => {
  it.each([gradient, mle])('are known where $name gave them, and null begins anew', (estimator) => {
    expect(isFitState(state(estimator), 2, 9)).toBe(true);
    expect(isFitState(null, 2, 9)).toBe(true);
    // of another model, or another lattice
    expect(isFitState(state(estimator), 1, 9)).toBe(false);
    expect(isFitState({}, 2, 9)).toBe(false);
  });

  // what forging found
  it.each([
    ['parameters of another number', { theta: new Float64Array(3) }],
    ['parameters that are no numbers', { theta: Float64Array.of(0, Number.NaN) }],
    ['a step that takes minutes', { sweepsPerStep: 4_194_304 }],
    ['an average of another size', { average: { steps: 1, length: 1, sums: new Float64Array(9) } }],
    [
      'an average beyond its batches',
      { average: { steps: 81, length: 1, sums: new Float64Array(640) } },
    ],
  ])('are refused with %s', (_, changes) => {
    expect(isFitState(state(gradient, changes), 2, 9)).toBe(false);
  });

  it('are refused where a sweep would be of more clusters than the lattice has room for', () => {
    const { mixing } = state(gradient) as { mixing: object };
    const updates = (wolff: number) => ({ heatBath: 0, swendsenWang: 0, wolff });
    const mixed = (wolff: number) =>
      state(gradient, { mixing: { ...mixing, updates: updates(wolff) } });
    expect(isFitState(mixed(36), 2, 9)).toBe(true);
    expect(isFitState(mixed(37), 2, 9)).toBe(false);
  });
});
