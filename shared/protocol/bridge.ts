import type { ErrorData } from './errors.ts';

/** The answer to a request: its result, or why there is none. */
export type Reply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: ErrorData };

/**
 * What a host puts into the page: named functions, never channels. The preload exposes it as
 * `window.isinglass`; over a socket `socketBridge` makes one.
 */
export interface Bridge<DroppedFile> {
  /** By name, as `data.list`. A ticket is any number that the page has not used before. */
  readonly requests: Readonly<
    Record<string, (ticket: number, parameters: unknown) => Promise<Reply>>
  >;
  /** By name, as `fit.progress`; each returns the function that unsubscribes. */
  readonly events: Readonly<Record<string, (listener: (payload: unknown) => void) => () => void>>;
  /** Takes back the request with this ticket. */
  cancel(ticket: number): void;
  /** Hands over files that the person dropped or chose in the page; answers as `data.openFiles`. */
  addFiles(ticket: number, files: readonly DroppedFile[]): Promise<Reply>;
}
