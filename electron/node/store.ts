import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../../shared/session/ports.ts';
import { writeAtomically } from './atomic.ts';

/** A store in a folder of this machine, and a temporary folder that lives as long as it. */
export interface NodeStore extends Store {
  /** The temporary folder's path. */
  readonly scratch: string;
  /** Removes the temporary folder. */
  close(): Promise<void>;
}

/** @param folder for settings; made where it is missing */
export async function nodeStore(folder: string): Promise<NodeStore> {
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(join(tmpdir(), 'isinglass-'));
  let count = 0;
  // one after the other, so that the last write wins
  let writing: Promise<void> = Promise.resolve();
  return {
    scratch,
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
        writeAtomically(join(folder, `${name}.json`), `${JSON.stringify(value, null, 1)}\n`),
      );
      writing = done.catch(() => {
        // whoever asked for this write hears of it; the next one is tried all the same
      });
      return done;
    },
    async temporary(name, bytes) {
      const own = join(scratch, String(++count));
      await mkdir(own);
      const path = join(own, name.replace(/[\\/:*?"<>|]/g, '-'));
      await writeFile(path, bytes);
      return path;
    },
    close: () => rm(scratch, { recursive: true, force: true }),
  };
}
