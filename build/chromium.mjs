import { existsSync } from 'node:fs';
import { installSystemPackages } from './system-packages.mjs';

const places = [
  process.env.ISINGLASS_CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The Chromium that whole-application tests run in; null where there is none. */
export function findChromium() {
  return places.find((place) => place !== '' && existsSync(place)) ?? null;
}

/** Installs Chromium where it is missing and the system lets us; says what to do where it does not. */
export function ensureChromium() {
  if (findChromium()) return;
  installSystemPackages('chromium', 'fonts-dejavu-core');
  if (findChromium()) return;
  process.stderr.write(
    'Chromium is missing, so the whole-application tests will fail: install it (Debian: apt install chromium) or name it in ISINGLASS_CHROMIUM.\n',
  );
}
