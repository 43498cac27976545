import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isLocked, lock } from '../../electron/node/system/lock.ts';
import { thisMachine } from '../../electron/node/system/machine.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whether this system tells machines apart. */
const known = (await thisMachine()) !== null;

describe('a lock', () => {
  it('is had by one at a time, and is there for the next', async () => {
    const path = join(folder, 'a.lock');
    const first = await lock(path);
    expect(await first.held()).toBe(true);
    await expect(lock(path)).rejects.toThrow(/another window/);
    await first.release();
    expect(await isLocked(path)).toBe(false);
    const second = await lock(path);
    // a release that comes too late takes nothing from the next holder
    await first.release();
    expect(await second.held()).toBe(true);
    await second.release();
  });

  it.runIf(process.platform === 'linux')(
    'of a killed process is taken over, by one of many',
    async () => {
      const path = join(folder, 'b.lock');
      const child = spawn('sleep', ['60']);
      await once(child, 'spawn');
      const line = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
      const begun = line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
      writeFileSync(path, JSON.stringify({ host: hostname(), pid: child.pid, begun, nonce: 'x' }));
      await expect(lock(path)).rejects.toThrow(/another window/);
      // not even a process that is stopped loses it
      child.kill('SIGSTOP');
      await expect(lock(path)).rejects.toThrow(/another window/);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => lock(path)));
      const won = attempts.flatMap((attempt) =>
        attempt.status === 'fulfilled' ? [attempt.value] : [],
      );
      const held = await Promise.all(won.map((mine) => mine.held()));
      expect(held.filter((mine) => mine)).toHaveLength(1);
      await Promise.all(won.map((mine) => mine.release()));
      expect(readdirSync(folder).filter((name) => name.startsWith('b.lock'))).toEqual([]);
    },
  );

  it.runIf(known)(
    'of this machine is known as such when that has got another name meanwhile',
    async () => {
      const path = join(folder, 'renamed.lock');
      const mine = await lock(path);
      const holder = JSON.parse(readFileSync(path, 'utf8'));
      const renamed = { ...holder, host: `before-${hostname()}` };
      writeFileSync(path, JSON.stringify(renamed));
      // while its process lives it is held all the same, and not elsewhere
      await expect(lock(path)).rejects.toMatchObject({ elsewhere: false });
      await mine.release();
      writeFileSync(path, JSON.stringify({ ...renamed, begun: '1', nonce: 'old' }));
      expect(await isLocked(path)).toBe(false);
      await (await lock(path)).release();
    },
  );

  it('of a process number that another process has by now is stale, one of another machine is not', async () => {
    const path = join(folder, 'c.lock');
    const mine = await lock(path);
    const holder = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...holder, begun: '1', nonce: 'old' }));
    expect(await mine.held()).toBe(false);
    await (await lock(path)).release();
    writeFileSync(
      path,
      JSON.stringify({ ...holder, host: `not-${hostname()}`, machine: 'another' }),
    );
    await expect(lock(path)).rejects.toThrow(`It is open on not-${hostname()}.`);
    writeFileSync(path, '{"cut');
    await (await lock(path)).release();
  });
});
