import { describe, expect, it } from 'vitest';
import { climb, type Hill } from '../../shared/numerics/newton.ts';
import { finish } from '../../shared/numerics/yielding.ts';

const rules = { settled: 1e-14, mostSteps: 50 };

/** Climbs a function of one variable, given with its first derivative and minus its second. */
function climbed(
  f: (x: number) => readonly [number, number, number] | null,
  start: number,
  more: Partial<Parameters<typeof climb<Hill, never>>[2]> = {},
) {
  // biome-ignore lint/correctness/useYield: nothing to wait for
  const at = function* ([x]: Float64Array): Generator<never, Hill | null> {
    const value = f(x);
    if (value === null) return null;
    const [height, slope, bend] = value;
    return { height, gradient: Float64Array.of(slope), curvature: Float64Array.of(bend) };
  };
  return finish(climb(at, Float64Array.of(start), { ...rules, ...more }));
}

/** −ln cosh x: Newton's method alone runs away from where |x| > 1.09. */
const wide = (x: number) =>
  [-Math.log(Math.cosh(x)), -Math.tanh(x), 1 / Math.cosh(x) ** 2] as const;

describe('climbing by Newton’s method', () => {
  it('halves steps that lead down, and ends at the top', () => {
    const found = climbed(wide, 2);
    expect(found?.end).toBe('top');
    expect(found?.theta[0]).toBeCloseTo(0, 7);
  });

  it('takes any part of a step that it is told to, however long the step', () => {
    // hardly any curvature there: the whole step is some 10¹⁴
    const part = (step: Float64Array) => Math.min(1, 1 / Math.abs(step[0]));
    const found = climbed(wide, 17, { part });
    expect(found?.end).toBe('top');
    expect(found?.theta[0]).toBeCloseTo(0, 7);
  });

  it('says where nothing bends any more, where it was told it is far, and where steps ran out', () => {
    expect(climbed((x) => [x, 1, 0], 1)?.end).toBe('edge');
    const far = climbed((x) => [-Math.exp(-x), Math.exp(-x), Math.exp(-x)], 0, {
      isFar: ([x]) => x > 5,
    });
    expect([far?.end, Math.floor(far?.theta[0] ?? 0)]).toEqual(['edge', 6]);
    expect(climbed(wide, 2, { mostSteps: 2 })?.end).toBe('exhausted');
  });

  it('stays within reach, and calls no point a top whose way up is out of it', () => {
    expect(climbed(() => null, 0)).toBeNull();
    const walled = climbed((x) => (x > 1 ? null : [-((x - 2) ** 2), -2 * (x - 2), 2]), 0);
    expect(walled?.end).toBe('exhausted');
    expect(walled?.theta[0]).toBeLessThanOrEqual(1);
  });
});
