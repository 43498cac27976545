import { z } from 'zod';
import { takes } from './declare.ts';
import type { ErrorData } from './errors.ts';
import { type Exported, fileName } from './exports.ts';
import { nothing } from './schemas.ts';

/** The project that the session works on. */
export interface ProjectInfo {
  /** Null while it has never been saved. */
  readonly name: string | null;
  /** Where its file is, to show; null where it has none here. */
  readonly place: string | null;
  /** Whether something has changed since it was saved or opened. */
  readonly unsaved: boolean;
  /** When it was last kept in the program's own folder (ISO 8601); null where there was nothing to keep. */
  readonly kept: string | null;
  /** Why it could not be kept the last time; null where it was. */
  readonly problem: ErrorData | null;
  readonly notes: string;
}

/** What opening a project found out about its pictures. */
export interface ProjectOpened {
  readonly name: string | null;
  /** Names of pictures that lie neither where they were nor beside the project. */
  readonly missing: readonly string[];
  /** Names of pictures whose files are not those that were used. */
  readonly changed: readonly string[];
  /** Whether work of the project before was not saved: `projects.left` has it. */
  readonly aside: boolean;
}

/** Work that a crash left behind. */
export interface LeftBehind {
  readonly id: string;
  readonly name: string | null;
  readonly place: string | null;
  /** When it was last kept: ISO 8601. */
  readonly kept: string;
  readonly pictures: number;
  readonly runs: number;
  /** The fit that was under way; null if there was none. */
  readonly fit: {
    readonly name: string;
    readonly images: number;
    readonly step: number;
    readonly paused: boolean;
  } | null;
}

const left = z.string().regex(/^[a-z0-9-]{1,64}$/);

/** A project that was saved, or that a browser is to store. */
export type SavedProject = Exported & {
  /** The state that it holds, for `projects.stored`. */
  readonly state: number;
};

export const projectsRequests = {
  current: takes(nothing).gives<ProjectInfo>(),
  /** Begins an empty project; a fit under way ends, and what is not saved is left behind. */
  create: takes(nothing).gives<void>(),
  /** The host's own dialog (Electron); elsewhere a project is opened as a file. Null: it was closed. */
  open: takes(nothing).gives<ProjectOpened | null>(),
  /** Saves where it was saved before, or where the person says; null where the dialog was closed. */
  save: takes(z.strictObject({ as: z.boolean() })).gives<SavedProject | null>(),
  /** The window knows that what `save` handed over is stored: only then does it count as saved. */
  stored: takes(z.strictObject({ state: z.int().min(0), name: fileName })).gives<void>(),
  setNotes: takes(z.strictObject({ notes: z.string().max(1_000_000) })).gives<void>(),
  /** What crashes left behind, newest first. */
  left: takes(nothing).gives<LeftBehind[]>(),
  /** Opens what a crash left, and goes on with its fit or stops it where it stood. */
  recover: takes(z.strictObject({ id: left, goOn: z.boolean() })).gives<ProjectOpened>(),
  discard: takes(z.strictObject({ id: left })).gives<void>(),
};

export interface ProjectsEvents {
  'projects.changed': ProjectInfo;
  /** Another project has taken the place of the one before: ask for everything anew. */
  'projects.opened': ProjectOpened;
}
