import type { Bridge, Reply } from './bridge.ts';
import { decode, encode } from './codec.ts';
import type { EventName } from './contract.ts';
import type { JobProgress } from './data.ts';
import { Cancelled, ExplainedError, toErrorData } from './errors.ts';

/** Frames from the window to the host. */
export type ToHost =
  | {
      readonly kind: 'request';
      readonly ticket: number;
      readonly method: string;
      readonly parameters: unknown;
    }
  | { readonly kind: 'cancel'; readonly ticket: number };

/** Frames from the host to the window; the first one is the `welcome`. */
export type ToWindow =
  | {
      readonly kind: 'welcome';
      readonly methods: readonly string[];
      readonly events: readonly string[];
    }
  | { readonly kind: 'reply'; readonly ticket: number; readonly reply: Reply }
  | { readonly kind: 'event'; readonly name: string; readonly payload: unknown };

/** An open socket, reduced to what is needed of it. */
export interface Wire {
  send(frame: Uint8Array<ArrayBuffer>): void;
}

/** The window's end of a socket: feed it what arrives, use the bridge once the host has welcomed it. */
export interface SocketEnd<DroppedFile> {
  readonly bridge: Promise<Bridge<DroppedFile>>;
  /** A frame has arrived. */
  receive(frame: Uint8Array): void;
  /** The socket has closed; every open request fails. */
  lost(): void;
  /** Another socket to the same host takes over. */
  reconnected(wire: Wire): void;
}

/** What an upload is told, and whom it tells how far it is. */
export interface Uploading {
  readonly ticket: number;
  readonly signal: AbortSignal;
  readonly progress: (progress: JobProgress) => void;
}

/**
 * A bridge over a socket.
 *
 * @param addFiles hands over files in the browser's way: uploads them, then asks `data.addUploads`
 */
export function socketEnd<DroppedFile>(
  first: Wire,
  addFiles: (
    bridge: Bridge<DroppedFile>,
    files: readonly DroppedFile[],
    uploading: Uploading,
  ) => Promise<Reply>,
): SocketEnd<DroppedFile> {
  let wire: Wire | null = first;
  const waiting = new Map<number, (reply: Reply) => void>();
  const uploads = new Map<number, AbortController>();
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const announce = (name: EventName, payload: unknown) => {
    for (const listener of listeners.get(name) ?? []) listener(payload);
  };
  const noConnection = (): Reply => ({
    ok: false,
    error: toErrorData(
      new ExplainedError(
        'The connection to Isinglass is lost.',
        'Look whether it is still running where it was started, and reload this page.',
      ),
    ),
  });
  const tell = (frame: ToHost) => wire?.send(encode(frame));

  const makeBridge = (methods: readonly string[], events: readonly string[]) => {
    const bridge: Bridge<DroppedFile> = {
      requests: Object.fromEntries(
        methods.map((method) => [
          method,
          (ticket: number, parameters: unknown) =>
            new Promise<Reply>((resolve) => {
              if (!wire) return resolve(noConnection());
              waiting.set(ticket, resolve);
              tell({ kind: 'request', ticket, method, parameters });
            }),
        ]),
      ),
      events: Object.fromEntries(
        events.map((name) => [
          name,
          (listener: (payload: unknown) => void) => {
            const set = listeners.get(name) ?? new Set();
            listeners.set(name, set.add(listener));
            return () => set.delete(listener);
          },
        ]),
      ),
      cancel(ticket) {
        uploads.get(ticket)?.abort(new Cancelled());
        tell({ kind: 'cancel', ticket });
      },
      async addFiles(ticket, files) {
        const controller = new AbortController();
        uploads.set(ticket, controller);
        const { signal } = controller;
        const progress = (payload: JobProgress) => announce('data.progress', payload);
        try {
          return await addFiles(bridge, files, { ticket, signal, progress });
        } catch (error) {
          return { ok: false, error: toErrorData(error) };
        } finally {
          uploads.delete(ticket);
        }
      },
    };
    return bridge;
  };

  let welcome: (bridge: Bridge<DroppedFile>) => void;
  const bridge = new Promise<Bridge<DroppedFile>>((resolve) => {
    welcome = resolve;
  });
  return {
    bridge,
    receive(bytes) {
      const frame = decode(bytes) as ToWindow;
      if (frame.kind === 'welcome') welcome(makeBridge(frame.methods, frame.events));
      else if (frame.kind === 'event') {
        announce(frame.name as EventName, frame.payload);
      } else {
        waiting.get(frame.ticket)?.(frame.reply);
        waiting.delete(frame.ticket);
      }
    },
    lost() {
      wire = null;
      for (const answer of waiting.values()) answer(noConnection());
      waiting.clear();
      announce('app.connection', false);
    },
    reconnected(next) {
      wire = next;
      announce('app.connection', true);
    },
  };
}
