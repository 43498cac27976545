import { z } from 'zod';
import type { Reply } from './bridge.ts';
import { type Handlers, methodNames, requests } from './contract.ts';
import type { RequestMap } from './declare.ts';
import { Cancelled, type ErrorData, ExplainedError, toErrorData } from './errors.ts';

type Handler = (parameters: unknown, signal: AbortSignal) => unknown;

/** Answers requests as they come in from a wire, for any number of clients. */
export interface Dispatcher {
  /** Checks, runs and answers a request; never throws. */
  request(client: string, ticket: unknown, method: unknown, parameters: unknown): Promise<Reply>;
  /** Aborts one request of a client, if it is still under way. */
  cancel(client: string, ticket: unknown): void;
  /** Aborts everything that a client has under way. */
  disconnect(client: string): void;
}

/**
 * @param handlers what is done for each request
 * @param exposed names of the requests that this wire may call
 * @param explain what an error becomes before it is told
 */
export function dispatcher(
  handlers: Handlers,
  exposed: ReadonlySet<string> = new Set(methodNames),
  explain: (error: ErrorData) => ErrorData = (error) => error,
): Dispatcher {
  const underWay = new Map<string, Map<number, AbortController>>();

  /** The handler and its checked parameters. */
  const resolve = (method: unknown, parameters: unknown): [Handler, unknown] => {
    if (typeof method !== 'string' || !exposed.has(method)) {
      throw new ExplainedError(`There is no request ${describe(method)}.`);
    }
    const [part, name] = method.split('.') as ['app', 'info'];
    const schema = (requests as Record<string, RequestMap>)[part][name].parameters;
    const checked = schema.safeParse(parameters);
    if (!checked.success) {
      throw new ExplainedError(
        `${method} was asked with parameters that it does not take.`,
        null,
        z.prettifyError(checked.error),
      );
    }
    return [handlers[part][name] as Handler, checked.data];
  };

  return {
    async request(client, ticket, method, parameters) {
      const own = underWay.get(client) ?? new Map<number, AbortController>();
      try {
        if (typeof ticket !== 'number' || own.has(ticket)) {
          throw new ExplainedError('A request needs a number of its own.');
        }
        const [handler, checked] = resolve(method, parameters);
        const controller = new AbortController();
        underWay.set(client, own.set(ticket, controller));
        try {
          const value = await handler(checked, controller.signal);
          return { ok: true, value };
        } catch (error) {
          // whatever an aborted request fails with is a consequence of that
          throw controller.signal.aborted ? new Cancelled() : error;
        } finally {
          own.delete(ticket);
        }
      } catch (error) {
        return { ok: false, error: explain(toErrorData(error)) };
      }
    },
    cancel(client, ticket) {
      if (typeof ticket === 'number') underWay.get(client)?.get(ticket)?.abort();
    },
    disconnect(client) {
      for (const controller of underWay.get(client)?.values() ?? []) controller.abort();
      underWay.delete(client);
    },
  };
}

function describe(method: unknown): string {
  return typeof method === 'string' ? `“${method.slice(0, 64)}”` : `of type ${typeof method}`;
}
