import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dragged, type Grip, grips, inside, typed } from '../../renderer/state/crop.ts';

const picture = fc.record({
  width: fc.integer({ min: 40, max: 5000 }),
  height: fc.integer({ min: 40, max: 5000 }),
});
const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const by = fc.double({ min: -6000, max: 6000, noNaN: true });
const grip = fc.constantFrom<Grip>('move', ...grips);

/** A picture and a crop that lies in it. */
const cropped = fc
  .tuple(picture, fraction, fraction, fraction, fraction)
  .map(([size, a, b, c, d]) => {
    const width = 8 + Math.floor(a * (size.width - 8));
    const height = 8 + Math.floor(b * (size.height - 8));
    const x = Math.floor(c * (size.width - width));
    const y = Math.floor(d * (size.height - height));
    return { size, crop: { x, y, width, height } };
  });

describe('a dragged crop', () => {
  it('stays in the picture in whole pixels, whatever is dragged wherever', () => {
    const aspect = fc.option(fc.double({ min: 0.25, max: 4, noNaN: true }));
    fc.assert(
      fc.property(cropped, grip, by, by, aspect, ({ size, crop }, held, dx, dy, ratio) => {
        const result = dragged(crop, held, dx, dy, ratio, size);
        const numbers = [result.x, result.y, result.width, result.height];
        expect(numbers.every(Number.isInteger)).toBe(true);
        expect(Math.min(result.x, result.y)).toBeGreaterThanOrEqual(0);
        expect(Math.min(result.width, result.height)).toBeGreaterThanOrEqual(2);
        expect(result.x + result.width).toBeLessThanOrEqual(size.width);
        expect(result.y + result.height).toBeLessThanOrEqual(size.height);
      }),
    );
  });

  it('keeps the lattice’s shape to within a pixel', () => {
    fc.assert(
      fc.property(cropped, fc.constantFrom(...grips), by, by, ({ size, crop }, held, dx, dy) => {
        const { width, height } = dragged(crop, held, dx, dy, 2, size);
        expect(Math.abs(width - 2 * height)).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('grows and shrinks by either arrow at a corner, its shape kept', () => {
    const crop = { x: 20, y: 30, width: 40, height: 20 };
    const size = { width: 100, height: 100 };
    const shape = (dx: number, dy: number) => {
      const { width, height } = dragged(crop, 'se', dx, dy, 2, size);
      return [width, height];
    };
    expect([shape(-10, 0), shape(0, -5)]).toEqual([
      [30, 15],
      [30, 15],
    ]);
    expect([shape(10, 0), shape(0, 5)]).toEqual([
      [50, 25],
      [50, 25],
    ]);
  });

  it('keeps the sides that are not held', () => {
    fc.assert(
      fc.property(cropped, by, by, ({ size, crop }, dx, dy) => {
        const se = dragged(crop, 'se', dx, dy, null, size);
        expect([se.x, se.y]).toEqual([crop.x, crop.y]);
        const nw = dragged(crop, 'nw', dx, dy, null, size);
        expect([nw.x + nw.width, nw.y + nw.height]).toEqual([
          crop.x + crop.width,
          crop.y + crop.height,
        ]);
        const moved = dragged(crop, 'move', dx, dy, 1, size);
        expect([moved.width, moved.height]).toEqual([crop.width, crop.height]);
      }),
    );
  });

  it('that is typed lies in the picture and keeps the shape that the lattice has', () => {
    const name = fc.constantFrom('x', 'y', 'width', 'height');
    const aspect = fc.option(fc.double({ min: 0.25, max: 4, noNaN: true }));
    fc.assert(
      fc.property(cropped, name, by, aspect, ({ size, crop }, which, value, ratio) => {
        const result = typed(crop, which, value, ratio, size);
        expect(result).toEqual(inside(result, size));
        if (which === 'x' || which === 'y') {
          expect([result.width, result.height]).toEqual([crop.width, crop.height]);
        } else if (ratio !== null) {
          const { width, height } = result;
          expect(Math.abs(width - height * ratio)).toBeLessThanOrEqual(0.5 * (1 + ratio));
        }
      }),
    );
    const crop = { x: 100, y: 20, width: 300, height: 300 };
    const square = { width: 512, height: 512 };
    expect(typed(crop, 'width', 200, 2, square)).toEqual({ ...crop, width: 200, height: 100 });
    expect(typed(crop, 'height', 200, 2, square)).toEqual({ ...crop, width: 400, height: 200 });
    expect(typed(crop, 'width', 200, null, square)).toEqual({ ...crop, width: 200 });
  });

  it('takes typed numbers into the picture', () => {
    expect(inside({ x: 90, y: -5, width: 50, height: 400 }, { width: 100, height: 60 })).toEqual({
      x: 50,
      y: 0,
      width: 50,
      height: 60,
    });
  });
});
