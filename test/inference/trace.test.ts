import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StepAverage } from '../../shared/inference/estimators/averaging.ts';
import { blockRows, mostRows, Trace } from '../../shared/inference/trace.ts';
import { type Generator, sfc32, uniform } from '../../shared/numerics/random.ts';
import type { Moments } from '../../shared/sampling/kernel.ts';

const width = 4;
const row = (step: number) => [step, step / 7, -step, 0.5];

describe('a trace', () => {
  it('gives the rows that it was given, whatever was taken between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ rows: fc.nat(3 * blockRows), take: fc.boolean() }), { maxLength: 4 }),
        (actions) => {
          const trace = new Trace(1);
          const given: number[] = [];
          const taken: number[] = [];
          for (const { rows, take } of actions) {
            const added = Array.from({ length: rows }, (_, k) => row(trace.length + k + 1)).flat();
            trace.append(added);
            for (const value of added) given.push(value);
            if (take) for (const value of trace.take()) taken.push(value);
          }
          expect(trace.length).toBe(given.length / width);
          const held = trace.parts().flatMap((part) => Array.from(part));
          expect(held).toEqual(Array.from(trace.slice()));
          expect([...taken, ...held]).toEqual(given);
        },
      ),
      { numRuns: 8, seed: 7 },
    );
  });

  it('holds no row that was taken', () => {
    const trace = Trace.from(1, [...row(1), ...row(2)]);
    trace.take();
    trace.append(row(3));
    expect(trace.length).toBe(3);
    expect(trace.at(0)).toEqual({ step: 3, parameters: [3 / 7], moments: [-3], noise: [0.5] });
    expect(() => trace.at(1)).toThrow(RangeError);
    expect(() => trace.at(-1)).toThrow(RangeError);
  });

  it('keeps every second row, then every fourth, of very many steps, and knows how many they were', () => {
    const trace = new Trace(1);
    for (let steps = 0; steps < 3 * mostRows; steps += 4096) {
      trace.append(Array.from({ length: 4096 }, (_, k) => row(steps + k + 1)).flat());
      expect(trace.length).toBe(steps + 4096);
      expect(trace.rows).toBeLessThan(mostRows);
    }
    // 131,072 steps leave each second row, twice as many each fourth
    expect(trace.rows).toBe((3 * mostRows) / 4);
    for (let k = 0; k < trace.rows; k += 1000) expect(trace.value(k, 0)).toBe(4 * k + 1);
    expect(trace.rowsOf(4001)).toBe(1001);
    const part = trace.upTo(4001);
    expect([part.length, part.rows]).toEqual([4001, 1001]);
    // whoever goes on from there ends with the same rows
    part.append(Array.from({ length: 5000 }, (_, k) => row(4002 + k)).flat());
    expect(Array.from(part.slice())).toEqual(Array.from(trace.slice(0, trace.rowsOf(9001))));
    const reopened = Trace.from(1, trace.slice(), trace.length);
    expect([reopened.length, reopened.rows]).toEqual([trace.length, trace.rows]);
    reopened.append([...row(3 * mostRows + 1), ...row(3 * mostRows + 2)]);
    expect(reopened.at(reopened.rows - 1).step).toBe(3 * mostRows + 1);
    // of so many steps no trace has three rows
    expect(Trace.from(1, trace.slice(0, 3), 13).length).toBe(3);
  });

  it('leaves a full block as it is, and what was given of an unfinished one', () => {
    const trace = new Trace(1);
    for (let step = 1; step <= blockRows + 1; step++) trace.append(row(step));
    const [full, part] = trace.parts();
    const before = part.slice();
    trace.append(row(blockRows + 2));
    expect(trace.parts()[0]).toBe(full);
    expect(part).toEqual(before);
  });
});

