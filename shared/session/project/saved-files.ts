import type { Trace } from '../../inference/trace.ts';
import type { FitFile } from '../../protocol/fit-file.ts';
import type { Members } from '../../protocol/project-file.ts';
import type { ReadProject } from './archive.ts';

/** A fit file that was read; its rows stand in the trace alone. */
export interface ReadFit {
  readonly file: FitFile;
  readonly trace: Trace;
}

/** Reading files that somebody else may have made, beside the host's own thread. */
export interface SavedFiles {
  /** Reads a project's files, which it takes for itself. @throws ProjectError if it is damaged */
  readProject(members: Members, title: string): Promise<ReadProject>;
  /** Reads a fit file. @throws FitFileError if it is none; PictureError if it cannot be read */
  readFit(path: string, name: string): Promise<ReadFit>;
}
