import type { Bridge } from '../shared/protocol/bridge.ts';
import { connect, type Host } from '../shared/protocol/client.ts';
import { ExplainedError } from '../shared/protocol/errors.ts';
import type { Exported } from '../shared/protocol/exports.ts';
import { type SocketEnd, socketEnd } from '../shared/protocol/socket.ts';
import { protocolsWith } from '../shared/protocol/window-secret.ts';
import { ownSecret } from './own-secret.ts';
import { uploadFiles } from './upload.ts';

declare global {
  interface Window {
    /** Put here by Electron's preload; missing in a browser. */
    readonly isinglass?: Bridge<File>;
  }
}

/** Milliseconds between two attempts to get a lost connection back. */
const retryInterval = 1000;

/** The host of this window: Electron's through the preload, or the browser host through a socket. */
export async function openHost(): Promise<Host<File>> {
  return connect(window.isinglass ?? (await browserBridge()));
}

/** Hands an export to the browser to download, where the host did not save it itself. */
export function finishExport(exported: Exported): void {
  if (exported.kind === 'saved') return;
  const url = URL.createObjectURL(new Blob([exported.bytes], { type: exported.type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = exported.name;
  link.click();
  // the download has its own hold on the content by then
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function browserBridge(): Promise<Bridge<File>> {
  const secret = ownSecret();
  if (secret === null) {
    throw new ExplainedError(
      'Isinglass has let no one in here.',
      'Open the address that it printed where it was started: it works once, and in one window. The signal USR2 makes it print another.',
    );
  }
  let end: SocketEnd<File> | null = null;
  const open = () => {
    const socket = new WebSocket(
      `${location.protocol.replace('http', 'ws')}//${location.host}/socket`,
      protocolsWith(secret),
    );
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => {
      if (end) end.reconnected(socket);
      else end = socketEnd<File>(socket, uploadFiles);
      opened();
    });
    socket.addEventListener('message', ({ data }) => end?.receive(new Uint8Array(data)));
    socket.addEventListener('close', () => {
      if (!end) {
        failed(
          new ExplainedError('Isinglass does not answer.', 'Open the address that it printed.'),
        );
        return;
      }
      end.lost();
      setTimeout(open, retryInterval);
    });
  };
  let opened = () => {};
  let failed = (_: Error) => {};
  await new Promise<void>((resolve, reject) => {
    [opened, failed] = [resolve, reject];
    open();
  });
  if (!end) throw new Error('The socket was opened without its end.');
  return (end as SocketEnd<File>).bridge;
}
