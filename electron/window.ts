import { fileURLToPath } from 'node:url';
import { BrowserWindow, type Rectangle } from 'electron';
import { windowAddress } from './scheme.ts';

/** The one window, shut off from Node and from everything outside the program. */
export function createWindow(bundle: URL, place: Rectangle | null): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    ...place,
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
    },
  });
  window.once('ready-to-show', () => window.show());
  window.loadURL(windowAddress);
  return window;
}
