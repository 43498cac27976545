import { findChromium } from '../../build/chromium.mjs';

/**
 * The Chromium that whole-application tests run in.
 *
 * @throws Error that says what to do; the tests never pass for want of a browser
 */
export function chromiumPath(): string {
  const path = findChromium();
  if (path) return path;
  throw new Error(
    'Whole-application tests need Chromium: install it (Debian: apt install chromium) or name it in ISINGLASS_CHROMIUM.',
  );
}

/** Switches that keep a test's Chromium quiet and off the network. */
export const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // lets a page tidy up its memory at the worst moment
  '--js-flags=--expose-gc',
];
