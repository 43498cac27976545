import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PictureError } from '../../../shared/data/image/picture-error.ts';
import type { Store } from '../../../shared/session/ports.ts';
import { writeAtomically } from '../system/atomic.ts';
import { systemReason } from '../system/system-error.ts';
import { SessionFolder } from './session-folder.ts';

/** A store in a folder of this machine, and in it the folder of this session. */
export interface NodeStore extends Store {
  readonly session: SessionFolder;
  close(): Promise<void>;
}

/** Longest name of a temporary file. */
const longestName = 100;

/**
 * @param folder for settings and sessions; made where it is missing
 * @throws PictureError `unwritable`
 */
export async function nodeStore(folder: string): Promise<NodeStore> {
  const session = await openFolder(folder).catch((error: unknown) => {
    throw new PictureError(
      'unwritable',
      `The folder of settings ${folder} cannot be written: ${systemReason(error)}.`,
      { cause: error },
    );
  });
  // one after the other, so that the last write wins
  let writing: Promise<void> = Promise.resolve();
  return {
    session,
    async read(name) {
      try {
        return JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8'));
      } catch (error) {
        // a first start has no file, and one that was damaged by hand is begun anew
        if (error instanceof SyntaxError) return null;
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      }
    },
    write(name, value) {
      const done = writing.then(() =>
        writeAtomically(join(folder, `${name}.json`), `${JSON.stringify(value, null, 1)}\n`, {
          mode: 0o600,
        }),
      );
      writing = done.catch(() => {
        // whoever asked for this write hears of it; the next one is tried all the same
      });
      return done;
    },
    async temporary(name, bytes) {
      const own = await mkdtemp(join(session.files, 'made-'));
      const plain = name.replace(/[\\/:*?"<>|\p{Cc}]/gu, '-').slice(-longestName);
      const path = join(own, /^\.*$/.test(plain) ? 'file' : plain);
      await writeFile(path, bytes);
      return path;
    },
    close: () => session.close(),
  };
}

async function openFolder(folder: string): Promise<SessionFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // names of files and folders stand in it, which are nobody else's business
  await chmod(folder, 0o700);
  return SessionFolder.create(join(folder, 'sessions'));
}
