import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Members,
  type NewMembers,
  ProjectError,
  parseManifest,
} from '../../../shared/protocol/project-file.ts';
import { contentName } from '../../../shared/session/project/archive.ts';
import { removeLeftovers, writeAtomically } from '../system/atomic.ts';
import { isLocked, type Lock, LockedError, lock } from '../system/lock.ts';
import { manifestName, manifestOf, partsOf, sha256, verify } from './project-manifest.ts';

/** Earlier states of a session that are kept beside the last one. */
const generations = 3;
const generation = (k: number) => (k === 0 ? manifestName : `${manifestName}~${k}`);

/**
 * Folders of sessions, one each, in which their work is kept against a crash:
 *
 *     lock                 who works here
 *     manifest.json        the last state; manifest.json~1 … ~3 those before
 *     members/SHA-256      files of these states, or parts of them, each once
 *     files/               what was uploaded or drawn
 *
 * A member that has not changed is not written again. A state is there when its manifest is.
 */
export class SessionFolder {
  private kept = false;

  private constructor(
    private readonly root: string,
    private id: string,
    private own: Lock,
  ) {}

  /** @param root folder of all sessions */
  static async create(root: string): Promise<SessionFolder> {
    const { id, own } = await freshFolder(root);
    return new SessionFolder(root, id, own);
  }

  /** Leaves what was kept as a session that is no more, and begins another. */
  async leave(): Promise<void> {
    const { id, own } = await freshFolder(this.root);
    await this.own.release();
    [this.id, this.own, this.kept] = [id, own, false];
  }

  /** Where files lie that live as long as the session. */
  get files(): string {
    return join(this.root, this.id, 'files');
  }

  async keep(members: NewMembers): Promise<void> {
    const folder = join(this.root, this.id);
    await mkdir(join(folder, 'members'), { recursive: true });
    const present = new Set(await readdir(join(folder, 'members')));
    for (const bytes of [...members.values()].flat()) {
      const name = sha256(bytes);
      if (!present.has(name))
        await writeAtomically(join(folder, 'members', name), bytes, { mode: 0o600 });
    }
    for (let k = generations; k > 0; k--) {
      await moveOver(join(folder, generation(k - 1)), join(folder, generation(k)), k > 1);
    }
    const manifest = `${JSON.stringify(manifestOf(members), null, 1)}\n`;
    await writeAtomically(join(folder, manifestName), manifest, { mode: 0o600 });
    this.kept = true;
    await removeUnused(folder);
  }

  async forget(): Promise<void> {
    if (!this.kept) return;
    const folder = join(this.root, this.id);
    // without manifests there is no state, whatever members are still there
    for (let k = 0; k <= generations; k++) await rm(join(folder, generation(k)), { force: true });
    await rm(join(folder, 'members'), { recursive: true, force: true });
    this.kept = false;
  }

  /** Sessions that are no more, newest first; folders in which nothing was kept are removed. */
  async left(): Promise<{ id: string; kept: string; content: Uint8Array }[]> {
    const found: { id: string; kept: string; content: Uint8Array }[] = [];
    for (const id of await readdir(this.root)) {
      if (id === this.id || (await isLocked(join(this.root, id, 'lock')))) continue;
      const state = await this.state(id).catch((error: unknown) => {
        if (error instanceof ProjectError) return null;
        throw error;
      });
      const content = state?.members.get(contentName);
      if (state && content) found.push({ id, kept: state.kept, content });
      else if (!(await hasManifest(join(this.root, id)))) await this.discard(id);
    }
    return found.sort((a, b) => b.kept.localeCompare(a.kept));
  }

  async peek(id: string): Promise<Members> {
    return (await this.state(id)).members;
  }

  /** Makes the folder of a session that is no more this session's own. */
  async adopt(id: string): Promise<void> {
    const taken = await this.take(id);
    const before = this.id;
    await this.own.release();
    [this.id, this.own, this.kept] = [id, taken, true];
    await rm(join(this.root, before), { recursive: true, force: true });
  }

  async discard(id: string): Promise<void> {
    const taken = await this.take(id);
    await rm(join(this.root, id), { recursive: true, force: true });
    await taken.release();
  }

  /** @param remove the folder with all that is in it */
  async close(): Promise<void> {
    await this.own.release();
    if (!this.kept) await rm(join(this.root, this.id), { recursive: true, force: true });
  }

  private async take(id: string): Promise<Lock> {
    try {
      return await lock(join(this.root, id, 'lock'));
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
      throw new ProjectError('Another window of Isinglass has opened it meanwhile.');
    }
  }

  /** The newest state that is whole. @throws ProjectError if there is none */
  private async state(id: string): Promise<{ kept: string; members: Members }> {
    const folder = join(this.root, id);
    let failure: unknown = new ProjectError('Nothing was kept.');
    for (let k = 0; k <= generations; k++) {
      try {
        const manifest = await readFile(join(folder, generation(k)));
        const { saved, members } = parseManifest(manifest, 'What was kept');
        const files = new Map<string, Uint8Array>([[manifestName, manifest]]);
        for (const [name, entry] of Object.entries(members)) {
          const parts: Buffer[] = [];
          for (const { sha256: hash } of partsOf(entry)) {
            parts.push(await readFile(join(folder, 'members', hash)));
          }
          files.set(name, parts.length === 1 ? parts[0] : Buffer.concat(parts));
        }
        return { kept: saved, members: await verify(files, 'What was kept') };
      } catch (error) {
        const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        if (!absent && !(error instanceof ProjectError)) throw error;
        if (!absent) failure = error;
      }
    }
    throw failure;
  }
}

async function freshFolder(root: string): Promise<{ id: string; own: Lock }> {
  const id = `${new Date().toISOString().slice(0, 10)}-${randomBytes(6).toString('hex')}`;
  await mkdir(join(root, id, 'files'), { recursive: true, mode: 0o700 });
  return { id, own: await lock(join(root, id, 'lock')) };
}

/** Renames, or copies where the old name must stay, if the file is there. */
async function moveOver(from: string, to: string, move: boolean): Promise<void> {
  try {
    if (move) await rename(from, to);
    // the last state keeps its name until the new one takes it
    else await writeAtomically(to, await readFile(from), { mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

async function hasManifest(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => [])).some((name) => name.startsWith(manifestName));
}

/** Removes members that no manifest names, and what interrupted writes have left. */
async function removeUnused(folder: string): Promise<void> {
  const used = new Set<string>();
  for (let k = 0; k <= generations; k++) {
    const bytes = await readFile(join(folder, generation(k))).catch(() => null);
    if (bytes === null) continue;
    for (const entry of Object.values(parseManifest(bytes, 'What was kept').members)) {
      for (const { sha256: hash } of partsOf(entry)) used.add(hash);
    }
  }
  for (const name of await readdir(join(folder, 'members'))) {
    if (!used.has(name)) await rm(join(folder, 'members', name), { force: true });
  }
  await removeLeftovers(join(folder, manifestName));
}
