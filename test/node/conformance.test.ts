import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { decodePicture } from '../../electron/node/decode/decoders/decode.ts';
import { inputFormat, isPicture } from '../../shared/data/image/format.ts';
import { type GreyImage, toGrey } from '../../shared/data/image/grey.ts';

const folder = fileURLToPath(new URL('../fixtures/conformance/', import.meta.url));
const named = (part: string, pattern: RegExp) =>
  readdirSync(`${folder}${part}`).filter((name) => pattern.test(name));

async function decode(name: string): Promise<GreyImage> {
  const bytes = readFileSync(`${folder}${name}`);
  const format = inputFormat(bytes, name);
  if (format === null || !isPicture(format)) throw new Error(`${name} is not recognised.`);
  return (await decodePicture(bytes, format)).image;
}

/** A PNG by pngjs, a decoder that shares no code with ours, in grey by the documented formula. */
function reference(name: string): GreyImage {
  const bytes = readFileSync(`${folder}${name}`);
  const deep = bytes[24] === 16;
  const { width, height, data } = PNG.sync.read(bytes, { skipRescale: deep });
  return toGrey({ width, height, channels: 4, data: deep ? Uint16Array.from(data) : data });
}

/** Largest and mean difference of two pictures of one size, in steps of 1/255 of white. */
function differences(a: GreyImage, b: GreyImage): { most: number; mean: number } {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  let [most, sum] = [0, 0];
  for (let k = 0; k < a.data.length; k++) {
    const difference = Math.abs(a.data[k] * (255 / a.levels) - b.data[k] * (255 / b.levels));
    most = Math.max(most, difference);
    sum += difference;
  }
  return { most, mean: sum / a.data.length };
}

const same = { most: 0, mean: 0 };

describe('pictures that others made to test decoders', () => {
  it('PngSuite: every colour type, depth, transparency and filter as another decoder reads it', async () => {
    const names = named('pngsuite', /\.png$/);
    expect(names).toHaveLength(35);
    for (const name of names) {
      const ours = await decode(`pngsuite/${name}`);
      const theirs = reference(`pngsuite/${name}`);
      expect(ours.levels, name).toBe(theirs.levels);
      expect(differences(ours, theirs), name).toEqual(same);
    }
  });

  it.each([
    ['gray-gradient.interlaced.png', 'gray-gradient.png'],
    ['video-001.bmp', 'video-001.png'],
    ['colormap.bmp', 'colormap.png'],
    ['yellow_rose-small.bmp', 'yellow_rose-small.png'],
    ['yellow_rose-small-v5.bmp', 'yellow_rose-small-v5.png'],
    ['video-001.tiff', 'video-001.png'],
    ['video-001-strip-64.tiff', 'video-001.png'],
    ['video-001-tile-64x64.tiff', 'video-001.png'],
    ['video-001-uncompressed.tiff', 'video-001.png'],
    ['blue-purple-pink.lzwcompressed.tiff', 'blue-purple-pink.png'],
    ['bw-deflate.tiff', 'bw-gopher.png'],
    ['bw-packbits.tiff', 'bw-gopher.png'],
    ['bw-uncompressed.tiff', 'bw-gopher.png'],
    ['bw-gopher_ccittGroup3.tiff', 'bw-gopher.png'],
    ['bw-gopher_ccittGroup4.tiff', 'bw-gopher.png'],
    ['blue-purple-pink.lossless.webp', 'blue-purple-pink.png'],
    ['gopher-doc.1bpp.lossless.webp', 'gopher-doc.1bpp.png'],
    ['gopher-doc.2bpp.lossless.webp', 'gopher-doc.2bpp.png'],
    ['gopher-doc.4bpp.lossless.webp', 'gopher-doc.4bpp.png'],
    ['gopher-doc.8bpp.lossless.webp', 'gopher-doc.8bpp.png'],
    ['tux.lossless.webp', 'tux.png'],
    // the same palette, written by one program
    ['video-001.interlaced.gif', 'video-001.gif'],
    ['no_rps.tiff', 'no_compress.tiff'],
  ])('%s is the same picture as %s', async (name, other) => {
    const expected = other.endsWith('.png')
      ? reference(`go/${other}`)
      : await decode(`go/${other}`);
    expect(differences(await decode(`go/${name}`), expected)).toEqual(same);
  });

  // mean differences in grey levels: of rounding in the cosine transform, of interpolated colour, of loss
  it.each([
    ['video-001.jpeg', 'video-001.png', 0.5],
    ['video-001.progressive.jpeg', 'video-001.png', 0.5],
    ['video-001.separate.dc.progression.jpeg', 'video-001.png', 1],
    ['video-001.separate.dc.progression.progressive.jpeg', 'video-001.png', 1],
    ['video-001.221212.jpeg', 'video-001.221212.png', 0.5],
    ['video-001.progressive.truncated.jpeg', 'video-001.progressive.truncated.png', 0.5],
    ['video-001-16bit.tiff', 'video-001.png', 0.5],
    ['video-005.gray.jpeg', 'video-005.gray.png', 1],
    ['video-005.gray.gif', 'video-005.gray.png', 1],
    ['video-001.gif', 'video-001.png', 3],
    ['video-001.lossy.webp', 'video-001.png', 4],
    ['blue-purple-pink.lossy.webp', 'blue-purple-pink.png', 4],
    // green and blue at a quarter of the pixels, which one decoder repeats and the other interpolates
    ['video-001.rgb.jpeg', 'video-001.rgb.png', 6],
    // inks as the press sees them here, and as 1 − ink there
    ['video-001.cmyk.jpeg', 'video-001.cmyk.png', 9],
    ...['410', '411', '420', '422', '440', '444'].flatMap((sampling) => [
      [`video-001.q50.${sampling}.jpeg`, 'video-001.png', 5.1] as const,
      [`video-001.q50.${sampling}.progressive.jpeg`, 'video-001.png', 5.1] as const,
    ]),
  ] as const)('%s is nearly %s', async (name, other, limit) => {
    const { mean } = differences(await decode(`go/${name}`), reference(`go/${other}`));
    expect(mean).toBeLessThan(limit);
    expect(mean).toBeGreaterThan(0);
  });

  it.each(named('go', /^invalid-(?!palette)/))('%s is refused', async (name) => {
    await expect(decode(`go/${name}`)).rejects.toMatchObject({ kind: 'corrupt' });
  });

  it('EXIF: every orientation stands upright', async () => {
    const upright = await decode('imaging/orientation_1.jpg');
    for (const name of named('imaging', /\.jpg$/)) {
      const { mean } = differences(await decode(`imaging/${name}`), upright);
      expect(mean, name).toBeLessThan(0.2);
    }
    // the control: turned by hand it is another picture
    const turned = { ...upright, data: upright.data.toReversed() };
    expect(differences(turned, upright).mean).toBeGreaterThan(5);
  });
});
