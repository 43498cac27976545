import { z } from 'zod';
import { takes } from './declare.ts';
import type { SourceFailure } from './failure.ts';
import type { RestoredFit } from './runs.ts';
import { nothing, pictureId } from './schemas.ts';
import { type SyntheticOptions, syntheticOptions } from './synthetic.ts';

/** One picture, or one file of spins, of the data set. */
export interface PictureInfo {
  readonly id: number;
  readonly name: string;
  /** Where it came from, to show: a path, "sample", "synthetic". */
  readonly origin: string;
  readonly kind: 'picture' | 'spins';
  /** Which picture of its file it is, from 0; null where that holds no other. */
  readonly frame: number | null;
  /** Why it could not be decoded; null while nothing speaks against it. */
  readonly failure: string | null;
  /** Whether its file has still to be found: a fit file or a project names it, and it is not where it was. */
  readonly missing: boolean;
  /** SHA-256 of its file as it was last used; null before that. */
  readonly sha256: string | null;
  /** Whether its file is known to be another since then. */
  readonly changed: boolean;
  /** What it is drawn from, again where it is missing; null for what comes from files. */
  readonly synthetic: SyntheticOptions | null;
}

/** The data set in short; `revision` changes with every change of its pictures. */
export interface DataSummary {
  readonly revision: number;
  readonly pictures: number;
  readonly failed: number;
}

/** What opening files gave. Null instead of it: the person closed the dialog. */
export interface Added {
  readonly added: number;
  readonly failures: readonly SourceFailure[];
  /** Pictures that were missing and are now found. */
  readonly found: number;
  /** Files in folders that are no pictures. */
  readonly skipped: number;
  /** Files that hold several pictures, each of which was added. */
  readonly stacks: readonly { readonly name: string; readonly pictures: readonly number[] }[];
  /** Fit files among them. */
  readonly fits: readonly RestoredFit[];
}

/** Long work: `total` is null while nobody knows it. */
export interface JobProgress {
  readonly job: 'open' | 'prepare' | 'sample';
  readonly done: number;
  readonly total: number | null;
  /** What is being worked on, to show. */
  readonly item: string;
  /** True on the last event of a job, whether it was finished, failed or was cancelled. */
  readonly ended: boolean;
}

/** A picture reduced to look at: grey pixels, row-major, 0 black … 255 white. */
export interface PictureView {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
  /** Size of the upright picture itself; crops count its pixels. */
  readonly sourceWidth: number;
  readonly sourceHeight: number;
}

/** Synthetic sets that were missing and are drawn again. */
export interface Redrawn {
  readonly drawn: number;
  /** Names of those that are not what they were, by their SHA-256: another version has drawn them. */
  readonly otherwise: readonly string[];
  /** What speaks against their equilibrium, with their names. */
  readonly warnings: readonly string[];
}

/** How a synthetic set was drawn. */
export interface Synthesised {
  /** What drew it, to show. */
  readonly words: string;
  /** What speaks against its equilibrium. */
  readonly warnings: readonly string[];
}

/** Files whose names missing pictures have take their places; the others are added, or left out. */
const opening = z.strictObject({ onlyMissing: z.boolean().default(false) }).default({
  onlyMissing: false,
});

export const dataRequests = {
  /** The host's own dialog (Electron). */
  openFiles: takes(opening).gives<Added | null>(),
  openFolder: takes(opening).gives<Added | null>(),
  openRecent: takes(z.strictObject({ id: z.string().max(64) })).gives<Added>(),
  /** Names of what was uploaded just before (browser host). */
  addUploads: takes(
    z.strictObject({ uploads: z.array(z.string().max(64)).max(100_000) }),
  ).gives<Added>(),
  /** Paths that the preload took from dropped files; not to be called from a page. */
  addPaths: takes(
    z.strictObject({ paths: z.array(z.string().max(32_768)).max(100_000) }),
  ).gives<Added>(),
  /** The bundled textures. */
  addSamples: takes(nothing).gives<Added>(),
  /** Replaces the data set by a synthetic one, which `undoRemove` takes back. */
  synthetic: takes(syntheticOptions).gives<Synthesised>(),
  /** Draws synthetic sets that are missing again; those that are done stay where it is cancelled. */
  redraw: takes(nothing).gives<Redrawn>(),
  summary: takes(nothing).gives<DataSummary>(),
  list: takes(z.strictObject({ first: z.int().min(0), count: z.int().min(0).max(10_000) })).gives<{
    total: number;
    pictures: PictureInfo[];
  }>(),
  /**
   * The picture (of a file of spins, the first configuration) reduced to at most `side` pixels along
   * its longer side.
   */
  view: takes(
    z.strictObject({ picture: pictureId, side: z.int().min(8).max(4096) }),
  ).gives<PictureView>(),
  remove: takes(
    z.strictObject({ pictures: z.array(pictureId).max(1_000_000) }),
  ).gives<DataSummary>(),
  /** Brings back what was removed last and is not back yet. */
  undoRemove: takes(nothing).gives<DataSummary>(),
  clear: takes(nothing).gives<DataSummary>(),
};

export interface DataEvents {
  'data.progress': JobProgress;
  'data.changed': DataSummary;
}
