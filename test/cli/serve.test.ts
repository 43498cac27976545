import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { folderOf } from '../node/folder.ts';

const cli = fileURLToPath(new URL('../../dist/node/cli.js', import.meta.url));

it('ends with a sentence where settings cannot be written', () => {
  // not even root makes a folder in a file
  const home = folderOf({ config: 'a file' });
  const { status, signal, stderr } = spawnSync(process.execPath, [cli, 'serve'], {
    env: { ...process.env, XDG_CONFIG_HOME: join(home, 'config'), XDG_STATE_HOME: home },
    encoding: 'utf8',
    timeout: 10_000,
  });
  expect({ status, signal }, stderr).toEqual({ status: 1, signal: null });
  expect(stderr).toContain(join(home, 'config', 'isinglass'));
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

it('prints no file name that a terminal would obey', () => {
  const home = folderOf({});
  const { stderr } = spawnSync(process.execPath, [cli, 'fit', join(home, 'a\x1b[2Jb.png')], {
    encoding: 'utf8',
  });
  expect(stderr).toContain('b.png');
  expect(stderr).not.toContain('\x1b');
});
