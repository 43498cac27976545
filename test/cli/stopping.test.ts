import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { exitCode } from '../../electron/cli/exit.ts';
import { stopOnInterruption } from '../../electron/cli/stopping.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'isinglass-stopping-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a fit that does not answer', () => {
  it('is ended by a second Ctrl-C, and leaves no lock', { timeout: 60_000 }, async () => {
    const node = join(folder, 'dist/node');
    cpSync(join(root, 'dist/node'), node, { recursive: true });
    cpSync(join(root, 'dist/kernels'), join(folder, 'dist/kernels'), { recursive: true });
    cpSync(join(root, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(
      join(node, 'fit-worker.js'),
      `import { writeFileSync } from 'node:fs';
      writeFileSync(${JSON.stringify(join(folder, 'begun'))}, '');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`,
    );
    writeFileSync(join(folder, 'in.csv'), '1,1,0\n1,0,1\n0,0,1\n');
    const args = [join(node, 'cli.js'), 'fit', 'in.csv', '--out', 'x.fit.json'];
    const child = spawn(process.execPath, args, { cwd: folder });
    let said = '';
    child.stderr.on('data', (part) => {
      said += part;
    });
    await vi.waitUntil(() => existsSync(join(folder, 'begun')), { timeout: 20_000 });
    child.kill('SIGINT');
    await vi.waitUntil(() => said.includes('Stopping'), { timeout: 20_000 });
    expect([child.exitCode, existsSync(join(folder, 'x.fit.json.lock'))]).toEqual([null, true]);
    child.kill('SIGINT');
    expect((await once(child, 'close'))[0]).toBe(exitCode.failed);
    expect(existsSync(join(folder, 'x.fit.json.lock'))).toBe(false);
  });
});

describe('an interrupted fit', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it.each([
    { answers: false, code: exitCode.failed },
    { answers: true, code: null },
  ])('has a deadline while it stops: $answers', ({ answers, code }) => {
    vi.useFakeTimers();
    let ended: number | null = null;
    vi.spyOn(process, 'exit').mockImplementation((given) => {
      ended = Number(given);
      return undefined as never;
    });
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const told: unknown[] = [];
    const stopping = stopOnInterruption({ tell: (command) => told.push(command) }, 'x.fit.json');
    process.emit('SIGINT');
    expect(told).toEqual([{ kind: 'stop' }]);
    vi.advanceTimersByTime(10_000);
    expect(ended).toBe(null);
    if (answers) stopping.done();
    vi.advanceTimersByTime(20_000);
    expect(ended).toBe(code);
    stopping.done();
  });
});
