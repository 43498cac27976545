import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture } from '../../electron/node/decode/decoders/decode.ts';
import { inputFormat, isPicture } from '../../shared/data/image/format.ts';
import { PictureError } from '../../shared/data/image/picture-error.ts';
import { bmp, png, tiff } from './picture-bytes.ts';

async function decode(bytes: Buffer) {
  const format = inputFormat(bytes.subarray(0, 18), 'x');
  if (format === null || !isPicture(format)) throw new Error(`not recognised: ${format}`);
  const { image, warnings } = await decodePicture(bytes, format);
  return { ...image, values: [...image.data], warnings };
}

async function problem(bytes: Buffer): Promise<PictureError> {
  const error = await decode(bytes).then(
    () => new Error('it was decoded'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PictureError)) throw error;
  return error;
}

/** The documented formula. */
const luma = (r: number, g: number, b: number) => (13933 * r + 46871 * g + 4732 * b + 32768) >>> 16;

/** Coloured noise, smooth enough that JPEG hardly changes it. */
const colours = (width: number, height: number) =>
  Buffer.from(
    Array.from({ length: width * height * 3 }, (_, k) => {
      const [x, y] = [Math.floor(k / 3) % width, Math.floor(k / 3 / width)];
      return Math.round(128 + 60 * Math.sin(x / 9 + (k % 3)) + 50 * Math.cos(y / 7 - (k % 3)));
    }),
  );
const raw = (width: number, height: number) =>
  sharp(colours(width, height), { raw: { width, height, channels: 3 } });

describe('PNG', () => {
  const one = { width: 4, height: 1 };

  it('reads grey of 1, 2, 4, 8 and 16 bits, keeping 16', async () => {
    const grey = async (depth: number, row: number[]) =>
      (await decode(png({ ...one, depth, colour: 0, rows: [row] }))).values;
    expect(await grey(1, [0b01010000])).toEqual([0, 255, 0, 255]);
    expect(await grey(2, [0b00011011])).toEqual([0, 85, 170, 255]);
    expect(await grey(4, [0x0f, 0x38])).toEqual([0, 255, 51, 136]);
    expect(await grey(8, [0, 1, 128, 255])).toEqual([0, 1, 128, 255]);
    const deep = await decode(
      png({ ...one, depth: 16, colour: 0, rows: [[0, 1, 1, 0, 127, 254, 255, 255]] }),
    );
    expect(deep).toMatchObject({ values: [1, 256, 32766, 65535], levels: 65535 });
  });

  it('lays alpha and transparent palette entries over white', async () => {
    const greyAlpha = png({
      ...one,
      depth: 8,
      colour: 4,
      rows: [[0, 0, 0, 255, 100, 128, 255, 7]],
    });
    expect((await decode(greyAlpha)).values).toEqual([255, 0, 177, 255]);
    const rgba = png({ width: 1, height: 1, depth: 8, colour: 6, rows: [[10, 20, 30, 51]] });
    const over = 255 - Math.round(((255 - luma(10, 20, 30)) * 51) / 255);
    expect((await decode(rgba)).values).toEqual([over]);
    const palette = [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9];
    const indexed = png({
      ...one,
      depth: 2,
      colour: 3,
      rows: [[0b00011011]],
      palette,
      transparency: [0],
    });
    expect((await decode(indexed)).values).toEqual([255, luma(0, 255, 0), luma(0, 0, 255), 9]);
    const deep = png({ width: 1, height: 1, depth: 16, colour: 4, rows: [[0, 0, 128, 0]] });
    expect((await decode(deep)).values).toEqual([65535 - 32768]);
  });

  it('reads interlaced files', async () => {
    // 2 × 2 pixels in Adam7: pass 1 holds (0, 0), pass 6 (1, 0), pass 7 the second row
    const rows = [[10], [20], [30, 40]];
    const bytes = png({ width: 2, height: 2, depth: 8, colour: 0, rows, interlaced: true });
    expect((await decode(bytes)).values).toEqual([10, 20, 30, 40]);
  });
});

