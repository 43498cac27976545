import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { frames as parseFrames } from '../../electron/cli/arguments.ts';
import { DecodePool } from '../../electron/node/decode/decode-pool.ts';
import { load } from '../../electron/node/decode/load.ts';
import { chosenFrames, frameName, ofFrame } from '../../shared/data/image/frames.ts';
import { defaultPreparation } from '../../shared/data/image/options.ts';
import { folderOf } from './folder.ts';
import { type Field, type TiffPage, tiffBytes } from './tiff-bytes.ts';

const pool = new DecodePool(new URL('../../dist/node/decode-worker.js', import.meta.url));
afterAll(() => pool.close());

const [width, height, count] = [10, 6, 5];
/** Spins of the k-th picture, all different and without symmetry. */
const spinsOf = (k: number) =>
  Array.from({ length: width * height }, (_, i) => ((i * i * 7 + (3 + k) * i) % 11 < 5 ? 1 : -1));
const all = Array.from({ length: count }, (_, k) => spinsOf(k));
const greys = (k: number) => spinsOf(k).map((spin) => (spin === 1 ? 200 : 40));
const page = (k: number, more: Partial<TiffPage> = {}): TiffPage => ({
  ...{ width, height, values: greys(k) },
  ...more,
});
const pages = all.map((_, k) => page(k));
const text = (values: string): Field => ({ tag: 270, type: 2, values });

async function animation(format: 'gif' | 'webp'): Promise<Buffer> {
  const strip = Uint8Array.from(
    all.flatMap((_, k) => greys(k).flatMap((grey) => [grey, grey, grey])),
  );
  const raw = { width, height: height * count, channels: 3, pageHeight: height } as const;
  const image = sharp(strip, { raw });
  return format === 'gif'
    ? image.gif({ delay: 50 }).toBuffer()
    : image.webp({ lossless: true }).toBuffer();
}

const prepareAll = async (bytes: Buffer, options: Partial<Parameters<typeof load>[1]> = {}) => {
  const path = join(folderOf({ stack: bytes }), 'stack');
  const loaded = await load([path], { preparation: defaultPreparation, pool, ...options });
  const { images, spins } = loaded.data;
  const pictures = Array.from({ length: images }, (_, k) => [
    ...spins.subarray(k * width * height, (k + 1) * width * height),
  ]);
  return {
    ...loaded,
    pictures,
    names: loaded.sources.map((source) => source.path.slice(path.length)),
  };
};

