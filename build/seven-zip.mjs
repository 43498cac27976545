import { existsSync } from 'node:fs';
import { installSystemPackages } from './system-packages.mjs';

const place = '/usr/bin/7za';

/** Debian's 7-Zip, which makes the tar.gz where electron-builder may not load its own; null where it is not. */
export function findSevenZip() {
  return existsSync(place) ? place : null;
}

/** Installs 7-Zip where it is missing and the system lets us; says what to do where it does not. */
export function ensureSevenZip() {
  if (process.platform !== 'linux' || findSevenZip()) return;
  installSystemPackages('p7zip-full');
  if (findSevenZip()) return;
  process.stderr.write(
    '7-Zip is missing, so the test of the packages will fail: install it (Debian: apt install p7zip-full).\n',
  );
}
