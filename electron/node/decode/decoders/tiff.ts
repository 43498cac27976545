import type { Channel } from '../../../../shared/data/image/channel.ts';
import { greyOf } from '../../../../shared/data/image/channel.ts';
import type { GreyImage } from '../../../../shared/data/image/grey.ts';
import { orient } from '../../../../shared/data/image/orient.ts';
import { PictureError } from '../../../../shared/data/image/picture-error.ts';
import { cleanTiff } from '../../../../shared/data/image/tiff/clean.ts';
import type { TiffFile } from '../../../../shared/data/image/tiff/directory.ts';
import type { Layout } from '../../../../shared/data/image/tiff/layout.ts';
import { decodeWithSharp } from './sharp.ts';
import { decodeNumbers } from './tiff-numbers.ts';

/** Codecs by TIFF's numbers; those that are read say by what. */
const codecs: Readonly<Record<number, { name: string; by: 'vips' | 'both' | 'geotiff' | null }>> = {
  1: { name: 'none', by: 'both' },
  2: { name: 'CCITT RLE', by: 'vips' },
  3: { name: 'CCITT Group 3', by: 'vips' },
  4: { name: 'CCITT Group 4', by: 'vips' },
  5: { name: 'LZW', by: 'both' },
  6: { name: 'old-style JPEG', by: null },
  7: { name: 'JPEG', by: 'vips' },
  8: { name: 'Deflate', by: 'both' },
  32773: { name: 'PackBits', by: 'both' },
  32809: { name: 'ThunderScan', by: null },
  32946: { name: 'Deflate', by: 'both' },
  33003: { name: 'JPEG 2000', by: null },
  33005: { name: 'JPEG 2000', by: null },
  34661: { name: 'JBIG', by: null },
  34676: { name: 'SGI Log', by: null },
  34712: { name: 'JPEG 2000', by: null },
  34887: { name: 'LERC', by: 'geotiff' },
  34925: { name: 'LZMA', by: null },
  34933: { name: 'PNG', by: null },
  34934: { name: 'JPEG XR', by: null },
  50000: { name: 'Zstandard', by: 'geotiff' },
  50001: { name: 'WebP', by: null },
  50002: { name: 'JPEG XL', by: null },
  52546: { name: 'JPEG XL', by: null },
};

/**
 * One page of a TIFF file in grey: by libvips where it is grey, RGB, a palette or a kind of colour with
 * unsigned numbers of up to 16 bits, by geotiff otherwise. Both are given the page described anew, so that
 * nothing in the file but its pixels can trouble them.
 *
 * @throws PictureError `unsupported` for a codec that is not there, by its name; `corrupt` where pixels are
 * missing
 */
export async function decodeTiffPage(
  file: TiffFile,
  page: Layout,
  channel: Channel,
): Promise<{ image: GreyImage; warnings: readonly string[] }> {
  const codec = codecs[page.compression];
  if (codec === undefined || codec.by === null) {
    const name = codec?.name ?? `a method of number ${page.compression}`;
    throw new PictureError(
      'unsupported',
      `The TIFF file is compressed with ${name}, which is not read: save it uncompressed, or with LZW or Deflate.`,
    );
  }
  const empty = checkBlocks(file, page);
  const warnings =
    empty === 0
      ? []
      : [
          `${empty} of ${page.offsets.length} blocks of pixels were left out by who wrote the file, and count as 0.`,
        ];
  const byVips = codec.by === 'vips' || (codec.by === 'both' && isPlain(page) && empty === 0);
  if (!byVips && page.lowestFirst) {
    throw new PictureError(
      'unsupported',
      'The TIFF file stores its bits in reverse order (FillOrder 2) in a variant that is not read: save it again with another program.',
    );
  }
  const grey = byVips
    ? await throughVips(file, page, channel)
    : await decodeNumbers(file, page, channel).catch((error: unknown) => {
        if (error instanceof PictureError) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        throw new PictureError('corrupt', `The picture is truncated or damaged (${reason}).`, {
          cause: error,
        });
      });
  return {
    image: orient(grey.image, page.orientation),
    warnings: [...grey.warnings, ...warnings],
  };
}

async function throughVips(file: TiffFile, page: Layout, channel: Channel) {
  const bytes = cleanTiff(file, page);
  const { pixels, warnings } = await decodeWithSharp(Buffer.from(bytes.buffer));
  return { image: greyOf(pixels, channel), warnings };
}

/** Whether libvips gives the stored values of all samples. */
function isPlain({ kind, bits, samples, photometric, extra }: Layout): boolean {
  if (kind !== 'unsigned' || ![1, 2, 4, 8, 16].includes(bits) || extra.length > 0) return false;
  if (photometric === 2) return samples === 3 && bits >= 8;
  if (photometric === 6 || photometric === 8) return samples === 3;
  return photometric <= 3 && samples === 1;
}

/**
 * Checks that the file has all pixels that are not left out on purpose.
 *
 * @returns how many blocks are
 */
function checkBlocks({ length }: TiffFile, page: Layout): number {
  const { tile, width, height, rowsPerStrip, planar, samples, offsets, counts } = page;
  const blocks =
    (tile
      ? Math.ceil(width / tile.width) * Math.ceil(height / tile.height)
      : Math.ceil(height / rowsPerStrip)) * (planar === 2 ? samples : 1);
  if (offsets.length < blocks || counts.length < blocks) {
    throw new PictureError(
      'corrupt',
      `The TIFF file names ${Math.min(offsets.length, counts.length)} of ${blocks} blocks of pixels: it is damaged.`,
    );
  }
  let empty = 0;
  for (let k = 0; k < blocks; k++) {
    if (offsets[k] === 0 || counts[k] === 0) empty++;
    else if (offsets[k] + counts[k] > length) {
      throw new PictureError(
        'corrupt',
        `Pixels are missing at the end of the file: block ${k + 1} of ${blocks} would end at byte ${offsets[k] + counts[k]} of ${length}. It is truncated.`,
      );
    }
  }
  return empty;
}