describe('BMP', () => {
  const palette = [1, 2, 3, 4].flatMap((k) => [50 * k, 40 * k, 30 * k, 0]);
  const entry = (k: number) => luma(30 * (k + 1), 40 * (k + 1), 50 * (k + 1));

  it('reads 24 and 32 bits, either row order', async () => {
    const rows = [
      [1, 2, 3, 4, 5, 6],
      [7, 8, 9, 10, 11, 12],
    ];
    const expected = [luma(9, 8, 7), luma(12, 11, 10), luma(3, 2, 1), luma(6, 5, 4)];
    expect((await decode(bmp({ width: 2, height: 2, bits: 24, rows }))).values).toEqual(expected);
    const down = [...expected.slice(2), ...expected.slice(0, 2)];
    expect((await decode(bmp({ width: 2, height: -2, bits: 24, rows }))).values).toEqual(down);
    const four = bmp({ width: 2, height: 1, bits: 32, rows: [[1, 2, 3, 0, 4, 5, 6, 99]] });
    expect((await decode(four)).values).toEqual(expected.slice(2));
    for (const width of [1, 2, 3, 5]) {
      const line = Array.from({ length: 3 * width }, (_, k) => 10 * k);
      const bytes = bmp({ width, height: 2, bits: 24, rows: [line, line.toReversed()] });
      const greys = (l: number[]) =>
        Array.from({ length: width }, (_, k) => luma(l[3 * k + 2], l[3 * k + 1], l[3 * k]));
      expect((await decode(bytes)).values).toEqual([...greys(line.toReversed()), ...greys(line)]);
    }
  });

  it('refuses masks that it would read wrong, and colours that the palette does not have', async () => {
    const row = [[1, 2, 3, 4]];
    const odd = bmp({ width: 1, height: 1, bits: 32, rows: row, compression: 3, masks: [1, 2, 4] });
    expect(await problem(odd)).toMatchObject({ kind: 'unsupported' });
    const beyond = bmp({ width: 4, height: 1, bits: 8, rows: row, palette: palette.slice(0, 16) });
    expect(await problem(beyond)).toMatchObject({ kind: 'corrupt' });
  });

  it('reads palettes of 1, 4 and 8 bits, odd widths, and pixels that begin late', async () => {
    for (const gap of [0, 6]) {
      const one = bmp({
        width: 3,
        height: 1,
        bits: 1,
        rows: [[0b01000000]],
        palette: palette.slice(0, 8),
        gap,
      });
      expect((await decode(one)).values).toEqual([entry(0), entry(1), entry(0)]);
      const rows = [
        [0x01, 0x20],
        [0x32, 0x10],
      ];
      const four = bmp({ width: 3, height: 2, bits: 4, rows, palette, gap });
      expect((await decode(four)).values).toEqual([3, 2, 1, 0, 1, 2].map(entry));
      const eight = bmp({ width: 3, height: 1, bits: 8, rows: [[3, 0, 2]], palette, gap });
      expect((await decode(eight)).values).toEqual([3, 0, 2].map(entry));
    }
  });

  it('reads colour masks of 16 bits up to their coarser scale', async () => {
    // 5 + 6 + 5 bits: red full, then green full
    const masks = [0xf800, 0x07e0, 0x001f];
    const bytes = bmp({
      width: 2,
      height: 1,
      bits: 16,
      rows: [[0, 0xf8, 0xe0, 0x07]],
      compression: 3,
      masks,
    });
    expect((await decode(bytes)).values).toEqual([luma(248, 0, 0), luma(0, 252, 0)]);
  });

  it('refuses run lengths and pixels inside the header', async () => {
    const packed = bmp({
      width: 4,
      height: 1,
      bits: 8,
      rows: [[4, 0, 0, 1]],
      palette,
      compression: 1,
    });
    expect(await problem(packed)).toMatchObject({ kind: 'unsupported' });
    const inside = bmp({ width: 1, height: 1, bits: 24, rows: [[1, 2, 3]] });
    inside.writeUInt32LE(20, 10);
    expect(await problem(inside)).toMatchObject({ kind: 'corrupt' });
  });
});

