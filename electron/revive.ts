import { type BrowserWindow, dialog } from 'electron';

/** Milliseconds within which a page that breaks down a second time is not loaded again by itself. */
const patience = 10_000;

/**
 * Loads a page anew that has crashed, or hangs and is given up. Pictures, runs and the fit live in the host:
 * the new page takes up their state, and a fit goes on meanwhile.
 *
 * @param forget hands back what the page that is gone had asked for
 */
export function reviveWindow(window: BrowserWindow, forget: () => void): void {
  const { webContents } = window;
  let lastCrash = Number.NEGATIVE_INFINITY;

  const crashed = async () => {
    forget();
    const again = performance.now() - lastCrash < patience;
    lastCrash = performance.now();
    if (again) {
      const choice = await ask('The window breaks down again and again.', 'Close the window');
      if (choice === 'other') {
        window.close();
        return;
      }
    }
    if (!window.isDestroyed()) webContents.reload();
  };
  const hangs = async () => {
    const choice = await ask('The window does not answer.', 'Wait');
    if (choice === 'other' || window.isDestroyed()) return;
    // asked for: no sign that the next page will not live either
    lastCrash = Number.NEGATIVE_INFINITY;
    webContents.forcefullyCrashRenderer();
  };
  const ask = async (message: string, other: string): Promise<'load' | 'other'> => {
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      message,
      detail: 'Pictures, runs and a fit under way are not touched by that.',
      buttons: ['Load it anew', other],
      defaultId: 0,
      cancelId: 1,
    });
    return response === 0 ? 'load' : 'other';
  };
  const tell = (error: Error) => dialog.showErrorBox('The window broke down', error.message);
  webContents.on('render-process-gone', (_, { reason }) => {
    if (reason !== 'clean-exit') crashed().catch(tell);
  });
  window.on('unresponsive', () => {
    hangs().catch(tell);
  });
}
