import type { Check } from '../assessment/check.ts';
import type { SpinData } from '../data/dataset.ts';
import type { Channel } from '../data/image/channel.ts';
import type { GreyImage } from '../data/image/grey.ts';
import type { PreparationOptions } from '../data/image/options.ts';
import type { Prepared } from '../data/image/prepare.ts';
import type { Rectangle } from '../data/image/region.ts';
import type { FitOptions } from '../inference/options.ts';
import type { Progress } from '../inference/run.ts';
import type { CheckTask } from '../protocol/check.ts';
import type { ErrorData } from '../protocol/errors.ts';
import type { Exported } from '../protocol/exports.ts';
import type { FitCommand, FitEvent } from '../protocol/fit-thread.ts';
import type { Members, NewMembers, SavedPicture } from '../protocol/project-file.ts';
import type { SyntheticOptions } from '../protocol/synthetic.ts';

/** A file, and which of its pictures is meant, from 0; null where it holds no other, and of others the first. */
export interface PictureFile {
  readonly path: string;
  readonly frame: number | null;
}

/** Reading pictures and spin arrays; `electron/node` has them. */
export interface Pictures {
  /** Expands files and folders to the list of files that can be read. */
  find(paths: readonly string[]): Promise<{ files: readonly string[]; skipped: number }>;
  /** The bundled textures. */
  samples(): Promise<readonly string[]>;
  /** How many pictures a file holds. */
  count(path: string, signal: AbortSignal): Promise<number>;
  /** The whole picture in grey, upright. */
  decode(file: PictureFile, channel: Channel | null): Promise<GreyImage>;
  /** The same, reduced to `side` pixels along its longer side. */
  reduce(
    file: PictureFile,
    channel: Channel | null,
    side: number,
    signal: AbortSignal,
  ): Promise<{ image: GreyImage; width: number; height: number }>;
  /** One file as spins. */
  prepare(path: string, options: PreparationOptions, signal: AbortSignal): Promise<Prepared>;
  /**
   * All pictures as one data set; those that fail are left out and named.
   *
   * @param crops by the pictures' names (`frameName`), as its sources and failures have them too
   */
  load(
    files: readonly PictureFile[],
    options: PreparationOptions,
    crops: ReadonlyMap<string, Rectangle>,
    onProgress: (done: number, total: number) => void,
    signal: AbortSignal,
  ): Promise<LoadedSet>;
}

/** The spins of a data set and where they came from. */
export interface LoadedSet {
  readonly data: SpinData;
  readonly sources: readonly {
    readonly path: string;
    readonly sha256: string;
    readonly windows: number;
    /** What a synthetic set was drawn from. */
    readonly synthetic?: SyntheticOptions;
  }[];
  readonly preparation: PreparationOptions;
  readonly failures: readonly { readonly path: string; readonly reason: string }[];
  readonly warnings: readonly string[];
}

/** A fit in a thread of its own; `electron/node/threads/fit-thread.ts` is one. */
export interface FitThread {
  tell(command: FitCommand): void;
  /** Resolves with the last event; rejects with the error that ended the fit. */
  readonly ended: Promise<Extract<FitEvent, { kind: 'ended' }>>;
  terminate(): Promise<void>;
}

/** A fit that is to begin. */
export interface FitStart {
  readonly data: SpinData;
  readonly options: FitOptions;
  /** What it goes on from; null begins anew. */
  readonly snapshot: unknown;
  readonly paused: boolean;
  readonly stepsPerSecond: number | null;
  /** Threads that sample; null takes as many as the machine has. */
  readonly threads: number | null;
}

/** What is checked; the host says with how many threads. */
export type CheckOrder = Omit<CheckTask, 'threads'>;

