import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mayBeNamed } from '../../electron/node/decode/named-file.ts';
import { folderOf } from './folder.ts';

it('lets a file name pictures and spins, and nothing else of this machine', async () => {
  const folder = folderOf({ 'a.png': 'x', 'b.npy': 'x', id_rsa: 'x', 'c.json': 'x' });
  mkdirSync(join(folder, 'folder.png'));
  const allowed = async (name: string) =>
    mayBeNamed(join(folder, name), join(folder, 'x.fit.json'));
  for (const name of ['a.png', 'b.npy']) expect(await allowed(name), name).toBe(true);
  for (const name of ['id_rsa', 'c.json', 'folder.png', 'gone.png']) {
    expect(await allowed(name), name).toBe(false);
  }
  expect(await mayBeNamed('/dev/null', null)).toBe(false);
});

it('asks no other machine for a file, unless that has the file which names it', async () => {
  // on this system such a path is one of its own: only that it is not looked for can be seen
  const folder = folderOf({ 'a.png': 'x' });
  const share = `/${folder}`;
  expect(await mayBeNamed(join(folder, 'a.png'), null)).toBe(true);
  expect(await mayBeNamed(`${share}/a.png`, join(folder, 'x.fit.json'))).toBe(false);
  expect(await mayBeNamed(`${share}/a.png`, null)).toBe(false);
  expect(await mayBeNamed(`${share}/a.png`, '//elsewhere/share/x.fit.json')).toBe(false);
  expect(await mayBeNamed(`${share}/a.png`, `${share}/x.fit.json`)).toBe(true);
});
