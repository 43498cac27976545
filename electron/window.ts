import { fileURLToPath } from 'node:url';
import { BrowserWindow } from 'electron';
import type { Place } from './place.ts';
import { windowAddress } from './scheme.ts';

/** The one window, shut off from Node and from everything outside the program. */
export function createWindow(bundle: URL, place: Place | null): BrowserWindow {
  const { zoom = 1, ...bounds } = place ?? {};
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    ...bounds,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Isinglass',
    webPreferences: {
      preload: fileURLToPath(new URL('../preload/preload.cjs', bundle)),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      zoomFactor: zoom,
    },
  });
  window.once('ready-to-show', () => window.show());
  window.loadURL(windowAddress);
  return window;
}
