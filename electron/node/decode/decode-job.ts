import { readNpy } from '../../../shared/data/arrays/npy.ts';
import { readPbm } from '../../../shared/data/arrays/pbm.ts';
import { readText } from '../../../shared/data/arrays/text.ts';
import type { Channel } from '../../../shared/data/image/channel.ts';
import {
  type ArrayFormat,
  isPicture,
  type PictureFormat,
} from '../../../shared/data/image/format.ts';
import { chosenFrames, type Frames, frameName } from '../../../shared/data/image/frames.ts';
import type { GreyImage } from '../../../shared/data/image/grey.ts';
import type { PreparationOptions } from '../../../shared/data/image/options.ts';
import { PictureError, type PictureProblem } from '../../../shared/data/image/picture-error.ts';
import {
  type Prepared,
  prepare,
  prepareArray,
  spinsAsPicture,
} from '../../../shared/data/image/prepare.ts';
import type { Rectangle } from '../../../shared/data/image/region.ts';
import { shrink } from '../../../shared/data/image/subsample.ts';
import { openPicture } from './decoders/decode.ts';
import { readInputFile } from './input-file.ts';

/** What is wanted of one file; it is read once for all of it. */
export interface DecodeJob {
  readonly path: string;
  /** Which of its pictures: numbers from 0, or a choice; the first where nothing is said. */
  readonly frames?: Frames | readonly number[];
  /** What grey is made of, where nothing is prepared. */
  readonly channel?: Channel | null;
  /** Spins prepared in this way. */
  readonly prepare?: PreparationOptions;
  /** Crops of single pictures, in place of the common one. */
  readonly crops?: ReadonlyMap<number, Rectangle>;
  /** The whole picture in grey. */
  readonly picture?: boolean;
  /** A small picture with this longest side, in pixels. */
  readonly thumbnail?: number;
  /** Only how many pictures there are: none is decoded. */
  readonly count?: boolean;
}

/** One picture of a file; null for what was not asked for. */
export interface DecodedFrame {
  /** Its number from 0; null where it is the only one. */
  readonly frame: number | null;
  /** Size of the upright picture in pixels, or of the lattice for spin arrays. */
  readonly width: number;
  readonly height: number;
  readonly prepared: Prepared | null;
  readonly picture: GreyImage | null;
  readonly thumbnail: GreyImage | null;
  readonly warnings: readonly string[];
}

/** A picture that cannot be used among others that can. */
interface FailedFrame {
  readonly frame: number;
  readonly failure: { readonly kind: PictureProblem; readonly message: string };
}

/** What came of a job. */
export interface DecodeResult {
  readonly path: string;
  readonly format: PictureFormat | ArrayFormat;
  readonly sha256: string;
  /** Pictures that the file holds. */
  readonly frames: number;
  /** Those that were asked for, in their order. */
  readonly pictures: readonly (DecodedFrame | FailedFrame)[];
  /** Sentences about the file as a whole. */
  readonly warnings: readonly string[];
}

/** An error in the form in which it crosses from a worker thread, whole. */
export interface CrossingError {
  readonly kind: PictureProblem | null;
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/**
 * Spins that a byte may hold, by which the time follows that an array may take. Text, which has a
 * spin in two bytes, is weighed six times, since every value is parsed.
 */
const mostSpinsPerByte: Readonly<Record<ArrayFormat, number>> = { npy: 1, pbm: 8, text: 3 };

/**
 * Reads one file, and decodes and prepares its pictures one by one.
 *
 * @param started told the megapixels and mebibytes that are going to be worked on, before every picture
 * @throws PictureError whose message names the file; RangeError for options that make no sense
 */
export async function runDecodeJob(
  job: DecodeJob,
  started: (megapixels: number, mebibytes: number) => void,
): Promise<DecodeResult> {
  return named(job.path, async () => {
    const { bytes, format, sha256 } = await readInputFile(job.path);
    const mebibytes = bytes.length / 2 ** 20;
    const about = { path: job.path, format, sha256 };
    if (!isPicture(format)) {
      started((bytes.length * mostSpinsPerByte[format]) / 1e6, mebibytes);
      if (job.count) return { ...about, frames: 1, pictures: [], warnings: [] };
      const spins = { npy: readNpy, pbm: readPbm, text: readText }[format](bytes);
      const prepared = job.prepare ? prepareArray(spins, job.prepare) : null;
      const one = decoded(job, null, spinsAsPicture(spins), prepared, []);
      return { ...about, frames: 1, pictures: [one], warnings: [] };
    }
    const channel = job.prepare?.channel ?? job.channel ?? null;
    const opened = await openPicture(bytes, format, channel, ({ width, height }) =>
      started((width * height) / 1e6, mebibytes),
    );
    const { frames, warnings } = opened;
    const result = { ...about, frames, warnings };
    if (job.count) return { ...result, pictures: [] };
    const { frames: choice = 'first' } = job;
    const wanted = typeof choice === 'object' && 'length' in choice ? choice : null;
    const numbers = wanted ?? chosenFrames(choice as Frames, frames);
    const pictures: (DecodedFrame | FailedFrame)[] = [];
    for (const number of numbers) {
      const frame = frames > 1 ? number : null;
      try {
        checkFrame(number, frames);
        const picture = await opened.decode(number);
        const crop = job.crops?.get(number);
        const options = job.prepare && (crop ? { ...job.prepare, crop } : job.prepare);
        const prepared = options ? prepare(picture.image, options) : null;
        pictures.push(decoded(job, frame, picture.image, prepared, picture.warnings));
      } catch (error) {
        // of several pictures the others can be used
        if (!(error instanceof PictureError)) throw error;
        const message = `${frameName(job.path, frame)}: ${error.message}`;
        if (numbers.length === 1) throw new PictureError(error.kind, message, { cause: error });
        pictures.push({ frame: number, failure: { kind: error.kind, message } });
      }
    }
    return { ...result, pictures };
  });
}

/** The one picture that a job was about. */
export function onlyPicture({ pictures: [picture] }: DecodeResult): DecodedFrame {
  if (picture === undefined || 'failure' in picture) {
    throw new Error('The decoder left out what it was asked for.');
  }
  return picture;
}

async function named<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PictureError) || error.message.startsWith(path)) throw error;
    throw new PictureError(error.kind, `${path}: ${error.message}`, { cause: error });
  }
}

function checkFrame(number: number, frames: number): void {
  if (number < frames) return;
  throw new PictureError(
    'unsuitable',
    `Picture ${number + 1} of the file is not there: it holds ${frames === 1 ? 'one' : frames}.`,
  );
}

function decoded(
  job: DecodeJob,
  frame: number | null,
  image: GreyImage,
  prepared: Prepared | null,
  warnings: readonly string[],
): DecodedFrame {
  return {
    frame,
    width: image.width,
    height: image.height,
    prepared,
    picture: job.picture ? image : null,
    thumbnail: job.thumbnail === undefined ? null : shrink(image, job.thumbnail),
    warnings: [...warnings, ...(prepared?.warnings ?? [])],
  };
}
