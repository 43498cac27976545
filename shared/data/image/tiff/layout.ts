import { PictureError } from '../picture-error.ts';
import type { Directory } from './directory.ts';

/** Numbers that pixels are made of. */
export type SampleKind = 'unsigned' | 'signed' | 'float' | 'complex';

/** Where a page's pixels lie, and what they mean. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Bits of one sample. */
  readonly bits: number;
  readonly samples: number;
  readonly kind: SampleKind;
  readonly compression: number;
  readonly photometric: number;
  /** 1: samples of a pixel side by side; 2: in planes. */
  readonly planar: number;
  readonly predictor: number;
  /** Bits of a byte from the lowest on. */
  readonly lowestFirst: boolean;
  /** EXIF's number, 1 … 8. */
  readonly orientation: number;
  /** What samples beyond those of the colour are: 0 data of no said meaning, 1 or 2 alpha. */
  readonly extra: readonly number[];
  readonly palette: readonly number[] | null;
  readonly rowsPerStrip: number;
  readonly tile: { readonly width: number; readonly height: number } | null;
  readonly offsets: readonly number[];
  readonly counts: readonly number[];
  /** The fields as they stand in the file, for what decoders of single codecs want to know. */
  readonly fields: Directory['numbers'];
}

/** Samples that the colour itself takes, by PhotometricInterpretation: 2 RGB, 5 CMYK, 6 YCbCr, 8 Lab. */
export const colourSamples: Readonly<Record<number, number>> = { 2: 3, 5: 4, 6: 3, 8: 3, 34892: 3 };

/**
 * The layout that a directory describes, with TIFF's defaults for what it leaves out and for values that
 * cannot be.
 *
 * Source: TIFF 6.0 (Adobe, 1992), sections 8 and 18; TIFF Technical Notes for SubIFDs.
 *
 * @throws PictureError `corrupt` without a size or without places of the pixels, `unsupported` where
 * samples of one pixel are of different sizes
 */
export function layoutOf({ numbers }: Directory): Layout {
  const one = (tag: number, standard: number) => numbers.get(tag)?.[0] ?? standard;
  const [width, height] = [one(256, 0), one(257, 0)];
  if (width < 1 || height < 1) {
    throw new PictureError(
      'corrupt',
      'The TIFF file does not say how wide and high its picture is.',
    );
  }
  const tile =
    numbers.has(322) && numbers.has(323) ? { width: one(322, 0), height: one(323, 0) } : null;
  const photometric = one(262, 1);
  const compression = one(259, 1);
  const planar = one(284, 1) === 2 ? 2 : 1;
  const samples = one(277, 1);
  const offsets = numbers.get(tile ? 324 : 273) ?? numbers.get(273) ?? [];
  if (offsets.length === 0) {
    throw new PictureError('corrupt', 'The TIFF file does not say where its pixels are.');
  }
  const sizes = (numbers.get(258) ?? [1]).slice(0, samples);
  if (sizes.some((size) => size !== sizes[0])) {
    throw new PictureError(
      'unsupported',
      `The samples of a pixel have ${sizes.join(', ')} bits, and only equal ones are read: save it with 8 or 16 bits each.`,
    );
  }
  const rowsPerStrip = Math.min(one(278, height), height) || height;
  const orientation = one(274, 1);
  const layout = {
    ...{ width, height, samples, compression, photometric, planar, tile, offsets },
    bits: sizes[0] ?? 1,
    kind: kindOf(one(339, 1)),
    predictor: one(317, 1),
    lowestFirst: one(266, 1) === 2,
    orientation: orientation >= 1 && orientation <= 8 ? orientation : 1,
    extra: numbers.get(338) ?? [],
    palette: numbers.get(320) ?? null,
    rowsPerStrip,
    fields: numbers,
  };
  const given = numbers.get(tile ? 325 : 279) ?? numbers.get(279) ?? [];
  return { ...layout, counts: compression === 1 ? rawCounts(layout) : given };
}

function kindOf(format: number): SampleKind {
  if (format === 2) return 'signed';
  if (format === 3) return 'float';
  return format === 5 || format === 6 ? 'complex' : 'unsigned';
}

/** Bytes of uncompressed strips follow from the size: what the file says of them may be wrong. */
function rawCounts(layout: Omit<Layout, 'counts'>): number[] {
  const { width, height, bits, samples, planar, tile, rowsPerStrip, offsets } = layout;
  const perPixel = bits * (planar === 2 ? 1 : samples);
  const rowBytes = Math.ceil(((tile?.width ?? width) * perPixel) / 8);
  const strips = Math.ceil(height / rowsPerStrip);
  return offsets.map((offset, k) => {
    // a block without a place was left out by who wrote the file: it is empty
    if (offset === 0) return 0;
    const rows = tile ? tile.height : Math.min(rowsPerStrip, height - (k % strips) * rowsPerStrip);
    return rowBytes * rows;
  });
}
