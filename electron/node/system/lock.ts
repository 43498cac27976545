import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { thisMachine } from './machine.ts';

/** Who holds a lock. */
interface Holder {
  readonly host: string;
  /** `thisMachine` there, since a machine may get another name; null where it has none, and in older files. */
  readonly machine: string | null;
  readonly pid: number;
  /** When the process began, as the system counts; null where it does not tell. */
  readonly begun: string | null;
  readonly nonce: string;
}

/** A lock that this process holds, in a file that names it. */
export interface Lock {
  /** Whether it is still held: nobody has removed the file. */
  held(): Promise<boolean>;
  release(): Promise<void>;
}

/** Why a lock cannot be had. */
export class LockedError extends Error {
  override readonly name = 'LockedError';

  constructor(
    readonly host: string,
    readonly pid: number,
    readonly elsewhere: boolean,
  ) {
    super(elsewhere ? `It is open on ${host}.` : 'It is open in another window of Isinglass.');
  }
}

/**
 * Takes a lock, also from a process that has died with it.
 *
 * @throws LockedError if a living process holds it; whatever the system throws
 */
export async function lock(path: string): Promise<Lock> {
  const mine: Holder = {
    host: hostname(),
    machine: await thisMachine(),
    pid: process.pid,
    begun: await begun(process.pid),
    nonce: randomUUID(),
  };
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      await writeFile(path, JSON.stringify(mine), { flag: 'wx' });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      await removeStale(path);
      continue;
    }
    const held = async () => (await holder(path))?.nonce === mine.nonce;
    if (!(await held())) continue;
    return {
      held,
      async release() {
        if (await held()) await rm(path, { force: true });
      },
    };
  }
  throw new LockedError(hostname(), 0, false);
}

/** Whether a living process holds the lock. */
export async function isLocked(path: string): Promise<boolean> {
  const found = await holder(path);
  return found !== null && (await isAlive(found, path));
}

/** @throws LockedError if whoever holds it lives */
async function removeStale(path: string): Promise<void> {
  const found = await holder(path);
  if (found && (await isAlive(found, path))) {
    throw new LockedError(found.host, found.pid, !(await isHere(found)));
  }
  if (!found) {
    // it may just be being written; if not, its writer died in that moment
    const age = await stat(path).then(
      ({ mtimeMs }) => Math.abs(Date.now() - mtimeMs),
      () => 0,
    );
    if (age < 1000) {
      await setTimeout(100);
      return;
    }
  }
  // of several who find it stale one moves it away, and looks at what it has moved
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await holder(aside);
  if (moved?.nonce !== found?.nonce) {
    await writeFile(path, await readFile(aside), { flag: 'wx' }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  }
  await rm(aside, { force: true });
}

async function holder(path: string): Promise<Holder | null> {
  try {
    const {
      host,
      machine,
      pid,
      begun: since,
      nonce,
    } = JSON.parse(await readFile(path, 'utf8')) ?? {};
    const valid = typeof host === 'string' && Number.isSafeInteger(pid) && pid > 0;
    const known = { machine: machine ?? null, begun: since ?? null };
    return valid ? { host, pid, nonce: String(nonce), ...known } : null;
  } catch (error) {
    if (error instanceof SyntaxError || codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Whether it is a process of this machine. */
async function isHere({ host, machine }: Holder): Promise<boolean> {
  return host === hostname() || (machine !== null && machine === (await thisMachine()));
}

async function isAlive(found: Holder, path: string): Promise<boolean> {
  const { pid, begun: since } = found;
  // nobody here can tell whether a process of another machine lives
  if (!(await isHere(found))) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  const now = await begun(pid);
  if (now === dead) return false;
  if (since !== null && now !== null) return since === now;
  // where the system does not tell, a lock from before its start is stale
  const { mtimeMs } = await stat(path);
  return mtimeMs > Date.now() - 1000 * uptime() - 60_000;
}

const dead = 'dead';

/** When a process began, in ticks since the system did: two that had the same number differ in it. */
async function begun(pid: number): Promise<string | null> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // the name in parentheses may hold anything
  const fields = line?.slice(line.lastIndexOf(')') + 2).split(' ');
  // one that was killed and whose parent has not looked yet
  return fields?.[0] === 'Z' ? dead : (fields?.[19] ?? null);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
