import { resolve } from 'node:path';
import { app, type BrowserWindow, dialog, screen, session as sessions } from 'electron';
import { methodNames } from '../shared/protocol/contract.ts';
import { dispatcher } from '../shared/protocol/dispatch.ts';
import { toErrorData } from '../shared/protocol/errors.ts';
import { confirmClose } from './closing.ts';
import { denyEverythingElse } from './denied.ts';
import { nativeExchange } from './exchange.ts';
import { answerRequests, emitter } from './ipc.ts';
import { setMenu } from './menu.ts';
import { nodeStore } from './node/projects/settings-store.ts';
import { nodeSession } from './node/session.ts';
import { journal } from './node/system/journal.ts';
import { Log } from './node/system/log.ts';
import { printable } from './node/system/printable.ts';
import { rememberedPlace } from './place.ts';
import { recordCrashes } from './record-crashes.ts';
import { reviveWindow } from './revive.ts';
import { registerScheme, serveScheme } from './scheme.ts';
import { createWindow } from './window.ts';

const bundle = new URL('./', import.meta.url);
const isMac = process.platform === 'darwin';
let window: BrowserWindow | null = null;
const contents = () => (window && !window.isDestroyed() ? window.webContents : null);

/** Files among a command line's arguments, as whole paths. */
const filesOf = (args: readonly string[], folder: string) =>
  args
    .slice(app.isPackaged ? 1 : 2)
    .filter((argument) => !argument.startsWith('-'))
    .map((path) => resolve(folder, path));

async function start(): Promise<void> {
  const settings = app.getPath('userData');
  const emit = emitter(contents);
  const log = new Log(app.getPath('logs'), 'isinglass', (error) => {
    process.stderr.write(printable(`The log cannot be written: ${toErrorData(error).message}\n`));
  });
  const record = journal(log, 'Electron');
  recordCrashes(app, dialog, record);
  denyEverythingElse(app, sessions.defaultSession);
  serveScheme(sessions.defaultSession, new URL('../renderer/', bundle));
  const session = await nodeSession({
    info: { host: 'electron', pdf: true, logs: log.folder },
    journal: record,
    exchange: nativeExchange(() => window),
    emit,
    store: await nodeStore(settings),
    bundle,
    // a person chooses every folder here; what files name is judged in `named-file.ts`
    mayRead: () => true,
  });
  const dispatch = dispatcher(session.handlers, new Set(methodNames), record.explain);
  answerRequests(dispatch, contents);
  setMenu((command) => emit('app.menu', command), isMac);

  const openPaths = async (paths: readonly string[]) => {
    if (paths.length === 0) return;
    try {
      const { fits } = await session.open(paths, new AbortController().signal);
      for (const fit of fits) emit('runs.restored', fit);
    } catch (error) {
      dialog.showErrorBox('The files could not be opened', toErrorData(error).message);
    }
  };
  let keep = true;
  const openWindow = async () => {
    keep = true;
    window = createWindow(bundle, await rememberedPlace(settings, screen));
    const forget = () => dispatch.disconnect(String(contents()?.id));
    reviveWindow(window, forget);
    confirmClose(window, session, settings, forget, () => {
      keep = false;
    });
    window.on('closed', () => {
      window = null;
    });
  };
  await openWindow();
  await openPaths(filesOf(process.argv, process.cwd()));

  app.on('open-file', (event, path) => {
    event.preventDefault();
    openPaths([path]);
  });
  app.on('second-instance', (_, args, folder) => {
    window?.restore();
    window?.focus();
    openPaths(filesOf(args, folder));
  });
  app.on('activate', () => {
    if (!window) openWindow();
  });
  app.on('window-all-closed', () => {
    if (!isMac) app.quit();
  });
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    session.close(keep).finally(() => {
      closed = true;
      app.quit();
    });
  });
}

registerScheme();
app.enableSandbox();
if (app.requestSingleInstanceLock()) {
  app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      dialog.showErrorBox('Isinglass could not start', toErrorData(error).message);
      app.exit(1);
    });
} else app.quit();
