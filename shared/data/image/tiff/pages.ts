import { noSuchChannel } from '../channel.ts';
import { PictureError } from '../picture-error.ts';
import { type Directory, TiffFile } from './directory.ts';
import { type Layout, layoutOf } from './layout.ts';

/** The pictures of a TIFF file, and sentences about what is left out of it. */
export interface TiffPages {
  readonly file: TiffFile;
  readonly pages: readonly Layout[];
  /** Of planes that are channels of one picture, which are one page each: their number; else 1. */
  readonly channels: number;
  readonly warnings: readonly string[];
}

/**
 * The pages of a TIFF file that are pictures of their own: full-size ones, without previews; where ImageJ
 * keeps a stack behind one directory, its planes. Planes that are channels of one picture by what ImageJ
 * or OME say are one picture, of which one channel is taken.
 *
 * @param channel which one, from 1; null: the first
 * @throws PictureError `corrupt` without any page, `unsuitable` for a channel that is not there
 */
export function tiffPages(view: DataView, channel: number | null): TiffPages {
  const file = new TiffFile(view);
  const { directories, broken } = file.chain();
  const warnings: string[] = [];
  const { full, previews } = withoutPreviews(file, directories);
  const layouts = full.map((directory) => layoutOf(directory));
  if (broken) {
    warnings.push(
      'The list of pages in the file leads back into itself or out of the file: only those before that are used.',
    );
  }
  if (previews > 0) {
    const one = previews === 1;
    warnings.push(
      `${previews} smaller ${one ? 'preview' : 'previews'} of the picture in the file ${one ? 'is' : 'are'} left out.`,
    );
  }
  const description = full[0]?.texts.get(270) ?? '';
  const planes = contiguousPlanes(file, layouts, description) ?? layouts;
  const order = channelOrder(description, planes.length);
  if (order === null) return { file, pages: planes, channels: 1, warnings };
  const wanted = channel ?? 1;
  if (wanted > order.channels) throw noSuchChannel(wanted, order.channels);
  if (channel === null) {
    warnings.push(
      `The file holds ${order.channels} channels of each picture, and the first is used: choose another channel where that is wanted.`,
    );
  }
  const pages = planes.filter((_, k) => order.of(k) === wanted - 1);
  return { file, pages, channels: order.channels, warnings };
}

/** Full-size pages; where a page is the preview of a larger picture below it, that one. */
function withoutPreviews(
  file: TiffFile,
  directories: readonly Directory[],
): { full: Directory[]; previews: number } {
  const full: Directory[] = [];
  let previews = 0;
  for (const directory of directories) {
    if (!isReduced(directory)) {
      full.push(directory);
      continue;
    }
    previews++;
    for (const place of directory.numbers.get(330) ?? []) {
      const below = file.directory(place);
      if (isReduced(below)) previews++;
      else full.push(below);
    }
  }
  // a file of previews only is what there is
  return full.length > 0 ? { full, previews } : { full: [...directories], previews: 0 };
}

/** NewSubfileType's first bit, or the older SubfileType 2; a mask (third bit) is no picture either. */
function isReduced({ numbers }: Directory): boolean {
  const kind = numbers.get(254)?.[0] ?? 0;
  return (kind & 5) !== 0 || numbers.get(255)?.[0] === 2;
}

/** ImageJ writes large stacks as one directory whose planes follow each other without any other mark. */
function contiguousPlanes(
  file: TiffFile,
  layouts: readonly Layout[],
  description: string,
): Layout[] | null {
  const images = Number(/^images=(\d+)$/m.exec(description)?.[1] ?? 1);
  const [first] = layouts;
  if (!description.startsWith('ImageJ=') || layouts.length !== 1 || images < 2) return null;
  if (first.compression !== 1 || first.tile !== null) return null;
  const { width, height, bits, samples, offsets } = first;
  const bytes = Math.ceil((width * bits * samples) / 8) * height;
  const whole = Math.min(images, Math.floor((file.length - offsets[0]) / bytes));
  if (whole < images) {
    throw new PictureError(
      'corrupt',
      `The file says that it holds ${images} pictures one behind the other, and only ${whole} of them are there: it is truncated.`,
    );
  }
  return Array.from({ length: images }, (_, k) => ({
    ...first,
    rowsPerStrip: height,
    offsets: [offsets[0] + k * bytes],
    counts: [bytes],
  }));
}

/** Which channel each plane is, by ImageJ's or OME's description; null where planes are no channels. */
function channelOrder(
  description: string,
  planes: number,
): { channels: number; of: (plane: number) => number } | null {
  if (description.startsWith('ImageJ=')) {
    const channels = Number(/^channels=(\d+)$/m.exec(description)?.[1] ?? 1);
    if (channels < 2 || planes % channels !== 0) return null;
    return { channels, of: (plane) => plane % channels };
  }
  const pixels = /<(?:\w+:)?Pixels\b[^>]*>/.exec(description)?.[0];
  if (pixels === undefined) return null;
  const size = (axis: string) => Number(new RegExp(`\\bSize${axis}="(\\d+)"`).exec(pixels)?.[1]);
  const order = /\bDimensionOrder="XY(\w{3})"/.exec(pixels)?.[1] ?? 'CZT';
  const channels = size('C');
  if (!(channels >= 2) || channels * size('Z') * size('T') !== planes) return null;
  // axes before C in the order run faster
  const faster = [...order.slice(0, order.indexOf('C'))].reduce((n, axis) => n * size(axis), 1);
  return { channels, of: (plane) => Math.floor(plane / faster) % channels };
}
