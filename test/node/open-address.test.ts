import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openAddress } from '../../electron/node/system/open-address.ts';
import { folderOf } from './folder.ts';

const address = 'http://127.0.0.1:1/?token=secret';

/** A PATH whose Chromium writes its session and what it was given to `heard`. */
function withChromium(folder: string, program: string): void {
  const said = join(folder, 'said');
  const heard = join(folder, 'heard');
  writeFileSync(
    program,
    `#!/bin/sh\nread -r stat < /proc/$$/stat\nset -- $stat "$@"\nprintf '%s\\n' "$6" "$@" > '${said}'\nmv '${said}' '${heard}'\n`,
    { mode: 0o755 },
  );
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  vi.stubEnv('DISPLAY', ':9');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

async function heard(folder: string): Promise<{ session: string; given: string[] }> {
  const path = join(folder, 'heard');
  await vi.waitFor(() => expect(existsSync(path)).toBe(true), 10_000);
  const [session, ...given] = readFileSync(path, 'utf8').trim().split('\n');
  return { session, given };
}

const ownSession = () => readFileSync('/proc/self/stat', 'utf8').split(' ')[5];

it('opens a Chromium with a profile of its own, in the session of the program', async () => {
  const folder = folderOf({});
  withChromium(folder, join(folder, 'chromium'));
  const remove = openAddress(address, join(folder, 'profile'), folder);
  const { session, given } = await heard(folder);
  expect(given).toContain('--force-webrtc-ip-handling-policy=disable_non_proxied_udp');
  // no other user may see the token: neither among a command's arguments nor in a file
  expect(given.join(' ')).not.toContain('secret');
  const page = fileURLToPath(given.find((one) => one.startsWith('--app='))?.slice(6) ?? '');
  expect(readFileSync(page, 'utf8')).toContain(address);
  expect([statSync(page), statSync(dirname(page))].map(({ mode }) => mode & 0o777)).toEqual([
    0o600, 0o700,
  ]);
  remove?.();
  expect(existsSync(dirname(page))).toBe(false);
  expect(given).toContain(`--user-data-dir=${join(folder, 'profile')}`);
  expect(session).toBe(ownSession());
});

it('leaves the one of a snap, which is the person’s own, its profile and a session of its own', async () => {
  const folder = folderOf({});
  mkdirSync(join(folder, 'bin'));
  withChromium(folder, join(folder, 'bin', 'snap'));
  symlinkSync(join(folder, 'bin', 'snap'), join(folder, 'chromium'));
  expect(openAddress(address, join(folder, 'hidden', 'profile'), folder)).not.toBeNull();
  const { session, given } = await heard(folder);
  expect(given.filter((one) => one.startsWith('--user-data-dir'))).toEqual([]);
  expect(session).not.toBe(ownSession());
});

it('opens nothing without a display', () => {
  const folder = folderOf({});
  withChromium(folder, join(folder, 'chromium'));
  vi.stubEnv('DISPLAY', '');
  vi.stubEnv('WAYLAND_DISPLAY', '');
  expect(openAddress(address, folder, folder)).toBeNull();
});
