import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import { decode, encode } from '../../shared/protocol/codec.ts';
import { type Emit, eventNames, methodNames } from '../../shared/protocol/contract.ts';
import type { Dispatcher } from '../../shared/protocol/dispatch.ts';
import type { ToHost, ToWindow } from '../../shared/protocol/socket.ts';
import { socketProtocol } from '../../shared/protocol/window-secret.ts';

/** Largest frame from a window, and most windows at once. */
const maxFrame = 96 * 2 ** 20;
const maxWindows = 16;
/** Bytes that may wait for a slow window before progress is left out. */
const maxWaiting = 8 * 2 ** 20;

/** The windows of a browser host. */
export interface Windows {
  /** Takes over a connection that has been judged. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells every window. */
  readonly emit: Emit;
  /** Number of open windows. */
  readonly count: number;
  close(): void;
}

/** @param exposed names of the requests that windows may make */
export function openWindows(dispatch: () => Dispatcher, exposed: ReadonlySet<string>): Windows {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrame,
    perMessageDeflate: false,
    handleProtocols: () => socketProtocol,
  });
  let lastClient = 0;

  const meet = (socket: WebSocket) => {
    const client = `window-${++lastClient}`;
    const tell = (frame: ToWindow) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(encode(frame));
    };
    socket.on('message', (data: RawData, isBinary: boolean) => {
      const frame = isBinary ? read(data) : null;
      if (frame === null) {
        // 1007: data that is not what the protocol says
        socket.close(1007, 'Not a frame of this program.');
      } else if (frame.kind === 'cancel') dispatch().cancel(client, frame.ticket);
      else {
        const { ticket, method, parameters } = frame;
        dispatch()
          .request(client, ticket, method, parameters)
          .then((reply) => tell({ kind: 'reply', ticket, reply }))
          .catch(() => socket.close(1011, 'The answer could not be sent.'));
      }
    });
    socket.on('close', () => dispatch().disconnect(client));
    // what breaks a connection also closes it, and that is heard above
    socket.on('error', () => socket.terminate());
    const methods = methodNames.filter((name) => exposed.has(name));
    tell({ kind: 'welcome', methods, events: eventNames });
  };

  return {
    accept(request, socket, head) {
      if (server.clients.size >= maxWindows) {
        socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, meet);
    },
    emit(name, payload) {
      const frame = encode({ kind: 'event', name, payload } satisfies ToWindow);
      // a window that cannot follow misses frames of progress and asks for the rows in between later
      const droppable = name === 'fit.progress' || name === 'data.progress';
      for (const socket of server.clients) {
        if (socket.readyState !== WebSocket.OPEN) continue;
        if (droppable && socket.bufferedAmount > maxWaiting) continue;
        socket.send(frame);
      }
    },
    get count() {
      return server.clients.size;
    },
    close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

/** A frame that a window sent; null where it is none. */
function read(data: RawData): ToHost | null {
  try {
    const frame = decode(data as Buffer) as Partial<ToHost> | null;
    if (typeof frame !== 'object' || frame === null || typeof frame.ticket !== 'number')
      return null;
    return frame.kind === 'request' || frame.kind === 'cancel' ? (frame as ToHost) : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
