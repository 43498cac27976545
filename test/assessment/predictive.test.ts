import { describe, expect, it } from 'vitest';
import { overallSentence, verdictOf } from '../../shared/assessment/sentences.ts';
import { imageSpins } from '../../shared/data/dataset.ts';
import { sfc32, uniform } from '../../shared/numerics/random.ts';
import { comparisonOf, drawn, fitted } from './fitted.ts';

/** √N times the largest distance of the values' distribution from a uniform one. */
function kolmogorov(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const distance = sorted.map((x, k) => Math.max(Math.abs(x - k / n), Math.abs(x - (k + 1) / n)));
  return Math.sqrt(n) * Math.max(...distance);
}

function comparisonFor(
  data: ReturnType<typeof drawn>,
  boundary: 'free' | 'periodic',
  seed: number,
) {
  const input = fitted(data, boundary, 'exact', seed);
  return input && comparisonOf(input);
}

describe('p-values of data that the model has drawn', () => {
  it.each([
    [{ rows: 6, cols: 6, boundary: 'free' as const }, 0.25, 0.05, 5],
    [{ rows: 6, cols: 6, boundary: 'periodic' as const }, 0.35, 0, 40],
  ])('are uniform: %j, J = %f, h = %f per site, %i images', (shape, J, h, images) => {
    const values = new Map<string, number[]>();
    let outside = 0;
    const sets = 40;
    for (let seed = 0; seed < sets; seed++) {
      const data = drawn(shape, [J, 36 * h], images, 500 + seed);
      const found = comparisonFor(data, shape.boundary, seed);
      if (!found) throw new Error('These data have an estimate.');
      for (const { name, pValue } of found.comparisons) {
        values.set(name, [...(values.get(name) ?? []), pValue]);
      }
      if (found.overallP < 0.05) outside++;
    }
    // √N D is above 1.95 with probability 0.001
    for (const name of [
      'rows-1',
      'columns-2',
      'falling-1',
      'plaquette',
      'cluster-size',
      'spread-J',
    ]) {
      expect(values.get(name), name).toHaveLength(sets);
      expect(kolmogorov(values.get(name) ?? []), name).toBeLessThan(1.95);
    }
    // 5 % of 40 sets, within four standard errors
    expect(outside).toBeLessThan(8);
  });

  it('are not, where couplings along rows and columns differ a little (control)', () => {
    const pValues = Array.from({ length: 20 }, (_, seed) => {
      const shape = { rows: 6, cols: 6, boundary: 'free' as const };
      const data = drawn(shape, [0.35, 0.15, 0], 20, seed, { name: 'anisotropic' });
      const found = comparisonFor(data, 'free', seed);
      return found?.comparisons.find(({ name }) => name === 'rows-1')?.pValue ?? 1;
    });
    expect(kolmogorov(pValues)).toBeGreaterThan(1.95);
  });
});

describe('pictures that the model does not draw', () => {
  const shape = { rows: 12, cols: 12, boundary: 'free' as const };

  it('are told by their stripes', () => {
    const data = drawn(shape, [0.45, 0.1, 0], 20, 3, { name: 'anisotropic' });
    const found = comparisonFor(data, 'free', 1);
    if (!found) throw new Error('These data have an estimate.');
    expect(found.overallP).toBeLessThan(0.01);
    expect(overallSentence(found)).toMatch(/does not describe.*stripes along rows/);
    const near = (direction: string) =>
      found.comparisons.find((c) => c.direction === direction && c.distance === 1)?.z ?? 0;
    expect(near('rows')).toBeGreaterThan(4);
    expect(near('columns')).toBeLessThan(-4);
  });

  it('are told by their shapes of one size, and by a trace of stripes only where that is most of it', () => {
    // squares of 3 × 3 of one colour each, from anywhere
    const generator = sfc32(7);
    const spins = new Int8Array(40 * 144);
    for (let i = 0; i < 40; i++) {
      const [down, right] = [0, 1].map(() => Math.floor(3 * uniform(generator)));
      const squares = Array.from({ length: 25 }, () => (uniform(generator) < 0.5 ? 1 : -1));
      for (let k = 0; k < 144; k++) {
        const row = Math.floor((Math.floor(k / 12) + down) / 3);
        spins[144 * i + k] = squares[5 * row + Math.floor(((k % 12) + right) / 3)];
      }
    }
    const found = comparisonFor({ rows: 12, cols: 12, images: 40, spins }, 'free', 2);
    if (!found) throw new Error('These data have an estimate.');
    const striped = found.comparisons.map((c) => {
      if (c.distance !== 1 || !/^(rows|columns)-/.test(c.name)) return c;
      return { ...c, z: c.name === 'rows-1' ? 4.8 : -4.8, adjustedP: 0.001 };
    });
    const sentence = (comparisons: typeof striped) => overallSentence({ ...found, comparisons });
    expect(sentence(striped)).toMatch(/shapes of about one size/);
    expect(sentence(striped)).not.toMatch(/stripes/);
    const near = striped.filter(({ name }) => /^(rows|columns)-1$/.test(name));
    expect(sentence(near)).toMatch(/stripes along rows/);
  });

  it('are told by their being of two kinds', () => {
    const one = drawn(shape, [0.2, 0], 20, 4);
    const other = drawn(shape, [0.2, 60], 10, 5);
    const spins = one.spins.slice();
    for (let i = 0; i < 10; i++) spins.set(imageSpins(other, i), i * 144);
    const found = comparisonFor({ ...one, spins }, 'free', 2);
    if (!found) throw new Error('These data have an estimate.');
    expect(overallSentence(found)).toMatch(/not all of one kind/);
  });

  it('are not told where they are the model’s own', () => {
    const found = comparisonFor(drawn(shape, [0.3, 3], 20, 6), 'free', 3);
    expect(found && overallSentence(found)).toMatch(/^The model describes/);
    expect(found?.comparisons.every((c) => verdictOf(c) !== 'differs')).toBe(true);
  });
});
