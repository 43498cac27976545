import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readText } from '../../shared/data/arrays/text.ts';
import { countLevels, type GreyImage, histogram, toGrey } from '../../shared/data/image/grey.ts';
import { defaultPreparation, type PreparationOptions } from '../../shared/data/image/options.ts';
import { PictureError } from '../../shared/data/image/picture-error.ts';
import { prepare, prepareArray } from '../../shared/data/image/prepare.ts';
import { centredRegion, whole } from '../../shared/data/image/region.ts';
import { shrink, subsample } from '../../shared/data/image/subsample.ts';

/** A picture of 8 bits, or of 16 where a value is larger. */
function picture(width: number, height: number, values: ArrayLike<number>): GreyImage {
  const deep = Array.from(values).some((v) => v > 255);
  return {
    width,
    height,
    data: deep ? Uint16Array.from(values) : Uint8Array.from(values),
    levels: deep ? 65535 : 255,
  };
}

const anyPicture = fc
  .tuple(
    fc.integer({ min: 2, max: 24 }),
    fc.integer({ min: 2, max: 24 }),
    fc.constantFrom(255, 65535),
  )
  .chain(([width, height, levels]) =>
    fc
      .array(fc.integer({ min: 0, max: levels }), {
        minLength: width * height,
        maxLength: width * height,
      })
      .map((values) => picture(width, height, values)),
  );

const side = fc.integer({ min: 2, max: 12 });

const run = (image: GreyImage, options: Partial<PreparationOptions>) =>
  prepare(image, { ...defaultPreparation, ...options });

/** A picture with a soft blob, noise-free, no two rows alike. */
const slope = (width: number, height: number) =>
  picture(
    width,
    height,
    Array.from(
      { length: width * height },
      (_, k) => ((k % width) * 7 + Math.floor(k / width) * 11) % 251,
    ),
  );

describe('grey', () => {
  it('is Rec. 709 luma over white within one half step, and keeps greys exactly', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(byte, byte, byte, byte, fc.boolean(), (r, g, b, a, deep) => {
        const values = [r, g, b, a].map((v) => (deep ? v * 257 : v));
        const data = deep ? Uint16Array.from(values) : Uint8Array.from(values);
        const white = deep ? 65535 : 255;
        const luma = 0.2126 * values[0] + 0.7152 * values[1] + 0.0722 * values[2];
        const over = white - ((white - luma) * values[3]) / white;
        const grey = toGrey({ width: 1, height: 1, channels: 4, data });
        // two roundings of one half, and weights rounded to 2⁻¹⁶
        expect(Math.abs(grey.data[0] - over)).toBeLessThan(deep ? 2.1 : 1.01);
        expect(
          toGrey({ width: 1, height: 1, channels: 3, data: data.map(() => values[0]) }).data[0],
        ).toBe(values[0]);
      }),
    );
  });

  it('counts every pixel of a region once', () => {
    fc.assert(
      fc.property(anyPicture, (image) => {
        const region = { x: 1, y: 0, width: image.width - 1, height: image.height };
        const pixels = region.width * region.height;
        expect(countLevels(image, region).reduce((a, b) => a + b)).toBe(pixels);
        expect(histogram(image, region).reduce((a, b) => a + b)).toBe(pixels);
      }),
    );
  });
});

