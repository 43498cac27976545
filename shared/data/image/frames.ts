import { PictureError } from './picture-error.ts';

/** Pages, frames and planes of a file by their numbers, from 1: every `step`-th from `from` to `to`, or to the end. */
export interface FrameRange {
  readonly from: number;
  readonly to: number | null;
  readonly step: number;
}

/** Which pictures are taken of a file that holds several. */
export type Frames = 'all' | 'first' | FrameRange;

/** Every picture of a file is one of the data, as it is where each has a file of its own. */
export const defaultFrames: Frames = 'all';

/** Most pictures that are taken of one file. */
export const mostFrames = 100_000;

/**
 * The chosen ones of a file's pictures, counted from 0.
 *
 * @throws PictureError `unsuitable` where none is, `tooLarge` where they are too many
 */
export function chosenFrames(frames: Frames, count: number): number[] {
  const { from, to, step } = rangeOf(frames);
  const last = Math.min(to ?? count, count);
  const chosen = Math.floor((last - from) / step) + 1;
  if (chosen < 1) {
    throw new PictureError(
      'unsuitable',
      `The file holds ${count === 1 ? 'one picture' : `${count} pictures`}, and none with the numbers that are asked for.`,
    );
  }
  if (chosen > mostFrames) {
    throw new PictureError(
      'tooLarge',
      `The file holds ${chosen} pictures, and at most ${mostFrames} are taken of one: choose fewer.`,
    );
  }
  return Array.from({ length: chosen }, (_, k) => from - 1 + k * step);
}

function rangeOf(frames: Frames): FrameRange {
  if (frames === 'all') return { from: 1, to: null, step: 1 };
  return frames === 'first' ? { from: 1, to: 1, step: 1 } : frames;
}

/** What one of a file's pictures is called; null where it is the only one. */
export function frameName(path: string, frame: number | null): string {
  return frame === null ? path : `${path}#${frame + 1}`;
}

/** The file that a name is about, and which of its pictures, from 0; null where the name says none. */
export function ofFrame(name: string): { path: string; frame: number | null } {
  const [, path, number] = /^(.+)#([1-9]\d{0,5})$/s.exec(name) ?? [];
  return path === undefined ? { path: name, frame: null } : { path, frame: Number(number) - 1 };
}
