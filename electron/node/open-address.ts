import { spawn } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';

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
];

/**
 * Opens an address in a window of its own where a Chromium is there, else in the default browser.
 *
 * That Chromium has its profile in the given folder, so that it is another than the person's own, ends with this
 * program's terminal, and stays in its session: Linux shares cores between sessions first, and only within one is the
 * window before the threads that sample (`give-way.ts`). As a snap it may not write there, and is the person's own.
 *
 * @returns false where there is no display or no browser, and a person has to
 */
export function openAddress(address: string, profile: string): boolean {
  const { platform, env } = process;
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return false;
  const chromium = findChromium();
  const own = chromium !== null && basename(realpathSync(chromium)) !== 'snap';
  const root = platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const [command, ...args] = chromium
    ? [
        chromium,
        `--app=${address}`,
        ...(own ? [`--user-data-dir=${profile}`, ...quietly] : []),
        ...root,
      ]
    : platform === 'darwin'
      ? ['open', address]
      : platform === 'win32'
        ? ['explorer.exe', address]
        : [findProgram(['xdg-open']) ?? '', address];
  if (command === '') return false;
  const child = spawn(command, args, { detached: !own, stdio: 'ignore' });
  child.on('error', () => process.stderr.write('No browser could be started.\n'));
  child.unref();
  return true;
}
