import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectStore } from '../../electron/node/projects/project-store.ts';
import { SessionFolder } from '../../electron/node/projects/session-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-store-'));
const mounts: string[] = [];
afterAll(() => {
  for (const mount of mounts) execFileSync('umount', [mount]);
  rmSync(folder, { recursive: true, force: true });
});

const members = (note: string, bytes = 10) =>
  new Map([
    ['project.json', Buffer.from(JSON.stringify({ note }))],
    // no two bytes in a row tell anything about the next
    ['spins/1.npy', Buffer.from(Array.from({ length: bytes }, () => Math.random() * 256))],
  ]);

async function store(name: string) {
  const session = await SessionFolder.create(join(folder, name));
  return { session, projects: projectStore(session, () => true) };
}

/** A small disk of its own; null where this machine lets nobody mount one. */
function smallDisk(name: string): string | null {
  const path = join(folder, name);
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    return null;
  }
  mounts.push(path);
  return path;
}

describe('a project store', () => {
  it('keeps the last three generations of a project file', async () => {
    const { projects } = await store('generations');
    const path = join(folder, 'p.isinglass');
    await projects.claim(path);
    for (const note of ['1', '2', '3', '4', '5']) await projects.write(path, members(note));
    const notes = await Promise.all(
      ['', '~1', '~2', '~3'].map(async (end) => {
        const { note } = JSON.parse(
          Buffer.from((await projects.read(path + end)).get('project.json') ?? []).toString(),
        );
        return note;
      }),
    );
    expect(notes).toEqual(['5', '4', '3', '2']);
    const files = readdirSync(folder).filter((name) => name.startsWith('p.isinglass'));
    expect(files).toHaveLength(5);
    await projects.claim(null);
    expect(readdirSync(folder)).not.toContain('p.isinglass.lock');
  });

  it('gives a project to one process, and takes nothing from the other', async () => {
    const [one, two] = [await store('one'), await store('two')];
    const path = join(folder, 'shared.isinglass');
    await one.projects.claim(path);
    await one.projects.write(path, members('mine'));
    await expect(two.projects.claim(path)).rejects.toThrow(
      `shared.isinglass is open in another window of Isinglass (process ${process.pid}). Close it there first.`,
    );
    await expect(two.projects.write(path, members('yours'))).rejects.toThrow(/was not saved/);
    // a lock that somebody has removed is not relied on
    rmSync(`${path}.lock`);
    await two.projects.claim(path);
    await expect(one.projects.write(path, members('late'))).rejects.toThrow(/has taken it over/);
  });

  it('writes of a growing file only what has grown', async () => {
    const { session, projects } = await store('growing');
    const members = join(session.files, '..', 'members');
    const [full, last] = [Buffer.alloc(1000, 'a'), Buffer.alloc(10, 'b')];
    const project = (parts: Buffer[]) =>
      new Map<string, Buffer | Buffer[]>([
        ['project.json', Buffer.from('{}')],
        ['runs/1/trace.npy', parts],
      ]);
    await projects.keep(project([full, last]));
    const before = new Set(readdirSync(members));
    await projects.keep(project([full, Buffer.alloc(20, 'b')]));
    const written = readdirSync(members).filter((name) => !before.has(name));
    expect(written.map((name) => readFileSync(join(members, name)).toString())).toEqual([
      'b'.repeat(20),
    ]);
    await session.close();
    const { projects: next } = await store('growing');
    const [{ id }] = await next.left();
    expect(Buffer.from((await next.peek(id)).get('runs/1/trace.npy') ?? []).toString()).toBe(
      `${'a'.repeat(1000)}${'b'.repeat(20)}`,
    );
  });

  it('opens the state before where a part of the last was changed', async () => {
    const { session, projects } = await store('changed-part');
    const members = join(session.files, '..', 'members');
    const project = (note: string) =>
      new Map<string, Buffer | Buffer[]>([
        ['project.json', Buffer.from(JSON.stringify({ note }))],
        ['runs/1/trace.npy', [Buffer.from('head'), Buffer.from(note)]],
      ]);
    for (const note of ['before', 'last']) await projects.keep(project(note));
    for (const name of readdirSync(members)) {
      const path = join(members, name);
      if (readFileSync(path).toString() === 'last') writeFileSync(path, 'lost');
    }
    await session.close();
    const { projects: next } = await store('changed-part');
    const [{ id }] = await next.left();
    expect(Buffer.from((await next.peek(id)).get('runs/1/trace.npy') ?? []).toString()).toBe(
      'headbefore',
    );
  });

  it('loses nothing on a full or read-only disk, and says which', async (context) => {
    const disk = smallDisk('full');
    if (disk === null) return context.skip();
    const { projects } = await store('any');
    const path = join(disk, 'p.isinglass');
    await projects.claim(path);
    await projects.write(path, members('small'));
    const before = readFileSync(path);
    await expect(projects.write(path, members('large', 400_000))).rejects.toThrow(/disk is full/);
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(disk).filter((name) => name.endsWith('.tmp'))).toEqual([]);

    const session = await SessionFolder.create(join(disk, 'sessions'));
    await session.keep(members('kept'));
    await expect(session.keep(members('large', 400_000))).rejects.toThrow(/disk is full/);
    await session.leave();
    const [left] = await session.left();
    expect(Buffer.from(left.content).toString()).toBe('{"note":"kept"}');

    execFileSync('mount', ['-o', 'remount,ro', disk]);
    await expect(projects.write(path, members('ro'))).rejects.toThrow(/disk is read-only/);
    expect(readFileSync(path)).toEqual(before);
  });

  it('falls back on the state before where the last one was damaged on the disk', async () => {
    const { session } = await store('damaged');
    await session.keep(members('first'));
    await session.keep(members('second'));
    const own = join(session.files, '..');
    const manifest = JSON.parse(readFileSync(join(own, 'manifest.json'), 'utf8'));
    writeFileSync(join(own, 'members', manifest.members['spins/1.npy'].sha256), 'rotten');
    await session.leave();
    const [left] = await session.left();
    expect(Buffer.from(left.content).toString()).toBe('{"note":"first"}');
    await session.discard(left.id);
    expect(await session.left()).toEqual([]);
  });
});
