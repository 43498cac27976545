import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/*
 * What cannot be written is said before the work, not after it. Folders above the one that is named are not
 * made: a slip of the pen would leave a trail of them.
 */

/** @throws Error, a sentence, if a file cannot be written there */
export async function checkFile(out: string): Promise<void> {
  await checkFolder(out, dirname(out));
  if (await isFolder(out)) throw new Error(`${out} cannot be written: it is a folder.`);
}

/** Makes the folder where it is missing. @throws Error, a sentence, if files cannot be written into it */
export async function makeFolder(out: string): Promise<void> {
  if (!(await stat(out).catch(() => null))) {
    await checkFolder(out, dirname(out));
    await mkdir(out);
  }
  if (!(await isFolder(out))) throw new Error(`${out} cannot be written: it is a file, no folder.`);
  await checkFolder(out, out);
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

async function checkFolder(out: string, folder: string): Promise<void> {
  if (!(await isFolder(folder))) {
    throw new Error(`${out} cannot be written: there is no folder ${folder}.`);
  }
  await access(folder, constants.W_OK).catch(() => {
    throw new Error(`${out} cannot be written: the folder ${folder} is read-only.`);
  });
}

/** "1 configuration", "20 configurations". */
export function configurations(count: number): string {
  return `${count} configuration${count === 1 ? '' : 's'}`;
}
