import { describe, expect, it } from 'vitest';
import { decodePicture } from '../../electron/node/decode/decoders/decode.ts';
import { defaultPreparation } from '../../shared/data/image/options.ts';
import { PictureError } from '../../shared/data/image/picture-error.ts';
import { prepare } from '../../shared/data/image/prepare.ts';
import { type Field, type TiffFileParts, type TiffPage, tiffBytes } from './tiff-bytes.ts';

const [width, height] = [10, 6];
/** Spins without any symmetry, so that a flip, a turn, a shift or a sign shows. */
const spins = Array.from({ length: width * height }, (_, k) =>
  (k * k * 7 + 3 * k) % 11 < 5 ? 1 : -1,
);

/** Two levels of a detector, and a little noise about them that no threshold may mind. */
const levels = (dark: number, bright: number, noise = 0) =>
  spins.map((spin, k) => (spin === 1 ? bright : dark) + (noise === 0 ? 0 : (k % 3) * noise));

const page = (parts: Partial<TiffPage>): TiffPage => ({
  width,
  height,
  values: levels(40, 200, 3),
  ...parts,
});
const text = (tag: number, values: string): Field => ({ tag, type: 2, values });
const blob = (tag: number, length: number): Field => ({
  tag,
  type: 7,
  values: Array.from({ length }, (_, k) => (k * 37) % 256),
});
const short = (tag: number, ...values: number[]): Field => ({ tag, type: 3, values });
const long = (tag: number, ...values: number[]): Field => ({ tag, type: 4, values });
/** The spins' grey beside other channels that would show if they were mixed in. */
const beside = (others: number[], dark = 40, bright = 200) =>
  spins.flatMap((spin) => [spin === 1 ? bright : dark, ...others]);

const one = (parts: Partial<TiffPage>, file: Partial<TiffFileParts> = {}): TiffFileParts => ({
  pages: [page(parts)],
  ...file,
});

/** Files as eight makers' programs write them, all of the same spins. */
const instruments: Record<string, TiffFileParts> = {
  'Zeiss SEM: private tag 34118 of text, 8 bits': one({
    more: [text(34118, 'AP_WD\r\nWD = 5 mm\r\n\0')],
  }),
  'Zeiss SEM: 16 bits with a palette of no use': one({
    bits: 16,
    values: levels(9000, 41000, 50),
    more: [blob(34118, 900)],
  }),
  'Zeiss LSM: private tag 34412, in strips': one({ rowsPerStrip: 2, more: [blob(34412, 500)] }),
  'Zeiss LSM: two channels side by side, of no said meaning': one({
    samples: 2,
    photometric: 1,
    values: beside([120]),
    more: [short(338, 0), blob(34412, 60)],
  }),
  'JEOL: fields out of order': one({
    unsorted: true,
    more: [text(305, 'JEOL SEM\0'), text(270, 'x 1000\0')],
  }),
  'JEOL: text without its end': one({ more: [text(271, 'JEOL'), text(272, 'JSM-7800F')] }),
  'JEOL: 8 bits, black and white exchanged': one({ photometric: 0, values: levels(200, 40) }),
  'JEOL: 16 signed bits': one({ bits: 16, format: 2, values: levels(-3000, 2000, 5) }),
  'Hamamatsu: 12 bits in 16': one({
    bits: 16,
    values: levels(410, 3200, 5),
    more: [text(270, 'HiPic\0\0')],
  }),
  'Hamamatsu: 12 bits packed': one({ bits: 12, values: levels(410, 3200, 5) }),
  'Hamamatsu: 12 bits packed, Motorola order': one(
    { bits: 12, values: levels(410, 3200, 5) },
    { motorola: true },
  ),
  'Hamamatsu NDPI: BigTIFF with sizes of 64 bits': one(
    {
      more: [
        { tag: 256, type: 16, values: [width] },
        { tag: 257, type: 16, values: [height] },
        blob(65420, 8),
      ],
    },
    { big: true },
  ),
  'FEI: private tag 34682, orientation 0': one({
    more: [text(34682, '[User]\r\nDate=1\r\n\0'), short(274, 0)],
  }),
  'FEI: 16 bits, Motorola order': one(
    { bits: 16, values: levels(9000, 41000, 50), more: [text(34680, 'a\0')] },
    { motorola: true },
  ),
  'FEI: 32 bits real': one({ bits: 32, format: 3, values: levels(0.125, 0.75) }),
  'FEI Velox: 32 bits unsigned': one({ bits: 32, values: levels(70_000, 1_000_000, 9) }),
  'Olympus: private tags and a last directory that is the first': one(
    { more: [blob(33560, 40)] },
    { lastNext: 1e9 },
  ),
  'Olympus: RGB and near infrared': one({
    samples: 4,
    photometric: 2,
    values: spins.flatMap((s) => (s === 1 ? [180, 190, 200, 7] : [60, 50, 40, 250])),
    more: [short(338, 0)],
  }),
  'Olympus: RGB, 16 bits': one({
    samples: 3,
    bits: 16,
    values: spins.flatMap((s) => (s === 1 ? [40000, 41000, 42000] : [8000, 9000, 9000])),
  }),
  'Olympus: RGB with alpha said': one({
    samples: 4,
    photometric: 2,
    values: spins.flatMap((s) => (s === 1 ? [180, 190, 200, 255] : [60, 50, 40, 255])),
    more: [short(338, 2)],
  }),
  'Leica: wrong bytes of the strip': one({ more: [long(279, 13)] }),
  'Leica: Deflate in strips': one({ compression: 8, rowsPerStrip: 4 }),
  'Leica: Deflate, 32 bits real, Motorola order': one(
    { compression: 8, bits: 32, format: 3, values: levels(-2.5, 3.25) },
    { motorola: true },
  ),
  'Leica SCN: a preview behind the picture': {
    pages: [
      page({}),
      { width: 5, height: 3, values: new Array(15).fill(90), more: [long(254, 1)] },
    ],
  },
  'Nikon: a preview before the picture': {
    pages: [
      { width: 5, height: 3, values: new Array(15).fill(90), more: [long(254, 1)] },
      page({}),
    ],
  },
  'Nikon NIS: five channels of no said meaning': one({
    samples: 5,
    photometric: 1,
    values: beside([9, 250, 128, 3]),
    more: [short(338, 0, 0, 0, 0), blob(65330, 30)],
  }),
  'Nikon NIS: real numbers of 64 bits': one({ bits: 64, format: 3, values: levels(1e-9, 4e-9) }),
  'Nikon: bits said once for three samples': one({
    samples: 3,
    values: spins.flatMap((s) => (s === 1 ? [200, 200, 200] : [40, 40, 40])),
    more: [short(258, 8)],
  }),
  'ImageJ: description, 32 bits real': one(
    {
      bits: 32,
      format: 3,
      values: levels(10, 20),
      more: [text(270, 'ImageJ=1.54f\nmin=0\nmax=30\n\0')],
    },
    { motorola: true },
  ),
  'ImageJ: labels of 64 bits': one({ bits: 64, values: levels(0, 7) }),
  'ImageJ: labels of 64 bits with sign, Motorola order': one(
    { bits: 64, format: 2, values: levels(-3, 7) },
    { motorola: true },
  ),
  'ImageJ: channels in pages of their own': {
    pages: [
      page({ more: [text(270, 'ImageJ=1.54f\nimages=2\nchannels=2\n\0')] }),
      page({ values: new Array(60).fill(7) }),
    ],
  },
  'OME: channels in pages of their own': {
    pages: [
      page({
        more: [
          text(
            270,
            '<?xml version="1.0"?><OME><Image><Pixels DimensionOrder="XYZCT" SizeX="10" SizeY="6" SizeZ="1" SizeC="2" SizeT="1"/></Image></OME>\0',
          ),
        ],
      }),
      page({ values: new Array(60).fill(7) }),
    ],
  },
  'OME: resolution as fractions, text with two ends': one({
    more: [{ tag: 282, type: 5, values: [72] }, text(306, '2026:01:01 00:00:00\0\0')],
  }),
  'an error of the writer: samples and rows of a strip not said': one({ without: [277, 278] }),
};

