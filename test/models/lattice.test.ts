import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  axisBonds,
  axisProducts,
  bondCount,
  isBipartite,
  lattice,
} from '../../shared/models/lattice/lattice.ts';

const side = fc.integer({ min: 3, max: 12 });
const boundary = fc.constantFrom('free' as const, 'periodic' as const);

describe('lattice', () => {
  it('has as many bonds as the formula says, each once', () => {
    fc.assert(
      fc.property(side, side, boundary, (rows, cols, edges) => {
        const l = lattice(rows, cols, edges);
        const bonds = [...axisBonds(l, 'horizontal'), ...axisBonds(l, 'vertical')];
        const pairs = new Set<string>();
        for (let k = 0; k < bonds.length; k += 2) {
          pairs.add([bonds[k], bonds[k + 1]].sort((a, b) => a - b).join());
        }
        expect(bonds.length / 2).toBe(bondCount(l));
        expect(pairs.size).toBe(bondCount(l));
        expect(bondCount(l)).toBe(
          edges === 'periodic' ? 2 * rows * cols : rows * (cols - 1) + cols * (rows - 1),
        );
      }),
    );
  });

  it('sums products over the bonds without listing them', () => {
    const thin = fc.constantFrom(1, 3, 4, 9);
    fc.assert(
      fc.property(
        thin,
        side,
        boundary,
        fc.infiniteStream(fc.boolean()),
        (rows, cols, edges, up) => {
          const l = lattice(rows, cols, edges);
          const spins = Int8Array.from({ length: rows * cols }, () => (up.next().value ? 1 : -1));
          for (const axis of ['horizontal', 'vertical'] as const) {
            const bonds = axisBonds(l, axis);
            let sum = 0;
            for (let k = 0; k < bonds.length; k += 2) sum += spins[bonds[k]] * spins[bonds[k + 1]];
            expect(axisProducts(l, axis, spins)).toBe(sum);
          }
        },
      ),
    );
  });

  it('is bipartite exactly when the checkerboard separates every bond', () => {
    fc.assert(
      fc.property(side, side, boundary, (rows, cols, edges) => {
        const l = lattice(rows, cols, edges);
        const colour = (k: number) => (Math.floor(k / cols) + (k % cols)) % 2;
        const bonds = [...axisBonds(l, 'horizontal'), ...axisBonds(l, 'vertical')];
        let separated = true;
        for (let k = 0; k < bonds.length; k += 2) {
          separated &&= colour(bonds[k]) !== colour(bonds[k + 1]);
        }
        expect(isBipartite(l)).toBe(separated);
      }),
    );
  });

  it('treats one row as a chain or a ring, and refuses a torus with a side of two', () => {
    expect(bondCount(lattice(1, 7, 'free'))).toBe(6);
    expect(bondCount(lattice(1, 7, 'periodic'))).toBe(7);
    expect(() => lattice(2, 5, 'periodic')).toThrow(/join neighbours twice/);
    expect(() => lattice(1, 1, 'free')).toThrow(/two sites/);
    expect(() => lattice(2.5, 4, 'free')).toThrow(/whole numbers/);
  });
});