/** Nearly Gaussian, of variance 1: the sum of twelve uniform numbers. */
function gaussian(generator: Generator): number {
  let sum = -6;
  for (let k = 0; k < 12; k++) sum += uniform(generator);
  return sum;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('the average over the later half of the steps', () => {
  const generator = sfc32(5, 0);
  const noise = Array.from({ length: 5000 }, () => gaussian(generator));
  const target = { mean: new Float64Array(1), penalty: new Float64Array(1) };

  /** Moments of chains that are one measurement each. */
  const moments = (values: readonly number[]): Moments => ({
    statistics: 1,
    chains: values.length,
    measurements: 1,
    chainSum: Float64Array.from(values),
    product: new Float64Array(1),
  });

  it('is that of the steps themselves', () => {
    fc.assert(
      fc.property(fc.integer({ min: 80, max: 5000 }), (steps) => {
        const average = new StepAverage(1, 2);
        for (let k = 0; k < steps; k++)
          average.add([k + noise[k]], moments([noise[k] - 1, noise[k] + 1]));
        const found = average.averaged(target);
        if (!found) throw new Error('So many steps are enough.');
        // batches of the smallest power of two of which fewer than 80 are whole
        const length = 2 ** Math.max(0, Math.floor(Math.log2(steps / 80)) + 1);
        const whole = Math.floor(steps / length);
        const batches = Math.floor(whole / 2);
        const [from, to] = [(whole - batches) * length, whole * length];
        const used = noise.slice(from, to);
        // two chains that are 2 apart: a covariance of 2
        expect(found.covariance[0]).toBeCloseTo(2, 8);
        expect(found.correction[0]).toBeCloseTo(-mean(used) / 2, 8);
        const path = mean(used.map((value, k) => from + k + value));
        expect(found.parameters[0] - found.correction[0]).toBeCloseTo(path, 8);
        const variance = mean(used.map((value) => value ** 2)) - mean(used) ** 2;
        expect(found.jitter).toBeCloseTo(variance, 8);
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  /** Chains of an autoregressive noise of so many steps, whose mean follows θ − θ̂ with θ̂ = 0, and eq. (4) on them. */
  function equation(alpha: number, chains: number, steps: number, source: Generator) {
    const average = new StepAverage(1, chains);
    const state = new Float64Array(chains);
    let theta = 0;
    for (let k = 0; k < steps; k++) {
      for (let c = 0; c < chains; c++) state[c] = 0.8 * state[c] + 0.6 * gaussian(source);
      const values = Array.from(state, (value) => value + theta);
      average.add([theta], moments(values));
      theta -= alpha * mean(values);
    }
    return average.averaged(target);
  }

  it.each([0.005, 0.05, 0.5])(
    'has an error that holds at α = %f, however long θ remembers',
    (alpha) => {
      const source = sfc32(11, 0);
      const found = Array.from({ length: 150 }, () => equation(alpha, 16, 320, source));
      const square = mean(
        found.map((one) => (one ? one.parameters[0] ** 2 / one.monteCarlo[0] : Number.NaN)),
      );
      // 16 chains: variance 2.6 of Student's t squared, within four standard errors
      expect(Math.abs(square - 1)).toBeLessThan(4 * Math.sqrt(2.6 / 150));
      expect(found.filter((one) => one?.stationary).length).toBeGreaterThan(140);
    },
  );

  it('sees a drift that is more than noise', () => {
    const average = new StepAverage(1, 2);
    for (let k = 0; k < 640; k++) average.add([k / 100], moments([noise[k] - 1, noise[k + 1] + 1]));
    expect(average.averaged(target)?.stationary).toBe(false);
  });

  it('goes on from its state bit for bit, and has no answer for few steps', () => {
    const whole = new StepAverage(1, 2);
    let resumed = new StepAverage(1, 2);
    for (let k = 0; k < 333; k++) {
      if (k === 79) expect(whole.averaged(target)).toBeNull();
      if (k % 50 === 0) resumed = new StepAverage(1, 2, structuredClone(resumed.snapshot()));
      for (const average of [whole, resumed]) {
        average.add([noise[k]], moments([noise[k], noise[k + 1]]));
      }
    }
    expect(resumed.averaged(target)).toEqual(whole.averaged(target));
    expect(whole.averaged(target)).not.toBeNull();
  });
});
