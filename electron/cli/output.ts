import { access, constants, mkdir, mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { PictureError } from '../../shared/data/image/picture-error.ts';
import { type Identities, writeTarget } from '../node/system/write-target.ts';
import { exitCode } from './exit.ts';
import { say } from './progress.ts';

/*
 * What cannot be written is said before the work, not after it. Folders above the one that is named are not
 * made: a slip of the pen would leave a trail of them.
 */

/**
 * @param inputs files that must not be written to
 * @returns the file's real path, behind all links
 * @throws Error, a sentence, if a file cannot be written there
 */
export async function checkFile(out: string, inputs: Identities): Promise<string> {
  const { path } = await writeTarget(out, inputs);
  await checkFolder(out, dirname(path));
  return path;
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

/**
 * Writes a result, or, where it can no longer be written where it was meant to be (a full disk, a folder that is gone),
 * into a folder for temporary files: what was found is worth more than its place.
 *
 * @param write writes a file, or a folder of files, of the given name
 * @returns where it is; null if nowhere
 */
export async function keepResult(
  out: string,
  write: (place: string) => Promise<void>,
): Promise<string | null> {
  try {
    await write(out);
    return out;
  } catch (error) {
    if (!(error instanceof PictureError)) throw error;
    say(error.message);
    process.exitCode = exitCode.failed;
  }
  try {
    const place = join(await mkdtemp(join(tmpdir(), 'isinglass-kept-')), basename(out));
    await write(place);
    say(`The result was kept in ${place}: copy it from there.`);
    return place;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return null;
  }
}

/** "1 configuration", "20 configurations". */
export function configurations(count: number): string {
  return `${count} configuration${count === 1 ? '' : 's'}`;
}
