import { type BrowserWindow, dialog } from 'electron';
import type { NodeSession } from './node/session.ts';
import { printable } from './node/system/printable.ts';
import { rememberPlace } from './place.ts';

/**
 * Asks before a window closes over work that is not saved, keeps the window's place, and hands back what
 * the page had asked for.
 *
 * @param discard told when everything that the person wants is saved
 */
export function confirmClose(
  window: BrowserWindow,
  session: NodeSession,
  settings: string,
  forget: () => void,
  discard: () => void,
): void {
  let agreed = false;
  window.on('close', (event) => {
    if (agreed) return;
    event.preventDefault();
    const close = async () => {
      if (session.unsaved) {
        const choice = await ask(window, session.busy);
        if (choice === 'keep open') {
          // a window that was about to close for want of a page needs one again
          if (window.webContents.isCrashed()) window.webContents.reload();
          return;
        }
        if (choice === 'save' && !(await session.save())) return;
        discard();
      }
      await session.stop();
      // a place that cannot be written is no reason to keep the window open
      await rememberPlace(settings, window).catch((error: Error) => {
        process.stderr.write(printable(`${error.message}\n`));
      });
      forget();
      agreed = true;
      window.close();
    };
    close().catch((error: Error) => dialog.showErrorBox('Closing failed', error.message));
  });
}

const choices = ['keep open', 'discard', 'save'] as const;

async function ask(window: BrowserWindow, busy: boolean): Promise<(typeof choices)[number]> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: busy ? 'A fit is under way.' : 'The project has changes that are not saved.',
    detail: busy
      ? 'Closing the window stops it. What is saved goes on from there, step for step, when it is opened again.'
      : 'What is not saved is lost.',
    buttons: ['Keep open', 'Close without saving', 'Save and close'],
    defaultId: 2,
    cancelId: 0,
  });
  return choices[response] ?? 'keep open';
}
