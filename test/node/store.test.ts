import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeStore } from '../../electron/node/projects/settings-store.ts';
import { logFolder, settingsFolder } from '../../electron/node/system/system-folders.ts';
import { folderOf } from './folder.ts';

it('keeps what it remembers from every other user of the machine', async () => {
  const folder = join(folderOf({}), 'isinglass');
  // as older versions made it
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  const store = await nodeStore(folder);
  await store.write('settings', { recent: '/home/me/secret' });
  const mode = (path: string) => statSync(path).mode & 0o777;
  expect(mode(folder)).toBe(0o700);
  expect(mode(join(folder, 'settings.json'))).toBe(0o600);
  await store.close();
});

it('takes a variable that is empty, or no whole path, for one that is not set', () => {
  for (const value of ['', 'relative/config']) {
    const environment = { XDG_CONFIG_HOME: value, XDG_STATE_HOME: value };
    expect(settingsFolder('/home/me', 'linux', environment)).toBe('/home/me/.config/isinglass');
    expect(logFolder('/home/me', 'linux', environment)).toBe(
      '/home/me/.local/state/isinglass/logs',
    );
  }
  expect(settingsFolder('/home/me', 'linux', { XDG_CONFIG_HOME: '/c' })).toBe('/c/isinglass');
});