describe('JPEG, TIFF, GIF and WebP', () => {
  it('turn all eight EXIF orientations upright', async () => {
    const size = { width: 24, height: 16 };
    const upright = await decode(
      await raw(24, 16).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(),
    );
    expect(upright).toMatchObject(size);
    // where the pixel (x, y) of the upright picture lies in the stored one (EXIF 2.32, tag 0x0112)
    const stored: ((x: number, y: number) => [number, number])[] = [
      (x, y) => [x, y],
      (x, y) => [23 - x, y],
      (x, y) => [23 - x, 15 - y],
      (x, y) => [x, 15 - y],
      (x, y) => [y, x],
      (x, y) => [y, 23 - x],
      (x, y) => [15 - y, 23 - x],
      (x, y) => [15 - y, x],
    ];
    const source = colours(24, 16);
    for (const [k, place] of stored.entries()) {
      const [width, height] = k < 4 ? [24, 16] : [16, 24];
      const data = Buffer.alloc(width * height * 3);
      for (let y = 0; y < 16; y++) {
        for (let x = 0; x < 24; x++) {
          const [u, v] = place(x, y);
          source.copy(data, 3 * (v * width + u), 3 * (y * 24 + x), 3 * (y * 24 + x) + 3);
        }
      }
      const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
        .withMetadata({ orientation: k + 1 })
        .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
        .toBuffer();
      const turned = await decode(bytes);
      expect(turned).toMatchObject(size);
      const worst = Math.max(...turned.values.map((v, n) => Math.abs(v - upright.values[n])));
      expect(worst, `orientation ${k + 1}`).toBeLessThan(8);
    }
  });

  it('agree with the formula and with each other where nothing is lost', async () => {
    const source = colours(40, 30);
    const expected = Array.from({ length: 1200 }, (_, k) =>
      luma(source[3 * k], source[3 * k + 1], source[3 * k + 2]),
    );
    const rows = Array.from({ length: 30 }, (_, y) => {
      const line = [...source.subarray(120 * (29 - y), 120 * (30 - y))];
      return line.map((_, k) => line[3 * Math.floor(k / 3) + 2 - (k % 3)]);
    });
    const files = {
      png: await raw(40, 30).png().toBuffer(),
      webp: await raw(40, 30).webp({ lossless: true }).toBuffer(),
      tiff: await raw(40, 30).tiff({ compression: 'deflate' }).toBuffer(),
      bmp: bmp({ width: 40, height: 30, bits: 24, rows }),
    };
    for (const [name, bytes] of Object.entries(files)) {
      expect((await decode(bytes)).values, name).toEqual(expected);
    }
    const lossy = {
      progressive: await raw(40, 30).jpeg({ quality: 100, progressive: true }).toBuffer(),
      cmyk: await raw(40, 30).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer(),
    };
    for (const [name, bytes] of Object.entries(lossy)) {
      const { values } = await decode(bytes);
      const off = values.reduce((sum, v, k) => sum + Math.abs(v - expected[k]), 0) / values.length;
      // CMYK inks reach fewer colours
      expect(off, name).toBeLessThan(name === 'cmyk' ? 12 : 2);
    }
  });

  it('take the first frame of a GIF and the first page of a TIFF, and say so', async () => {
    const frames = await sharp(
      Buffer.from([...new Array(64).fill(0), ...new Array(64).fill(255)]),
      {
        raw: { width: 8, height: 16, channels: 1, pageHeight: 8 },
      },
    )
      .gif()
      .toBuffer();
    const gif = await decode(frames);
    expect(gif).toMatchObject({ width: 8, height: 8 });
    expect(new Set(gif.values)).toEqual(new Set([0]));
    expect(gif.warnings.join()).toMatch(/first of 2 pictures/);
  });

  it('read TIFF grey of 8 and 16 bits in both senses, with private tags', async () => {
    const bytes = Buffer.from([1, 2, 3, 4]);
    expect((await decode(tiff(4, 1, 8, bytes))).values).toEqual([1, 2, 3, 4]);
    expect((await decode(tiff(4, 1, 8, bytes, { 262: 0 }))).values).toEqual([254, 253, 252, 251]);
    expect((await decode(tiff(4, 1, 8, bytes, { 50838: 7, 50839: 3 }))).values).toEqual([
      1, 2, 3, 4,
    ]);
    expect(await decode(tiff(2, 1, 16, bytes))).toMatchObject({
      values: [513, 1027],
      levels: 65535,
    });
  });

  it('spread numbers without a black and a white of their own, and say so', async () => {
    const floats = Buffer.from(Float32Array.of(0.5, 100, 50.25, 0.5).buffer);
    const { values, warnings } = await decode(tiff(2, 2, 32, floats, { 339: 3 }));
    expect(Array.from(values)).toEqual([0, 65535, 32768, 0]);
    expect(warnings.join()).toMatch(/real numbers.*0\.5.*100/);
    const signed = Buffer.from(Int16Array.of(-5, 5, 0, 0).buffer);
    expect(Array.from((await decode(tiff(2, 2, 16, signed, { 339: 2 }))).values)).toEqual([
      0, 65535, 32768, 32768,
    ]);
  });
});

