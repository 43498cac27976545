import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { methodNames } from '../../shared/protocol/contract.ts';
import { type Dispatcher, dispatcher } from '../../shared/protocol/dispatch.ts';
import { type ErrorData, toErrorData } from '../../shared/protocol/errors.ts';
import { secretHeader, secretOf } from '../../shared/protocol/window-secret.ts';
import { page, securityHeaders } from '../node/decode/pages.ts';
import { nodeStore } from '../node/projects/settings-store.ts';
import { nodeSession } from '../node/session.ts';
import { journal } from '../node/system/journal.ts';
import { liesIn } from '../node/system/lies-in.ts';
import type { Log } from '../node/system/log.ts';
import { Guard, type Refusal } from './guard.ts';
import { openWindows } from './socket.ts';
import { Strangers } from './strangers.ts';
import { UploadError, Uploads, uploadLimits } from './uploads.ts';

export interface ServeOptions {
  /** 0 takes any free one. */
  readonly port: number;
  /** Files and folders that may be read, and are opened at once. */
  readonly paths: readonly string[];
  /** A name (with port) under which a tunnel reaches this host, beside 127.0.0.1 and localhost. */
  readonly publicHost: string | null;
  /** The folder of the bundled entries, from the entry's own `import.meta.url`. */
  readonly bundle: URL;
  /** Where settings are kept. */
  readonly settings: string;
  readonly log: Log;
}

/** A browser host that runs. */
export interface BrowserHost {
  readonly port: number;
  /**
   * An address that lets one window in, once; each call gives another and voids the one before.
   *
   * @param redeemed told when it has done so
   */
  newAddress(redeemed?: () => void): string;
  /** Whether a fit is under way. */
  readonly busy: boolean;
  close(): Promise<void>;
}

/** Requests that belong to Electron's own dialogs and to its preload. */
const notHere = new Set(['data.addPaths']);

/**
 * Serves the window on 127.0.0.1.
 *
 * @throws Error, a sentence, if the port cannot be taken; PictureError if the settings cannot be written
 */
export async function serve(options: ServeOptions): Promise<BrowserHost> {
  const store = await nodeStore(options.settings);
  const server = createServer({
    requestTimeout: 300_000,
    headersTimeout: 5_000,
    // how often Node looks for connections that are too slow
    connectionsCheckingInterval: 1_000,
  });
  const strangers = new Strangers();
  server.on('connection', (socket) => {
    // whatever becomes of a connection is seen by its end; without a listener a reset would end the program
    socket.on('error', () => socket.destroy());
    strangers.meet(socket);
  });
  const port = await listen(server, options.port).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const names = [`127.0.0.1:${port}`, `localhost:${port}`, options.publicHost?.toLowerCase() ?? ''];
  const guard = new Guard(new Set(names.filter((name) => name !== '')), port);
  const uploads = new Uploads(() => store.session.files, uploadLimits);
  const granted = options.paths.map((path) => resolve(path));
  const exposed = new Set(methodNames.filter((name) => !notHere.has(name)));
  let answers: Dispatcher;
  const windows = openWindows(() => answers, exposed);
  const record = journal(options.log, 'browser host');
  const begin = nodeSession({
    info: { host: 'browser', pdf: false, logs: options.log.folder },
    journal: record,
    bundle: options.bundle,
    store,
    emit: windows.emit,
    mayRead: (path) => liesIn(path, granted),
    exchange: {
      // no dialog here: what was named at the start can be opened again, all else is uploaded
      open: async (kind) => (kind === 'folder' && granted.length > 0 ? granted : null),
      save: async (name, type, bytes) => ({ kind: 'download', name, type, bytes }),
      project: null,
      pdf: null,
      uploads: (ids) => uploads.find(ids),
    },
  });
  const session = await begin.catch(async (error: unknown) => {
    server.close();
    await store.close();
    throw error;
  });
  answers = dispatcher(session.handlers, exposed, record.explain);

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    response.setHeader('Cache-Control', 'no-store');
    const foreign = guard.judgeOrigin(request);
    if (foreign) return refuse(response, foreign);
    // by hand, since what a stranger sends need be no address
    const [pathname, query = ''] = (request.url ?? '/').split(/\?(.*)/s);
    const search = new URLSearchParams(query);

    // the printed address: its token becomes a cookie and leaves the address bar
    const token = search.get('token');
    if (request.method === 'GET' && pathname === '/' && token !== null) {
      const admission = guard.redeem(token);
      // a second visit with a spent token is fine for who has the cookie already
      const unknown = admission ? null : guard.judgeCookie(request);
      if (unknown) return refuse(response, unknown);
      if (admission) response.setHeader('Set-Cookie', admission.cookie);
      // not a redirect: after one, a strict cookie stays away if another site's link led here
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end(
        // what follows # is sent to nobody
        `<!doctype html><meta http-equiv="refresh" content="0;url=/${admission ? `#${admission.secret}` : ''}"><link rel="icon" href="data:,"><title>Isinglass</title>`,
      );
      return;
    }
    const unknown = guard.judgeCookie(request);
    if (unknown) return refuse(response, unknown);
    strangers.admit(request.socket);

    if (request.method === 'PUT' && pathname === '/upload') {
      const stranger = guard.judgeScript(request, String(request.headers[secretHeader] ?? ''));
      if (stranger) return refuse(response, stranger);
      const id = await uploads.receive(request, search.get('name') ?? '');
      response.writeHead(201, { 'Content-Type': 'application/json' }).end(JSON.stringify({ id }));
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405).end();
      return;
    }
    const found = await page(new URL('../renderer/', options.bundle), pathname);
    if (!found) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is no such page.\n');
      return;
    }
    response.writeHead(200, { 'Content-Type': found.type }).end(found.content);
  };
  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) =>
      fail(request, response, error, record.explain),
    );
  });
  server.on('upgrade', (request, socket, head) => {
    const refusal =
      request.url === '/socket'
        ? guard.judgeScript(request, secretOf(request.headers['sec-websocket-protocol']))
        : null;
    if (request.url !== '/socket' || refusal) {
      const line = refusal ? `${refusal.status} Refused` : '404 Not Found';
      socket.end(`HTTP/1.1 ${line}\r\nConnection: close\r\n\r\n`);
      return;
    }
    strangers.admit(socket);
    windows.accept(request, socket, head);
  });

  if (granted.length > 0) await session.open(granted, new AbortController().signal);
  return {
    port,
    newAddress: (redeemed) => `http://127.0.0.1:${port}/?token=${guard.newToken(redeemed)}`,
    get busy() {
      return session.busy;
    },
    async close() {
      windows.close();
      server.closeAllConnections();
      // nobody can be asked here: what is not saved is offered at the next start
      await Promise.all([new Promise((done) => server.close(done)), session.close(true)]);
    },
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((done, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(
              `Port ${port} is taken by another program: choose one with --port, or 0 for any.`,
            )
          : error,
      );
    });
    server.listen(port, '127.0.0.1', () => done((server.address() as AddressInfo).port));
  });
}

function refuse(response: ServerResponse, { status, reason }: Refusal): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
  response.end(`${reason}\n`);
}

function fail(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  explain: (error: ErrorData) => ErrorData,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = error instanceof UploadError ? error.status : 500;
  response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
  // the stack stays in the log
  response.end(JSON.stringify({ ...explain(toErrorData(error)), details: null }));
  // what is still being sent is not wanted any more
  request.resume();
  setTimeout(() => request.destroy(), 1000).unref();
}