async function read(file: TiffFileParts) {
  const { image, warnings } = await decodePicture(tiffBytes(file), 'tiff');
  return { prepared: prepare(image, defaultPreparation), warnings };
}

describe('TIFF files of instruments', () => {
  for (const [name, file] of Object.entries(instruments)) {
    it(name, async () => {
      const { prepared } = await read(file);
      expect([prepared.rows, prepared.cols]).toEqual([height, width]);
      expect([...prepared.spins]).toEqual(spins);
    });
  }

  it('control: another picture is seen to be another', async () => {
    const { prepared } = await read(one({ values: levels(200, 40) }));
    expect([...prepared.spins]).not.toEqual(spins);
  });

  it('says what is left out and what was chosen', async () => {
    const said = async (name: string) => (await read(instruments[name])).warnings.join();
    expect(await said('Nikon: a preview before the picture')).toMatch(/preview/);
    expect(await said('Nikon NIS: five channels of no said meaning')).toMatch(/5 channels/);
    expect(await said('OME: channels in pages of their own')).toMatch(/2 channels/);
    expect(await said('FEI: 32 bits real')).toMatch(/real numbers of 32 bits/);
    expect(await said('Olympus: private tags and a last directory that is the first')).toMatch(
      /list of pages/,
    );
    expect(await said('JEOL: fields out of order')).toBe('');
  });

  it('names codecs that are not there, and calls no sound file damaged', async () => {
    for (const [compression, codec] of [
      [34712, 'JPEG 2000'],
      [50002, 'JPEG XL'],
      [34925, 'LZMA'],
      [12345, '12345'],
    ] as const) {
      const error = await read(one({ more: [short(259, compression)] })).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(PictureError);
      expect(error).toMatchObject({ kind: 'unsupported' });
      expect(error.message).toContain(codec);
    }
    const complex = one({ bits: 64, format: 6, values: levels(0, 1) });
    expect(await read(complex).catch((thrown) => thrown)).toMatchObject({ kind: 'unsupported' });
  });

  it('calls damaged what has not all of its pixels', async () => {
    const whole = tiffBytes(one({ width: 10, values: levels(40, 200) }));
    // the strip comes first, the directory last: a place of the strip behind the end
    const cut = one({ more: [long(273, whole.length - 5)] });
    expect(await read(cut).catch((thrown) => thrown)).toMatchObject({ kind: 'corrupt' });
    const spoilt = tiffBytes(one({ compression: 8 }));
    spoilt.fill(0x55, 12, 40);
    const error = await decodePicture(spoilt, 'tiff').catch((thrown) => thrown);
    expect(error).toMatchObject({ kind: 'corrupt' });
  });
});