describe('hostile pictures', () => {
  const claim = { width: 30000, height: 30000 };

  async function sixFormats() {
    const still = raw(60, 50);
    return {
      png: await still.clone().png().toBuffer(),
      jpeg: await still.clone().jpeg().toBuffer(),
      progressive: await still.clone().jpeg({ progressive: true }).toBuffer(),
      gif: await still.clone().gif().toBuffer(),
      webp: await still.clone().webp().toBuffer(),
      lossless: await still.clone().webp({ lossless: true }).toBuffer(),
      tiff: await still.clone().tiff({ compression: 'lzw' }).toBuffer(),
      bmp: bmp({
        width: 60,
        height: 50,
        bits: 24,
        rows: Array.from({ length: 50 }, () => new Array(180).fill(7)),
      }),
    };
  }

  it('are refused by their header when it claims too much, in each format', async () => {
    const files = await sixFormats();
    const jpegFrame = files.jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    const lies: Record<string, Buffer> = {
      png: png({ ...claim, depth: 8, colour: 6, rows: [[]] }),
      jpeg: files.jpeg,
      gif: files.gif,
      webp: Buffer.from(
        'RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x2f\x75\x00\x2f\x75\x00',
        'latin1',
      ),
      tiff: tiff(30000, 30000, 8, Buffer.alloc(4)),
      bmp: bmp({ ...claim, bits: 24, rows: [] }),
    };
    for (const offset of [5, 7]) lies.jpeg.writeUInt16BE(30000, jpegFrame + offset);
    for (const offset of [6, 8]) lies.gif.writeUInt16LE(30000, offset);
    expect(lies.png.length).toBeLessThan(75);
    for (const [name, bytes] of Object.entries(lies)) {
      const error = await problem(bytes);
      expect(error.kind, name).toBe('tooLarge');
      expect(error.message, name).toMatch(/30000 × 30000 pixels \(900 megapixels\)/);
    }
  });

  it('are refused when their header claims more than the file can hold', async () => {
    const { jpeg } = await sixFormats();
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    for (const offset of [5, 7]) jpeg.writeUInt16BE(14000, frame + offset);
    const size = { width: 14000, height: 14000 };
    const rows = [
      [1, 2, 3, 4, 5, 6],
      [7, 8, 9, 10, 11, 12],
    ];
    const cut = bmp({ width: 2, height: 2, bits: 24, rows });
    for (const bytes of [
      jpeg,
      png({ ...size, depth: 8, colour: 6, rows: [[]] }),
      bmp({ ...size, bits: 24, rows: [] }),
      // without the two bytes that pad it the last row is whole
      cut.subarray(0, cut.length - 3),
    ]) {
      const error = await problem(bytes);
      expect(error.kind).toBe('corrupt');
      expect(error.message).toMatch(/which cannot fit into a file of \d+ bytes/);
    }
    // a TIFF's pixels may lie anywhere: its decoder finds that they are missing
    const tif = tiff(14000, 14000, 8, Buffer.alloc(4));
    expect(await problem(tif)).toMatchObject({ kind: 'corrupt' });
  });

  it('are refused as WebP beyond what may be decoded whole', async () => {
    const webp = (side: number) => {
      const header = Buffer.alloc(40);
      header.write('RIFF    WEBPVP8X', 'latin1');
      header.writeUIntLE(side - 1, 24, 3);
      header.writeUIntLE(side - 1, 27, 3);
      return header;
    };
    expect(await problem(webp(6_830))).toMatchObject({ kind: 'tooLarge' });
    expect(await problem(webp(6_820))).toMatchObject({ kind: 'corrupt' });
  });

  it('are refused when all their coefficients would not fit into memory', async () => {
    const { progressive } = await sixFormats();
    const frame = progressive.indexOf(Buffer.from([0xff, 0xc2]));
    for (const offset of [5, 7]) progressive.writeUInt16BE(14000, frame + offset);
    // 4:2:0 has 1.5 samples of two bytes a pixel
    const error = await problem(progressive);
    expect(error).toMatchObject({ kind: 'tooLarge' });
    expect(error.message).toMatch(/progressive JPEG needs 561 MiB/);
    for (const offset of [5, 7]) progressive.writeUInt16BE(30000, frame + offset);
    expect((await problem(progressive)).message).toMatch(/900 megapixels/);
  });

  it('of many megapixels are read through before memory is given to them', async () => {
    const large = sharp({ create: { width: 8000, height: 6000, channels: 3, background: '#999' } });
    const bytes = await large.png().toBuffer();
    const sound = await decodePicture(bytes, 'png');
    expect(sound.image).toMatchObject({ width: 8000, height: 6000 });
    expect(await problem(bytes.subarray(0, bytes.length - 400))).toMatchObject({ kind: 'corrupt' });
  });

  it('are refused wherever they are cut off, and never half decoded', async () => {
    for (const [name, bytes] of Object.entries(await sixFormats())) {
      for (const share of [0.02, 0.3, 0.6, 0.9, 0.99]) {
        const part = bytes.subarray(0, Math.max(20, Math.floor(bytes.length * share)));
        expect((await problem(part)).kind, `${name} cut off at ${share}`).toBe('corrupt');
      }
    }
  });

  it('are refused when their check sums or codes are damaged', async () => {
    const { png: intact, gif } = await sixFormats();
    for (const bytes of [intact, gif]) {
      for (let k = 0; k < 20; k++) bytes[Math.floor(bytes.length * (0.3 + 0.03 * k))] ^= 0x5a;
      expect(await problem(bytes)).toMatchObject({ kind: 'corrupt' });
    }
  });

  it('may be of no size, or of no known format', async () => {
    expect(
      (await problem(png({ width: 0, height: 5, depth: 8, colour: 0, rows: [[]] }))).message,
    ).toMatch(/0 × 5/);
    const format = (text: string, name: string) => inputFormat(Buffer.from(text, 'latin1'), name);
    expect(format('hello, this is text', 'a.png')).toBe(null);
    expect(format('BMW drives on roads.', 'a.bmp')).toBe(null);
    expect(format('', 'a.png')).toBe(null);
    expect(format('0 1 1 0', 'a.TXT')).toBe('text');
    expect(format('\x89PNG\r\n\x1a\n', 'a.txt')).toBe('png');
  });
});
