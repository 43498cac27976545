import { z } from 'zod';

/*
 * What a file of this program may hold at most: more than anybody has made, and little enough to be read in a moment by
 * a machine with a few GiB. A session keeps to the same, so that what was saved can be opened.
 */

/** Bytes of a project file, and of all that it holds. */
export const mostProjectBytes = 2 ** 31;

/** Bytes of a file of JSON: a fit file, and each within a project. */
export const mostJsonBytes = 2 ** 27;

/** Files in a project. */
export const mostMembers = 100_000;

/** Pictures of a data set. */
export const mostPictures = 100_000;

/** Runs of a project, and sets of spins that they were fitted to. */
export const mostRuns = 1_000;

/** Rows of the trace in a fit file. */
export const mostTraceRows = 1_000_000;

/**
 * A list that is judged by its length before anybody looks at what is in it.
 *
 * @param what its items, to be named in a sentence
 */
export function atMost<Item extends z.ZodType>(most: number, what: string, item: Item) {
  const error = `It holds more than ${most.toLocaleString('en')} ${what}, which is more than is opened`;
  return z.array(z.unknown()).max(most, { error }).pipe(z.array(item));
}