/** Work that runs in threads. */
export interface Workers {
  fit(task: FitStart, onEvent: (event: FitEvent) => void): FitThread;
  /** Checks a fit. */
  check(
    order: CheckOrder,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Check>;
  /** Draws configurations. @throws UnsettledError where nobody can know that they are in equilibrium */
  sample(
    options: SyntheticOptions,
    onProgress: DrawProgress,
    signal: AbortSignal,
  ): Promise<DrawnSet>;
}

/** How far drawing is, and what it does now; the total is null while nobody can know. */
export type DrawProgress = (done: number, total: number | null, what: string) => void;

/** Configurations that were drawn, and how. */
export interface DrawnSet {
  readonly data: SpinData;
  /** What drew them, to show. */
  readonly words: string;
  readonly warnings: readonly string[];
}

/** Project files, and the session's own folder, where its work is kept against a crash. */
export interface ProjectStore {
  /**
   * Takes a project file for this process alone, and lets go of the one before.
   *
   * @throws ProjectError if another process has it
   */
  claim(path: string | null): Promise<void>;
  /** @throws ProjectError if it is no project, or damaged */
  read(path: string): Promise<Members>;
  /** Writes a project file that was claimed, and keeps the generations before. */
  write(path: string, members: NewMembers): Promise<void>;
  /** A project file's bytes, to download. */
  pack(members: NewMembers): Promise<Uint8Array<ArrayBuffer>>;
  /** Keeps the session's work in its own folder. */
  keep(members: NewMembers): Promise<void>;
  /** Removes what was kept: it is saved elsewhere, or not wanted. */
  forget(): Promise<void>;
  /** Leaves what was kept behind, as a crash would, and keeps what follows elsewhere. */
  leave(): Promise<void>;
  /** What sessions that are no more have kept, newest first. */
  left(): Promise<readonly { id: string; kept: string; content: Uint8Array }[]>;
  /** All that a session that is no more has kept. @throws ProjectError if it is damaged */
  peek(id: string): Promise<Members>;
  /** Makes the folder of a session that is no more this session's own. */
  adopt(id: string): Promise<void>;
  discard(id: string): Promise<void>;
  /** How a picture's file is found again. */
  reference(path: string, project: string | null): Reference;
  /** Where the file is that a saved picture refers to, and its size; null where it is gone. */
  locate(
    picture: Pick<SavedPicture, 'path' | 'relative' | 'own'>,
    project: string | null,
  ): Promise<{ path: string; bytes: number } | null>;
  /** Size and SHA-256 of a file; null where it cannot be read. */
  identify(path: string): Promise<{ bytes: number; sha256: string } | null>;
  /** A file whole. */
  content(path: string): Promise<Uint8Array>;
}

/** A file by its path, by its way from the project's folder, or within the session's own folder. */
export type Reference = Pick<SavedPicture, 'path' | 'relative' | 'own'>;

/** Files that belong to the program itself. */
export interface Store {
  /** Settings and the like, as JSON; null where there is none that can be read. */
  read(name: 'settings' | 'recent'): Promise<unknown>;
  write(name: 'settings' | 'recent', value: unknown): Promise<void>;
  /** Writes a file that lives as long as the session, and gives its path. */
  temporary(name: string, bytes: Uint8Array): Promise<string>;
}

/** Where the host and a person exchange files. */
export interface Exchange {
  /** Asks for files or folders; null where the dialog was closed. */
  open(kind: 'files' | 'folder'): Promise<readonly string[] | null>;
  /** Saves where the person says, or hands over for download; null where the dialog was closed. */
  save(name: string, type: string, content: Uint8Array<ArrayBuffer>): Promise<Exported | null>;
  /** Asks for a project file to open, or where to save one; null where the host has no dialogs. */
  readonly project: ((kind: 'open' | 'save', name: string) => Promise<string | null>) | null;
  /** Makes a PDF; null where the host cannot. */
  readonly pdf: ((html: string) => Promise<Uint8Array<ArrayBuffer>>) | null;
  /** Paths of what was uploaded under these names. */
  uploads(ids: readonly string[]): readonly { readonly path: string; readonly name: string }[];
  /** Whether a path that the file `namer` names (and no person) may be read. */
  mayRead(path: string, namer: string): Promise<boolean>;
}

/** A record of what happens, for whoever looks for a fault; it holds no content of pictures. */
export interface Journal {
  note(sentence: string): void;
  /** Records an error. One that nobody foresaw comes back with advice that names the report of it. */
  explain(error: ErrorData): ErrorData;
}
