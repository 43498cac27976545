import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const chromiums: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'microsoft-edge',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

/** The first of these programs that this machine has, as a whole path; null where it has none. */
function findProgram(names: readonly string[]): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const places = names.flatMap((name) =>
    /[\\/]/.test(name) ? [name] : folders.map((folder) => join(folder, name)),
  );
  for (const place of places) {
    try {
      accessSync(place, constants.X_OK);
      return place;
    } catch {
      // not there, or not to be run: the next one
    }
  }
  return null;
}

/** Chromium or a relative of it, wherever this system keeps them. */
export function findChromium(): string | null {
  return findProgram(chromiums[process.platform] ?? []);
}

/** What a Chromium is told that is there for one window: a profile of its own, and nothing to do on the network. */
const quietly = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--password-store=basic',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
];

/**
 * Opens an address in a window of its own where a Chromium is there, else in the default browser.
 *
 * That Chromium has its profile in the given folder, so that it is another than the person's own, ends with this
 * program's terminal, and stays in its session: Linux shares cores between sessions first, and only within one is the
 * window before the threads that sample (`give-way.ts`). As a snap it may not write there, and is the person's own.
 *
 * The address lets whoever has it first in, and every user of a machine may read its command lines: the browser is given
 * a file that leads there, in a folder that only this user can read.
 *
 * @param home where a browser may read that has not this profile: a snap sees no hidden folder
 * @returns what removes that file again; null where there is no display or no browser, and a person has to open it
 */
export function openAddress(address: string, profile: string, home: string): (() => void) | null {
  const { platform, env } = process;
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return null;
  const chromium = findChromium();
  const own = chromium !== null && basename(realpathSync(chromium)) !== 'snap';
  const page = leadingTo(address, own ? dirname(profile) : home);
  const root = platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const [command, ...args] = chromium
    ? [
        chromium,
        `--app=${page.address}`,
        ...(own ? [`--user-data-dir=${profile}`, ...quietly] : []),
        ...root,
      ]
    : platform === 'darwin'
      ? ['open', page.address]
      : platform === 'win32'
        ? ['explorer.exe', page.address]
        : [findProgram(['xdg-open']) ?? '', page.address];
  if (command === '') {
    page.remove();
    return null;
  }
  const child = spawn(command, args, { detached: !own, stdio: 'ignore' });
  child.on('error', () => process.stderr.write('No browser could be started.\n'));
  child.unref();
  return page.remove;
}

/** A page that leads to an address, in a new folder of this user's alone. */
function leadingTo(target: string, folder: string): { address: string; remove(): void } {
  const own = mkdtempSync(join(folder, 'isinglass-window-'));
  const path = join(own, 'open.html');
  writeFileSync(
    path,
    `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${target}"><title>Isinglass</title>`,
    { mode: 0o600, flag: 'wx' },
  );
  return {
    address: pathToFileURL(path).href,
    remove: () => rmSync(own, { recursive: true, force: true }),
  };
}
