import { z } from 'zod';
import { takes } from './declare.ts';
import type { ErrorData } from './errors.ts';
import { fitOptions, nothing, preparationOptions, threads } from './schemas.ts';

/** What the program runs in, and what it can do there. */
export interface AppInfo {
  readonly version: string;
  /** `electron` has native dialogs and menus; on `browser` files are uploaded and downloaded. */
  readonly host: 'electron' | 'browser';
  /** Whether `export.pdf` is there. */
  readonly pdf: boolean;
  /** Processor threads that sampling may use. */
  readonly threads: number;
  /** The folder of its log and of reports of errors. */
  readonly logs: string;
}

/** What is remembered from one start to the next. */
export const settings = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  /** How J and h are shown: as the program has them, or as the notes' eq. (2) reads. */
  convention: z.strictObject({
    sign: z.enum(['plus', 'notes']),
    bonds: z.enum(['once', 'ordered']),
    field: z.enum(['notes', 'perSite']),
  }),
  /** Last used options; null before the first use. */
  preparation: preparationOptions.nullable(),
  fit: fitOptions.nullable(),
  /** Threads that sample; null takes all. */
  threads: threads.nullable(),
});

export type Settings = z.infer<typeof settings>;

export const defaultSettings: Settings = {
  theme: 'system',
  convention: { sign: 'plus', bonds: 'once', field: 'notes' },
  preparation: null,
  fit: null,
  threads: null,
};

/** Something that was opened before, as it is stored. */
export const storedRecent = z.strictObject({
  id: z.string(),
  /** Last part of the path. */
  name: z.string(),
  /** The whole path, to show. */
  path: z.string(),
  kind: z.enum(['folder', 'pictures', 'fit', 'project']),
  /** Everything that was opened together. */
  paths: z.array(z.string()),
});

export type StoredRecent = z.infer<typeof storedRecent>;
export type RecentEntry = Readonly<Omit<StoredRecent, 'paths'>>;

export const appRequests = {
  info: takes(nothing).gives<AppInfo>(),
  settings: takes(nothing).gives<Settings>(),
  /** Changes what is given, keeps the rest; answers all of them. */
  changeSettings: takes(settings.partial()).gives<Settings>(),
  recent: takes(nothing).gives<RecentEntry[]>(),
  clearRecent: takes(nothing).gives<void>(),
  /** Records an error of the window's own; answers what to tell about it. */
  report: takes(
    z.strictObject({
      name: z.string().max(200),
      message: z.string().max(10_000),
      advice: z.string().max(10_000).nullable(),
      details: z.string().max(100_000).nullable(),
    }),
  ).gives<ErrorData>(),
};

/** What a native menu may ask the window to do. */
export type MenuCommand =
  | 'new-project'
  | 'open-project'
  | 'save-project'
  | 'save-project-as'
  | 'open-files'
  | 'open-folder'
  | 'export-fit-file'
  | 'undo'
  | 'redo'
  | 'start-pause'
  | 'step'
  | 'stop'
  | 'settings'
  | 'shortcuts'
  | 'help';

export interface AppEvents {
  'app.menu': MenuCommand;
  /** Browser host: the connection was lost (false) or is there again (true: ask for everything anew). */
  'app.connection': boolean;
}
