import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import type { Emit } from '../shared/protocol/contract.ts';
import type { Dispatcher } from '../shared/protocol/dispatch.ts';
import { ExplainedError, toErrorData } from '../shared/protocol/errors.ts';
import { channels } from './channels.ts';
import { windowAddress } from './scheme.ts';

/**
 * Whether a message comes from the one page that may ask: the main frame of the program's own window,
 * showing the program's own address.
 */
function isTrusted(
  event: IpcMainEvent | IpcMainInvokeEvent,
  contents: WebContents | null,
): boolean {
  const { sender, senderFrame } = event;
  return (
    contents !== null &&
    sender === contents &&
    senderFrame !== null &&
    senderFrame === sender.mainFrame &&
    senderFrame.url.startsWith(windowAddress)
  );
}

/**
 * Answers the window's requests.
 *
 * @param contents the window's contents; null while there is none
 */
export function answerRequests(dispatch: Dispatcher, contents: () => WebContents | null): void {
  ipcMain.handle(
    channels.request,
    (event, ticket: unknown, method: unknown, parameters: unknown) => {
      if (!isTrusted(event, contents())) {
        const error = toErrorData(new ExplainedError('Requests are taken from the window only.'));
        return { ok: false, error };
      }
      return dispatch.request(String(event.sender.id), ticket, method, parameters);
    },
  );
  ipcMain.on(channels.cancel, (event, ticket: unknown) => {
    if (isTrusted(event, contents())) dispatch.cancel(String(event.sender.id), ticket);
  });
}

/** Tells the window, as long as there is one. */
export function emitter(contents: () => WebContents | null): Emit {
  return (name, payload) => contents()?.send(channels.event, name, payload);
}
