import { readNpy } from '../../shared/image/arrays/npy.ts';
import { readPbm } from '../../shared/image/arrays/pbm.ts';
import { readText } from '../../shared/image/arrays/text.ts';
import { type ArrayFormat, isPicture, type PictureFormat } from '../../shared/image/format.ts';
import type { GreyImage } from '../../shared/image/grey.ts';
import type { PreparationOptions } from '../../shared/image/options.ts';
import { PictureError, type PictureProblem } from '../../shared/image/picture-error.ts';
import {
  type Prepared,
  prepare,
  prepareArray,
  spinsAsPicture,
} from '../../shared/image/prepare.ts';
import { shrink } from '../../shared/image/subsample.ts';
import { decodePicture } from './decoders/decode.ts';
import { readInputFile } from './input-file.ts';

/** What is wanted of one file; it is read and decoded once for all of it. */
export interface DecodeJob {
  readonly path: string;
  /** Spins prepared in this way. */
  readonly prepare?: PreparationOptions;
  /** The whole picture in grey. */
  readonly picture?: boolean;
  /** A small picture with this longest side, in pixels. */
  readonly thumbnail?: number;
}

/** What came of a job; null for what was not asked for. */
export interface DecodeResult {
  readonly path: string;
  readonly format: PictureFormat | ArrayFormat;
  readonly sha256: string;
  /** Size of the upright picture in pixels, or of the lattice for spin arrays. */
  readonly width: number;
  readonly height: number;
  readonly prepared: Prepared | null;
  readonly picture: GreyImage | null;
  readonly thumbnail: GreyImage | null;
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
 * Reads, decodes and prepares one file.
 *
 * @param started told the megapixels and mebibytes that are going to be worked on
 * @throws PictureError whose message names the file; RangeError for options that make no sense
 */
export async function runDecodeJob(
  job: DecodeJob,
  started: (megapixels: number, mebibytes: number) => void,
): Promise<DecodeResult> {
  try {
    const { bytes, format, sha256 } = await readInputFile(job.path);
    const mebibytes = bytes.length / 2 ** 20;
    if (isPicture(format)) {
      const { image, warnings } = await decodePicture(bytes, format, ({ width, height }) =>
        started((width * height) / 1e6, mebibytes),
      );
      const prepared = job.prepare ? prepare(image, job.prepare) : null;
      return result(job, { format, sha256, warnings }, image, prepared);
    }
    started(0, mebibytes);
    const spins = { npy: readNpy, pbm: readPbm, text: readText }[format](bytes);
    const prepared = job.prepare ? prepareArray(spins, job.prepare) : null;
    return result(job, { format, sha256, warnings: [] }, spinsAsPicture(spins), prepared);
  } catch (error) {
    if (!(error instanceof PictureError) || error.message.startsWith(job.path)) throw error;
    throw new PictureError(error.kind, `${job.path}: ${error.message}`, { cause: error });
  }
}

function result(
  job: DecodeJob,
  about: Pick<DecodeResult, 'format' | 'sha256' | 'warnings'>,
  image: GreyImage,
  prepared: Prepared | null,
): DecodeResult {
  return {
    ...about,
    path: job.path,
    width: image.width,
    height: image.height,
    prepared,
    picture: job.picture ? image : null,
    thumbnail: job.thumbnail === undefined ? null : shrink(image, job.thumbnail),
    warnings: [...about.warnings, ...(prepared?.warnings ?? [])],
  };
}
