import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { parseFitFile } from '../../shared/protocol/fit-file.ts';

const cli = join(import.meta.dirname, '../../dist/node/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'isinglass-output-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

const board = '1,1,0\n1,0,1\n0,0,1\n';
writeFileSync(at('in.csv'), board);
const fit = ['fit', 'in.csv', '--seed', '1', '--no-check'];
/** A fit that goes on until it is ended. */
const endless = [
  ...['fit', 'in.csv', '--method', 'gradient', '--alpha', '1e-9', '--steps', '1000000000'],
  ...['--seed', '1', '--no-check', '--checkpoint-every', '0.05'],
];

function isinglass(args: string[], stdio: (number | 'pipe')[] = ['pipe', 'pipe', 'pipe']) {
  return spawnSync(process.execPath, [cli, ...args], {
    ...{ cwd: folder, encoding: 'utf8', stdio },
  } as const);
}

async function until(condition: () => boolean): Promise<void> {
  for (let k = 0; k < 400 && !condition(); k++) await setTimeout(25);
  expect(condition()).toBe(true);
}

describe('--out', () => {
  it('replaces no input, device, link to nothing or protected file', () => {
    symlinkSync('in.csv', at('link.csv'));
    linkSync(at('in.csv'), at('hard.csv'));
    symlinkSync('nowhere', at('dangling'));
    writeFileSync(at('protected.fit.json'), 'mine');
    chmodSync(at('protected.fit.json'), 0o444);
    const outs = ['in.csv', 'link.csv', 'hard.csv', 'dangling', 'protected.fit.json', '/dev/null'];
    for (const out of outs)
      expect([out, isinglass([...fit, '--out', out]).status]).toEqual([out, 1]);
    expect(isinglass(['prepare', 'in.csv', '--out', 'in.csv']).status).toBe(1);
    expect(readFileSync(at('in.csv'), 'utf8')).toBe(board);
    expect(readFileSync(at('protected.fit.json'), 'utf8')).toBe('mine');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('keeps the mode, and follows a link, which stays', () => {
    writeFileSync(at('private.fit.json'), '');
    chmodSync(at('private.fit.json'), 0o600);
    symlinkSync('private.fit.json', at('way.fit.json'));
    expect(isinglass([...fit, '--out', 'way.fit.json']).status).toBe(0);
    expect(statSync(at('private.fit.json')).mode & 0o777).toBe(0o600);
    expect(lstatSync(at('way.fit.json')).isSymbolicLink()).toBe(true);
    parseFitFile(readFileSync(at('private.fit.json'), 'utf8'), 'it');
  });
});

describe('a result', () => {
  it('outlives a reader of messages that is gone, and a full disk under either stream', async () => {
    const child = spawn(process.execPath, [cli, ...fit, '--out', 'a.fit.json'], { cwd: folder });
    child.stderr.destroy();
    child.stdout.destroy();
    expect((await once(child, 'exit'))[0]).toBe(0);
    parseFitFile(readFileSync(at('a.fit.json'), 'utf8'), 'it');
    if (!existsSync('/dev/full')) return;
    const full = openSync('/dev/full', 'w');
    expect(isinglass([...fit, '--out', 'b.fit.json'], ['pipe', 'pipe', full]).status).toBe(0);
    const printed = isinglass([...fit, '--json', '--out', 'c.fit.json'], ['pipe', full, 'pipe']);
    expect(printed.status).toBe(1);
    expect(printed.stderr).toContain('the disk is full');
    parseFitFile(readFileSync(at('c.fit.json'), 'utf8'), 'it');
  });

  it('comes the same with the longest time between two checkpoints', () => {
    const args = [...fit, '--checkpoint-every', '2147484', '--out', 'seldom.fit.json'];
    const { status, stderr } = isinglass(args);
    // a timer beyond its range fires every millisecond, and Node warns of it
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('Overflow')]);
  });

  it('is kept elsewhere, and printed, where its folder is gone at the end', async () => {
    mkdirSync(at('gone'));
    const args = [...endless, '--json', '--out', 'gone/x.fit.json'];
    const child = spawn(process.execPath, [cli, ...args], { cwd: folder });
    let [out, err] = ['', ''];
    child.stdout.on('data', (part) => {
      out += part;
    });
    child.stderr.on('data', (part) => {
      err += part;
    });
    await until(() => existsSync(at('gone/x.fit.json.checkpoint')));
    rmSync(at('gone'), { recursive: true });
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    const [, kept] = /kept in (\S+): copy/.exec(err) ?? [];
    expect(parseFitFile(readFileSync(kept, 'utf8'), 'it')).toEqual(parseFitFile(out, 'it'));
    expect(code).not.toBe(0);
    rmSync(join(kept, '..'), { recursive: true });
  });
});

describe('a fit file', () => {
  it('is one fit’s at a time; a checkpoint is not overwritten unasked; a finished fit is one', async () => {
    const out = ['--out', 'o.fit.json'];
    const child = spawn(process.execPath, [cli, ...endless, ...out], {
      ...{ cwd: folder, stdio: 'ignore' },
    });
    await until(() => existsSync(at('o.fit.json.checkpoint')));
    const second = isinglass([...fit, ...out, '--force']);
    expect([second.status, second.stderr]).toEqual([1, expect.stringContaining(`${child.pid}`)]);
    expect(existsSync(at('o.fit.json.checkpoint'))).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    // the killed fit's lock is none any more, but its checkpoint is there
    expect(isinglass([...fit, ...out]).stderr).toContain('--force');
    const other = isinglass([...fit, ...out, '--resume-if-present']);
    expect([other.status, other.stderr]).toEqual([1, expect.stringContaining('another method')]);
    expect(isinglass([...fit, ...out, '--force']).status).toBe(0);
    expect(existsSync(at('o.fit.json.checkpoint'))).toBe(false);
    expect(existsSync(at('o.fit.json.lock'))).toBe(false);
    const again = isinglass(['fit', '--resume', 'o.fit.json', '--json']);
    expect([again.status, again.stderr]).toEqual([0, expect.stringContaining('is finished')]);
    expect(parseFitFile(again.stdout, 'it').converged).toBe(true);
    expect(isinglass([...fit, ...out, '--resume-if-present']).status).toBe(0);
  });
});
