import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, readFile, rename, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { mostProjectBytes } from '../../../shared/protocol/limits.ts';
import { ProjectError } from '../../../shared/protocol/project-file.ts';
import type { ProjectStore } from '../../../shared/session/ports.ts';
import { mayBeNamed } from '../decode/named-file.ts';
import { removeLeftovers, syncFolder, writeAtomically } from '../system/atomic.ts';
import { type Lock, LockedError, lock } from '../system/lock.ts';
import { readError, systemReason } from '../system/system-error.ts';
import { packProject, unpackProject } from './project-zip.ts';
import type { SessionFolder } from './session-folder.ts';

/** Earlier generations of a project file that stay beside it, as NAME.isinglass~1 … ~3. */
const generations = 3;

/**
 * Projects in files of this machine.
 *
 * @param mayRead whether a picture that a project names may be read
 */
export function projectStore(
  folder: SessionFolder,
  mayRead: (path: string) => boolean | Promise<boolean>,
): ProjectStore {
  let claimed: { path: string; lock: Lock } | null = null;
  return {
    async claim(path) {
      if (path !== null && claimed?.path === path && (await claimed.lock.held())) return;
      const next = path === null ? null : { path, lock: await claim(path) };
      await claimed?.lock.release();
      claimed = next;
      if (path !== null) await removeLeftovers(path);
    },
    read: async (path) => unpackProject(await readProjectFile(path), basename(path)),
    async write(path, members) {
      if (claimed?.path !== path || !(await claimed.lock.held())) {
        throw new ProjectError(
          `${path} was not saved: another window of Isinglass has taken it over. Save under another name.`,
        );
      }
      const bytes = await packProject(members);
      await shift(path);
      await writeAtomically(path, bytes);
    },
    pack: packProject,
    keep: (members) => folder.keep(members),
    forget: () => folder.forget(),
    leave: () => folder.leave(),
    left: () => folder.left(),
    peek: (id) => folder.peek(id),
    adopt: (id) => folder.adopt(id),
    discard: (id) => folder.discard(id),
    reference(path, project) {
      const own = relative(folder.files, path);
      if (liesWithin(own)) return { path: null, relative: null, own: own.split(sep).join('/') };
      const way = project === null ? null : relative(dirname(project), path);
      const portable = way === null || isAbsolute(way) ? null : way.split(sep).join('/');
      return { path, relative: portable, own: null };
    },
    async locate({ path, relative: way, own }, project) {
      const places = [
        ...(own === null ? [] : [join(folder.files, own)]),
        ...(way === null || project === null ? [] : [resolve(dirname(project), way)]),
        ...(path === null ? [] : [path]),
      ];
      for (const place of places) {
        const allowed =
          own === null
            ? (await mayBeNamed(place, project)) && (await mayRead(place))
            : liesWithin(relative(folder.files, place));
        const found = allowed ? await stat(place).catch(() => null) : null;
        if (found?.isFile()) return { path: place, bytes: found.size };
      }
      return null;
    },
    async identify(path) {
      try {
        const hash = createHash('sha256');
        const { size } = await stat(path);
        await pipeline(createReadStream(path), hash);
        return { bytes: size, sha256: hash.digest('hex') };
      } catch {
        // what is gone by now is named when the project is opened
        return null;
      }
    },
    content: (path) =>
      readFile(path).catch((error: unknown) => {
        throw readError(path, error);
      }),
  };
}

async function claim(path: string): Promise<Lock> {
  const file = `${path}.lock`;
  try {
    return await lock(file);
  } catch (error) {
    if (!(error instanceof LockedError)) {
      throw new ProjectError(`${path} cannot be used: ${systemReason(error)}.`, { cause: error });
    }
    throw new ProjectError(
      error.elsewhere
        ? `${basename(path)} is open on ${error.host}. Close it there; if Isinglass no longer runs there, remove ${file}.`
        : `${basename(path)} is open in another window of Isinglass (process ${error.pid}). Close it there first.`,
    );
  }
}

async function readProjectFile(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > mostProjectBytes) throw new ProjectError(`${path} is too large: more than 2 GiB.`);
    return await readFile(path);
  } catch (error) {
    throw error instanceof ProjectError ? error : readError(path, error);
  }
}

/** Moves generations one on: the file itself keeps its name until the new one takes it. */
async function shift(path: string): Promise<void> {
  const absent = (error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  };
  try {
    for (let k = generations; k > 1; k--) {
      await rename(`${path}~${k - 1}`, `${path}~${k}`).catch(absent);
    }
    // to a name of its own first, so that a copy that was cut short is never a generation
    await copyFile(path, `${path}~new`).then(() => rename(`${path}~new`, `${path}~1`), absent);
    await syncFolder(dirname(path));
  } catch (error) {
    throw new ProjectError(
      `${path} was not saved: the generation before it cannot be kept (${systemReason(error)}). What was saved last is still there.`,
      { cause: error },
    );
  }
}

function liesWithin(way: string): boolean {
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}