describe('subsample', () => {
  it('gives the mean over the exact area of every site, as a brute-force double sum does', () => {
    fc.assert(
      fc.property(anyPicture, side, side, (image, rows, cols) => {
        const { width, height } = image;
        const values = subsample(image, whole(image), rows, cols, 'area');
        for (let q = 0; q < rows; q++) {
          for (let r = 0; r < cols; r++) {
            let [sum, area] = [0, 0];
            for (let y = 0; y < height; y++) {
              for (let x = 0; x < width; x++) {
                const dy =
                  Math.min(y + 1, ((q + 1) * height) / rows) - Math.max(y, (q * height) / rows);
                const dx =
                  Math.min(x + 1, ((r + 1) * width) / cols) - Math.max(x, (r * width) / cols);
                if (dx <= 0 || dy <= 0) continue;
                sum += (dx * dy * image.data[y * width + x] * 255) / image.levels;
                area += dx * dy;
              }
            }
            expect(values[q * cols + r]).toBeCloseTo(sum / area, 8);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('keeps an even surface exactly, and the whole picture at its own size', () => {
    for (const value of [0, 1, 37, 254, 255]) {
      const even = picture(13, 11, new Array(143).fill(value));
      expect(subsample(even, whole(even), 5, 7, 'area').every((v) => v === value)).toBe(true);
    }
    const image = slope(9, 8);
    for (const resample of ['area', 'nearest'] as const) {
      expect([...subsample(image, whole(image), 8, 9, resample)]).toEqual([...image.data]);
    }
  });

  it('takes the pixel at the centre of every site', () => {
    const image = slope(6, 9);
    const values = subsample(image, { x: 0, y: 0, width: 6, height: 9 }, 3, 2, 'nearest');
    const at = (x: number, y: number) => image.data[y * 6 + x];
    expect([...values]).toEqual([at(1, 1), at(4, 1), at(1, 4), at(4, 4), at(1, 7), at(4, 7)]);
  });

  it('shrinks to the longest side and leaves small pictures alone', () => {
    const image = slope(40, 10);
    expect(shrink(image, 20)).toMatchObject({ width: 20, height: 5, levels: 255 });
    expect(shrink(image, 40)).toBe(image);
  });
});

describe('regions', () => {
  it('takes the largest centred region of the shape', () => {
    expect(centredRegion({ width: 640, height: 480 }, 64, 64)).toEqual({
      x: 80,
      y: 0,
      width: 480,
      height: 480,
    });
    fc.assert(
      fc.property(anyPicture, side, side, (image, rows, cols) => {
        const { x, y, width, height } = centredRegion(image, rows, cols);
        expect(width === image.width || height === image.height).toBe(true);
        expect(Math.abs(image.width - width - 2 * x)).toBeLessThanOrEqual(1);
        expect(Math.abs(image.height - height - 2 * y)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('refuses a crop that reaches outside, and options without meaning', () => {
    const image = slope(20, 10);
    const crop = { x: 5, y: 0, width: 16, height: 10 };
    expect(() => run(image, { crop })).toThrow(/5,0,16,10.*outside the picture, which is 20 × 10/);
    expect(run(image, { crop: { ...crop, x: 4 } }).region).toEqual({ ...crop, x: 4 });
    expect(() => run(image, { crop: { ...crop, x: -1 } })).toThrow(RangeError);
    expect(() => run(image, { rows: 1 })).toThrow(
      /rows must be a whole number of at least 2, not 1/,
    );
    expect(() => run(image, { cols: 2.5 })).toThrow(RangeError);
    expect(() => run(image, { threshold: 256 })).toThrow(/0 … 255, not 256/);
    expect(() => run(image, { threshold: Number.NaN })).toThrow(RangeError);
    expect(() => run(image, { tile: 0 })).toThrow(RangeError);
    expect(() => run(slope(1, 9), {})).toThrow(PictureError);
  });
});

describe('prepare', () => {
  it('uses the picture’s own size up to 64 and 64 above', () => {
    expect(run(slope(64, 10), {})).toMatchObject({ rows: 10, cols: 64, windows: 1, warnings: [] });
    expect(run(slope(65, 130), {})).toMatchObject({ rows: 64, cols: 64 });
  });

  it('inverts: same picture, opposite spins', () => {
    fc.assert(
      fc.property(anyPicture, side, side, (image, rows, cols) => {
        const spins = run(image, { rows, cols }).spins;
        expect(spins.every((s) => s === 1 || s === -1)).toBe(true);
        expect([...run(image, { rows, cols, invert: true }).spins]).toEqual(
          Array.from(spins, (s) => -s),
        );
      }),
    );
  });

  it('keeps the two grey levels of a picture, wherever Otsu would cut the averaged ones', () => {
    // three of four pixels of a site are grey 100 and one is 104: the majority decides
    const image = picture(
      4,
      4,
      [100, 100, 104, 104, 100, 104, 104, 104, 100, 100, 100, 100, 104, 100, 100, 104],
    );
    const { spins, threshold } = run(image, { rows: 2, cols: 2 });
    expect(threshold).toBe(102);
    expect([...spins]).toEqual([-1, 1, -1, -1]);
  });

  it('says when pixels are all equal, when the threshold cuts nothing, and when pixels are repeated', () => {
    const black = run(picture(5, 5, new Array(25).fill(0)), {});
    expect(black.spins.every((s) => s === -1)).toBe(true);
    expect(black.warnings.join()).toMatch(
      /All pixels are equal \(grey 0 of 255\), so every spin is −1/,
    );
    expect(run(picture(5, 5, new Array(25).fill(200)), { threshold: 'median' }).spins[0]).toBe(1);
    expect(run(slope(9, 9), { threshold: 255 }).warnings.join()).toMatch(/leaves every spin −1/);
    expect(run(slope(9, 9), { rows: 12, cols: 12 }).warnings.join()).toMatch(
      /smaller than the lattice/,
    );
    const crop = { x: 0, y: 0, width: 90, height: 30 };
    expect(run(slope(99, 99), { crop, rows: 8, cols: 8 }).warnings.join()).toMatch(/stretched/);
  });

  it('says when a picture of spins is made smaller without being asked', () => {
    const spins = (side: number) =>
      picture(
        side,
        side,
        Array.from({ length: side * side }, (_, k) => ((k * k) % 7 < 3 ? 255 : 0)),
      );
    const said = (image: GreyImage, options: Partial<PreparationOptions>) =>
      /two grey levels only/.test(run(image, options).warnings.join());
    expect(said(spins(80), {})).toBe(true);
    // one that fits, one that was given its size, tiles and a picture of greys
    expect(said(spins(64), {})).toBe(false);
    expect(said(spins(80), { rows: 80, cols: 80 })).toBe(false);
    expect(said(spins(80), { tile: 8 })).toBe(false);
    expect(said(slope(80, 80), {})).toBe(false);
  });

  it('says that the median decides m, and nothing of the kind of other rules', () => {
    const said = (threshold: PreparationOptions['threshold']) =>
      run(slope(9, 9), { threshold }).warnings.filter((text) => /median/.test(text)).length;
    expect(said('median')).toBe(1);
    for (const rule of ['otsu', 'mean', 'adaptive', 100] as const) expect(said(rule)).toBe(0);
  });

  it('cuts 16-bit pictures finer than 8 bits can', () => {
    const image = picture(2, 2, [30000, 30010, 30020, 30030]);
    expect([...run(image, { threshold: 'median' }).spins]).toEqual([-1, -1, 1, 1]);
    expect(run(image, { threshold: 30015 / 257 }).spins).toEqual(Int8Array.of(-1, -1, 1, 1));
  });

  it('tiles: every window is that part of the whole region’s spins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), side, side, (tile, rows, cols) => {
        const image = slope(29, 23);
        const all = run(image, { rows: 23, cols: 29 });
        const tiled = run(image, { rows, cols, tile });
        const across = Math.floor((29 - cols) / tile) + 1;
        expect(tiled.windows).toBe(across * (Math.floor((23 - rows) / tile) + 1));
        expect(tiled.threshold).toBe(all.threshold);
        for (let k = 0; k < tiled.spins.length; k++) {
          const window = Math.floor(k / (rows * cols));
          const y = Math.floor(window / across) * tile + (Math.floor(k / cols) % rows);
          const x = (window % across) * tile + (k % cols);
          if (tiled.spins[k] !== all.spins[y * 29 + x]) expect.fail(`window ${window}`);
        }
      }),
      { numRuns: 30 },
    );
    expect(() => run(slope(9, 9), { rows: 10, cols: 4, tile: 1 })).toThrow(/No window of 4 × 10/);
    expect(() => run(picture(3000, 2000, new Uint8Array(6e6)), { tile: 1 })).toThrow(
      /larger stride/,
    );
  });

  it('takes arrays as they are, and refuses another size', () => {
    const array = { rows: 2, cols: 2, windows: 1, spins: Int8Array.of(1, -1, 1, 1) };
    const prepared = prepareArray(array, { ...defaultPreparation, invert: true, tile: 2 });
    expect([...prepared.spins]).toEqual([-1, 1, -1, -1]);
    expect(prepared.warnings.join()).toMatch(/tiles apply to pictures/);
    expect(() => prepareArray(array, { ...defaultPreparation, rows: 4 })).toThrow(
      /cannot be resized to 4 × 2/,
    );
  });

  it('says what looks like a table: names of columns, many rows, rows that repeat', () => {
    const said = (rows: number, cols: number, value: (k: number) => number, names = '') => {
      const lines = Array.from({ length: rows }, (_, q) =>
        Array.from({ length: cols }, (_, r) => value(q * cols + r)).join(),
      );
      const array = readText(Buffer.from(`${names}${lines.join('\n')}\n`));
      const text = prepareArray(array, defaultPreparation).warnings.join();
      return /looks like a table, since (.*), and is read/.exec(text)?.[1] ?? null;
    };
    const noise = (k: number) => Math.floor(Math.abs(Math.sin(k + 1)) * 1e4) % 2;
    expect(said(12, 12, noise)).toBeNull();
    expect(said(48, 12, noise)).toBeNull();
    expect(said(49, 12, noise)).toBe('it has 49 rows and 12 columns');
    expect(said(4, 4, noise, 'gene a,gene b,gene c,gene d\n')).toBe('its columns have names');
    // numbers over the columns are what programs write over any array
    expect(said(4, 4, noise, '0,1,2,3\n')).toBeNull();
    // three rows over and over
    expect(said(12, 12, (k) => noise((Math.floor(k / 12) % 3) * 12 + (k % 12)))).toBe(
      'its rows repeat',
    );
  });
});
