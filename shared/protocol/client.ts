import type { Bridge, Reply } from './bridge.ts';
import type { EventName, Events, Requests } from './contract.ts';
import type { Added } from './data.ts';
import { Cancelled, fromErrorData } from './errors.ts';

/** A host as the window uses it. */
export interface Host<DroppedFile> extends Requests {
  /** Calls the listener at every such event; returns the function that unsubscribes. */
  on<Name extends EventName>(name: Name, listener: (payload: Events[Name]) => void): () => void;
  /** Adds files that were dropped on the window or chosen in a file input. */
  addFiles(files: readonly DroppedFile[], signal?: AbortSignal): Promise<Added>;
}

/**
 * The typed host behind a bridge. A request that fails throws an `ExplainedError`; one whose signal is
 * aborted throws `Cancelled` once the host has let go of it.
 */
export function connect<DroppedFile>(bridge: Bridge<DroppedFile>): Host<DroppedFile> {
  let lastTicket = 0;
  const call = async (
    ask: (ticket: number) => Promise<Reply>,
    signal?: AbortSignal,
  ): Promise<unknown> => {
    if (signal?.aborted) throw new Cancelled();
    const ticket = ++lastTicket;
    const cancel = () => bridge.cancel(ticket);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const reply = await ask(ticket);
      if (!reply.ok) throw fromErrorData(reply.error);
      return reply.value;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  };

  const parts: Record<string, Record<string, unknown>> = {};
  for (const [method, ask] of Object.entries(bridge.requests)) {
    const [part, name] = method.split('.');
    parts[part] ??= {};
    parts[part][name] = (parameters: unknown = {}, signal?: AbortSignal) =>
      call((ticket) => ask(ticket, parameters), signal);
  }
  return {
    // the bridge's names are the contract's: `methodNames` on the other side of it
    ...(parts as unknown as Requests),
    on: (name, listener) =>
      bridge.events[name]((payload) => listener(payload as Parameters<typeof listener>[0])),
    addFiles: (files, signal) =>
      call((ticket) => bridge.addFiles(ticket, files), signal) as Promise<Added>,
  };
}
