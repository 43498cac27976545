import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { looksReadable } from '../../../shared/data/image/format.ts';
import { PictureError } from '../../../shared/data/image/picture-error.ts';
import { readError } from '../system/system-error.ts';

/** Files to read, in order, and how many were passed over in folders. */
export interface Sources {
  readonly files: readonly string[];
  /** Entries of folders that are hidden, or whose names promise no picture and no spins. */
  readonly skipped: number;
}

const byName = new Intl.Collator('en', { numeric: true });

/**
 * Expands files and folders to a list of files. Files that are named themselves are never passed over;
 * folders give their files and those of their subfolders in natural order (2.png before 10.png), without
 * hidden ones. Symbolic links are followed to files but not to folders, so that no folder is read twice.
 *
 * @throws PictureError `missing`, `unreadable` or `empty` at the first path that gives nothing
 */
export async function findSources(paths: readonly string[]): Promise<Sources> {
  const files: string[] = [];
  let skipped = 0;
  for (const path of paths) {
    const entry = await refused(path, () => stat(path));
    if (!entry.isDirectory()) {
      checkOrdinary(path, entry);
      files.push(path);
      continue;
    }
    const found = await readFolder(path);
    if (found.files.length === 0) {
      const others = found.skipped === 1 ? 'one other file is' : `${found.skipped} other files are`;
      const besides = found.skipped === 0 ? 'the folder is empty' : `${others} passed over`;
      throw new PictureError(
        'empty',
        `${path} holds no picture and no array of spins: ${besides}.`,
      );
    }
    files.push(...found.files);
    skipped += found.skipped;
  }
  return { files, skipped };
}

async function readFolder(folder: string): Promise<{ files: string[]; skipped: number }> {
  const entries = await refused(folder, () => readdir(folder, { withFileTypes: true }));
  entries.sort((a, b) => byName.compare(a.name, b.name) || (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  let skipped = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) skipped++;
    else if (entry.isDirectory()) {
      const inner = await readFolder(path);
      files.push(...inner.files);
      skipped += inner.skipped;
    } else if (looksReadable(entry.name) && (await leadsToFile(path, entry))) files.push(path);
    else skipped++;
  }
  return { files, skipped };
}

async function leadsToFile(path: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return (await refused(path, () => stat(path))).isFile();
}

/** Pipes and devices would never end. */
function checkOrdinary(path: string, entry: Stats): void {
  if (entry.isFile()) return;
  throw new PictureError('unreadable', `${path} is neither a file nor a folder.`);
}

async function refused<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw readError(path, error);
  }
}
