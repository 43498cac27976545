import { fromArrayBuffer } from 'geotiff';
import type { Channel } from '../../../../shared/data/image/channel.ts';
import { noSuchChannel } from '../../../../shared/data/image/channel.ts';
import { type GreyImage, type Pixels, toGrey } from '../../../../shared/data/image/grey.ts';
import { type Numbers, scaleBits, scaleRange } from '../../../../shared/data/image/numbers.ts';
import { PictureError } from '../../../../shared/data/image/picture-error.ts';
import { cleanTiff } from '../../../../shared/data/image/tiff/clean.ts';
import type { TiffFile } from '../../../../shared/data/image/tiff/directory.ts';
import { colourSamples, type Layout } from '../../../../shared/data/image/tiff/layout.ts';

interface Grey {
  readonly image: GreyImage;
  readonly warnings: readonly string[];
}

/**
 * A page of a TIFF file by geotiff, which gives the samples as they were stored: numbers of any kind and
 * size, any number of channels.
 *
 * @throws PictureError `unsupported` for complex numbers, `unsuitable` for a channel that is not there
 */
export async function decodeNumbers(file: TiffFile, page: Layout, channel: Channel): Promise<Grey> {
  if (page.kind === 'complex') {
    throw new PictureError(
      'unsupported',
      'Its pixels are complex numbers: save their amplitude or their phase as a picture of its own.',
    );
  }
  const { width, height, samples, photometric, extra } = page;
  const colours = samples >= 3 ? Math.min(samples, colourSamples[photometric] ?? 1) : 1;
  const warnings: string[] = [];
  if (typeof channel === 'number') {
    if (channel > samples) throw noSuchChannel(channel, samples);
    const { values, warning } = scaled(page, await readSample(file, page, channel - 1));
    if (warning !== null) warnings.push(warning);
    return { image: toGrey({ width, height, channels: 1, data: values }), warnings };
  }
  // what is said to be alpha is alpha; everything else beyond the colour is data of its own
  const alpha = [1, 2].includes(extra[0]) && samples > colours ? colours : null;
  const others = samples - colours - (alpha === null ? 0 : 1);
  const wanted =
    channel === 'mean'
      ? Array.from({ length: samples }, (_, k) => k).filter((k) => k !== alpha)
      : Array.from({ length: colours }, (_, k) => k);
  if (channel === 'luminance' && others > 0) {
    const used = colours === 1 ? 'the first' : `the colour of the first ${colours}`;
    warnings.push(
      `Each pixel has ${samples} channels, and ${used} is used: choose another channel where that is wanted.`,
    );
  }
  const bands = [];
  for (const k of wanted) {
    const { values, warning } = scaled(page, await readSample(file, page, k));
    if (warning !== null && bands.length === 0) warnings.push(warning);
    bands.push(values);
  }
  const mask = alpha === null ? null : scaled(page, await readSample(file, page, alpha)).values;
  const { colour, count } = inGreyOrColour(bands, page, channel);
  const channels = (count + (mask ? 1 : 0)) as Pixels['channels'];
  const white = colour[0] instanceof Uint8Array ? 255 : 65535;
  const data =
    white === 255
      ? new Uint8Array(width * height * channels)
      : new Uint16Array(width * height * channels);
  for (const [c, band] of [...colour, ...(mask ? [mask] : [])].entries()) {
    for (let k = 0; k < width * height; k++) data[k * channels + c] = band[k];
  }
  return { image: toGrey({ width, height, channels, data }), warnings };
}

type Band = Uint8Array | Uint16Array;

/** One band of grey, or three of red, green and blue. */
function inGreyOrColour(
  bands: readonly Band[],
  { photometric, palette, bits }: Layout,
  channel: Channel,
): { colour: Band[]; count: 1 | 3 } {
  const [first] = bands;
  const white = first instanceof Uint8Array ? 255 : 65535;
  if (channel === 'mean' && bands.length > 1) {
    const mean = first.slice();
    for (let k = 0; k < mean.length; k++) {
      let sum = 0;
      for (const band of bands) sum += band[k];
      mean[k] = Math.round(sum / bands.length);
    }
    return { colour: [mean], count: 1 };
  }
  if (photometric === 5 && bands.length === 4) {
    const [, , , black] = bands;
    const colour = bands.slice(0, 3).map((ink) => {
      const light = ink.slice();
      for (let k = 0; k < light.length; k++) {
        light[k] = Math.round(((white - ink[k]) * (white - black[k])) / white);
      }
      return light;
    });
    return { colour, count: 3 };
  }
  if (photometric === 3 && palette !== null) {
    const size = palette.length / 3;
    const most = 2 ** bits - 1;
    const colour = [0, 1, 2].map((c) =>
      Uint16Array.from(
        first,
        (value) => palette[c * size + Math.round((value * most) / white)] ?? 0,
      ),
    );
    return { colour, count: 3 };
  }
  if (photometric === 0) {
    const light = first.slice();
    for (let k = 0; k < light.length; k++) light[k] = white - first[k];
    return { colour: [light], count: 1 };
  }
  return bands.length === 3 && (photometric === 2 || photometric === 34892)
    ? { colour: [...bands], count: 3 }
    : { colour: [first], count: 1 };
}

function scaled(
  { bits, kind, width }: Layout,
  numbers: Numbers,
): { values: Band; warning: string | null } {
  if (kind === 'unsigned' && bits <= 16) return { values: scaleBits(numbers, bits), warning: null };
  const what =
    kind === 'float' ? 'real numbers' : kind === 'signed' ? 'signed numbers' : 'whole numbers';
  const { data, warning } = scaleRange(numbers, width, `${what} of ${bits} bits`);
  return { values: data, warning };
}

/** One sample of all pixels. */
async function readSample(file: TiffFile, page: Layout, sample: number): Promise<Numbers> {
  // whole numbers of 64 bits are read as two of 32
  if (page.kind !== 'float' && page.bits === 64) return await readLong(file, page, sample);
  return (await readRasters(file, page, {}, [sample]))[0];
}

async function readLong(file: TiffFile, page: Layout, sample: number): Promise<Float64Array> {
  if (page.planar === 2 || page.predictor !== 1) {
    throw new PictureError(
      'unsupported',
      'Its pixels are whole numbers of 64 bits in a variant that is not read: save it with 16 or 32 bits.',
    );
  }
  const changes = { bits: 32, samples: 2 * page.samples, kind: 'unsigned' } as const;
  const [a, b] = await readRasters(file, page, changes, [2 * sample, 2 * sample + 1]);
  const [low, high] = file.little ? [a, b] : [b, a];
  const values = new Float64Array(a.length);
  for (let k = 0; k < values.length; k++) {
    const upper = page.kind === 'signed' ? high[k] | 0 : high[k];
    values[k] = upper * 2 ** 32 + low[k];
  }
  return values;
}

async function readRasters(
  file: TiffFile,
  page: Layout,
  changes: Parameters<typeof cleanTiff>[2],
  samples: number[],
): Promise<Numbers[]> {
  const bytes = cleanTiff(file, page, changes);
  const tiff = await fromArrayBuffer(bytes.buffer as ArrayBuffer);
  const image = await tiff.getImage(0);
  return (await image.readRasters({ samples, interleave: false })) as unknown as Numbers[];
}
