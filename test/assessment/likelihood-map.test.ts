import { describe, expect, it } from 'vitest';
import { exactMap, mapAxes, reweightedMap } from '../../shared/assessment/likelihood-map.ts';
import { standardErrors } from '../../shared/inference/estimate.ts';
import { evaluate } from '../../shared/models/contract.ts';
import { exactMethodFor } from '../../shared/models/lattice/exact/choose.ts';
import { finish } from '../../shared/numerics/yielding.ts';
import { drawn, finishCheck, fitted, samplersHere } from './fitted.ts';

const shape = { rows: 6, cols: 6, boundary: 'free' as const };

/** No prior. */
const none = new Float64Array(2);

function prepared(images: number) {
  const input = fitted(drawn(shape, [0.3, 2], images, 8), 'free', 'exact', 1);
  if (!input?.estimate.covariance) throw new Error('These data have an estimate.');
  const { problem, estimate } = input;
  const method = exactMethodFor(problem.model);
  if (!method) throw new Error('There is an exact method for this lattice.');
  const errors = standardErrors(input.estimate.covariance ?? new Float64Array(4));
  const axes = mapAxes(estimate.parameters, errors, 36, []);
  const exact = finish(exactMap(method, axes, 36, problem, images, () => {}));
  return { input, axes, exact };
}

/** T of configurations drawn at θ̂. */
function samples({ problem, estimate }: ReturnType<typeof prepared>['input']): Float64Array {
  const sampler = samplersHere(problem.model, 64, 9);
  sampler.setParameters(estimate.parameters);
  sampler.run(100, 100);
  const values = new Float64Array(2 * 6400);
  for (let k = 0; k < 6400; k++) {
    if (k % 64 === 0) sampler.run(8, 8);
    values.set(evaluate(problem.model, sampler.spins(k % 64)), 2 * k);
  }
  return values;
}

describe('the likelihood map', () => {
  it('has its top at the exact estimate, and falls off as a likelihood of two parameters does', () => {
    const { exact, input } = prepared(30);
    const { x, y, values } = exact;
    const top = values.indexOf(0);
    const at = (axis: typeof x, k: number) =>
      axis.min + ((axis.max - axis.min) * k) / (axis.count - 1);
    const spacing = (axis: typeof x) => (axis.max - axis.min) / (axis.count - 1);
    const { parameters } = input.estimate;
    expect(Math.abs(at(x, top % x.count) - parameters[0])).toBeLessThanOrEqual(spacing(x));
    expect(Math.abs(at(y, Math.floor(top / x.count)) - parameters[1] / 36)).toBeLessThanOrEqual(
      spacing(y),
    );
    // χ² of two degrees of freedom: the 95 % region holds more than the 68 %, both lie inside
    const within = (depth: number) => values.filter((value) => value > -depth).length;
    expect(within(1.139)).toBeGreaterThan(10);
    expect(within(2.996)).toBeGreaterThan(2 * within(1.139));
    for (let k = 0; k < x.count; k++) expect(values[k]).toBeLessThan(-2.9);
  });

  it('is the same by reweighting, within its noise, wherever that is safe', () => {
    const { exact, axes, input } = prepared(30);
    const map = finish(
      reweightedMap(samples(input), input.estimate.parameters, null, none, axes, 36, 30),
    );
    expect(map.continued).toEqual([]);
    map.values.forEach((value, k) => {
      // curvature from 6400 samples is known to 2 %, the corners lie where noise is a little larger
      expect(Math.abs(value - exact.values[k])).toBeLessThan(
        0.05 + 0.08 * Math.abs(exact.values[k]),
      );
    });
  });

  it('says where reweighting is not safe: far away with one image', () => {
    const { axes, input } = prepared(30);
    const wide = axes.map((axis) => {
      const middle = (axis.min + axis.max) / 2;
      return {
        ...axis,
        min: middle + 6 * (axis.min - middle),
        max: middle + 6 * (axis.max - middle),
      };
    });
    const map = finish(
      reweightedMap(
        samples(input),
        input.estimate.parameters,
        null,
        none,
        [wide[0], wide[1]],
        36,
        1,
      ),
    );
    expect(map.continued.length).toBeGreaterThan(50);
    const middle = Math.floor(map.values.length / 2);
    expect(map.continued).not.toContain(middle);
  });
});

describe('a whole check', () => {
  it('is the same from the same seed, and its parts fit together', () => {
    const input = fitted(drawn(shape, [0.3, 2], 12, 8), 'free', 'mle', 1);
    if (!input) throw new Error('These data have an estimate.');
    const [first, second] = [finishCheck(input), finishCheck(input)];
    expect(second).toEqual(first);
    const other = finishCheck({ ...input, seed: 2, effectiveImages: 3.2 });
    const model = ({ findings }: typeof first) => findings.map((finding) => finding.model);
    expect(model(other)).not.toEqual(model(first));
    expect(first.evidence.logZ.error).toBe(0);
    expect(first.map?.method).toBe('exact');
    expect(first.marks.exact?.J).toBeCloseTo(input.estimate.parameters[0], 2);
    expect(first.marks.pseudolikelihood).not.toBeNull();
    expect(first.position.sentence).toMatch(/J_c/);
    expect(first.findings.length).toBeGreaterThan(25);
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
    // a sequence is worth fewer images than AIC counts
    expect(first.warnings).toEqual([]);
    expect(other.warnings[0]).toMatch(
      /AIC and BIC take the 12 images for independent, which are worth 3\.20/,
    );
  });

  it('marks the statistic that its sentence names', () => {
    const input = fitted(
      drawn(shape, [0.45, 0.1, 0], 12, 3, { name: 'anisotropic' }),
      'free',
      'mle',
      1,
    );
    if (!input) throw new Error('These data have an estimate.');
    const { findings, sentence } = finishCheck(input);
    const named = findings.filter(({ isNamed }) => isNamed);
    expect(named).toHaveLength(1);
    expect(sentence).toContain(named[0].sentence);
  });
});
