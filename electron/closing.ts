import { type BrowserWindow, dialog } from 'electron';
import type { NodeSession } from './node/session.ts';
import { rememberPlace } from './place.ts';

/**
 * Asks before a window closes over a running fit, keeps the window's place, and hands back what the
 * page had asked for.
 */
export function confirmClose(
  window: BrowserWindow,
  session: NodeSession,
  settings: string,
  forget: () => void,
): void {
  let agreed = false;
  window.on('close', (event) => {
    if (agreed) return;
    event.preventDefault();
    const close = async () => {
      if (session.busy && !(await mayStop(window))) return;
      await session.stop();
      // a place that cannot be written is no reason to keep the window open
      await rememberPlace(settings, window).catch((error: Error) => {
        process.stderr.write(`${error.message}\n`);
      });
      forget();
      agreed = true;
      window.close();
    };
    close().catch((error: Error) => dialog.showErrorBox('Closing failed', error.message));
  });
}

async function mayStop(window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'A fit is under way.',
    detail:
      'Closing the window stops it. Keep the window open to let it go on, or to export it first.',
    buttons: ['Keep open', 'Stop and close'],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 1;
}