describe('stacks', () => {
  /** ImageJ's way with large stacks: one directory, and the planes one behind the other. */
  const behind = tiffBytes({
    pages: [
      page(0, {
        height: height * count,
        values: all.flatMap((_, k) => greys(k)),
        more: [
          { tag: 257, type: 4, values: [height] },
          { tag: 278, type: 4, values: [height] },
          { tag: 279, type: 4, values: [width * height] },
          text('ImageJ=1.53t\nimages=5\nslices=5\n\0'),
        ],
      }),
    ],
  });

  it('of every kind give each picture, in order, by its name', async () => {
    const kinds = {
      'pages of a TIFF': tiffBytes({ pages }),
      'pages of a BigTIFF, Motorola order': tiffBytes({ pages, big: true, motorola: true }),
      'planes behind one directory': behind,
      'real numbers': tiffBytes({ pages: pages.map((one) => ({ ...one, bits: 32, format: 3 })) }),
      GIF: await animation('gif'),
      WebP: await animation('webp'),
    };
    for (const [kind, bytes] of Object.entries(kinds)) {
      const { pictures, names, warnings } = await prepareAll(bytes);
      expect(pictures, kind).toEqual(all);
      expect(names, kind).toEqual(['#1', '#2', '#3', '#4', '#5']);
      expect(warnings.join(), kind).toMatch(/All 5 pictures/);
    }
  });

  it('give those that are asked for, and say how many are left', async () => {
    const bytes = tiffBytes({ pages });
    for (const [frames, wanted] of [
      ['first', [0]],
      ['2:4', [1, 2, 3]],
      ['1:5:2', [0, 2, 4]],
      ['::3', [0, 3]],
      ['4:99', [3, 4]],
      ['3', [2]],
    ] as const) {
      const { pictures, names, warnings } = await prepareAll(bytes, {
        frames: parseFrames(frames),
      });
      expect(pictures, frames).toEqual(wanted.map((k) => all[k]));
      expect(names, frames).toEqual(wanted.map((k) => `#${k + 1}`));
      expect(warnings.join(), frames).toContain(`${wanted.length} of the 5 pictures`);
    }
    await expect(prepareAll(bytes, { frames: parseFrames('6:9') })).rejects.toThrow(/holds 5/);
    for (const senseless of ['0', '0:3', '3:2', 'last', '1:2:0', '1:2:3:4', '']) {
      expect(() => parseFrames(senseless), senseless).toThrow(/It takes/);
    }
  });

  it('do without a damaged picture in their middle, and name it', async () => {
    const bytes = tiffBytes({
      pages: pages.map((one, k) =>
        k === 2 ? { ...one, more: [{ tag: 273, type: 4, values: [1e9] }] } : one,
      ),
    });
    await expect(prepareAll(bytes)).rejects.toThrow(/stack#3: .*missing/);
    const { pictures, failures } = await prepareAll(bytes, { keepGoing: true });
    expect(pictures).toEqual([0, 1, 3, 4].map((k) => all[k]));
    expect(failures.map(({ path }) => path.split('#')[1])).toEqual(['3']);
  });

  it('take a crop of their own for each picture', async () => {
    const path = join(folderOf({ stack: tiffBytes({ pages }) }), 'stack');
    const crop = { x: 4, y: 0, width: 6, height: 6 };
    const own = { x: 0, y: 0, width: 6, height: 6 };
    const { data } = await load([{ path, frames: [3, 1] }], {
      preparation: { ...defaultPreparation, crop },
      crops: new Map([[frameName(path, 1), own]]),
      pool,
    });
    const cut = (k: number, from: number) =>
      all[k].filter((_, i) => i % width >= from && i % width < from + 6);
    expect([...data.spins]).toEqual([...cut(3, 4), ...cut(1, 0)]);
  });

  it('have names that lead back to them', () => {
    expect(ofFrame(frameName('/a/b#c.tif', 11))).toEqual({ path: '/a/b#c.tif', frame: 11 });
    expect(ofFrame('/a/b#c.tif')).toEqual({ path: '/a/b#c.tif', frame: null });
    expect(chosenFrames('all', 3)).toEqual([0, 1, 2]);
  });
});

describe('channels', () => {
  const other = greys(3);
  const third = greys(4);
  const samples = greys(0).flatMap((grey, i) => [grey, other[i], third[i]]);
  const withChannel = (channel: number | 'mean' | 'luminance' | null) => ({
    preparation: { ...defaultPreparation, channel },
  });

  it('are those that are asked for, of colours and of other samples', async () => {
    const colour = tiffBytes({ pages: [page(0, { samples: 3, values: samples })] });
    const data = tiffBytes({
      pages: [
        page(0, {
          samples: 3,
          photometric: 1,
          values: samples,
          more: [{ tag: 338, type: 3, values: [0, 0] }],
        }),
      ],
    });
    const png = await sharp(Uint8Array.from(samples), { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    for (const bytes of [colour, data, png]) {
      for (const [channel, k] of [
        [1, 0],
        [2, 3],
        [3, 4],
      ]) {
        expect((await prepareAll(bytes, withChannel(channel))).pictures).toEqual([all[k]]);
      }
      await expect(prepareAll(bytes, withChannel(4))).rejects.toThrow(/3 channels/);
      const sum = (i: number) => [0, 3, 4].filter((k) => all[k][i] === 1).length;
      const preparation = { ...defaultPreparation, channel: 'mean', threshold: 100 } as const;
      const mean = await prepareAll(bytes, { preparation });
      // (40 · 2 + 200)/3 is below 100, (40 + 200 · 2)/3 above
      expect(mean.pictures).toEqual([all[0].map((_, i) => (sum(i) >= 2 ? 1 : -1))]);
    }
    expect((await prepareAll(data, withChannel(null))).pictures).toEqual([all[0]]);
    expect((await prepareAll(colour, withChannel(null))).pictures).not.toEqual([all[0]]);
  });

  it('in pages of their own are chosen too, of every picture', async () => {
    const bytes = tiffBytes({
      pages: [0, 1, 2, 3].map((k) =>
        page(
          k,
          k === 0 ? { more: [text('ImageJ=1.53t\nimages=4\nchannels=2\nframes=2\n\0')] } : {},
        ),
      ),
    });
    expect((await prepareAll(bytes)).pictures).toEqual([all[0], all[2]]);
    expect((await prepareAll(bytes, withChannel(2))).pictures).toEqual([all[1], all[3]]);
    await expect(prepareAll(bytes, withChannel(3))).rejects.toThrow(/2 channels/);
  });
});
