import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import { chromium } from 'playwright';
import { WebContents } from './contents.mjs';
import { strict } from './strict.mjs';

const { executablePath, args, userData, debuggingPort, isPackaged } = JSON.parse(
  process.env.STAND_IN ?? '{}',
);
// a packaged program's own executable comes first among its arguments, and no entry after it
if (isPackaged) process.argv.splice(1, 1);
const browser = await chromium.launch({
  executablePath,
  args: [...args, `--remote-debugging-port=${debuggingPort}`],
});
const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
const withoutScripts = await browser.newContext({ javaScriptEnabled: false });

class App extends EventEmitter {
  isPackaged = isPackaged;
  #quitting = false;
  whenReady = async () => {};
  requestSingleInstanceLock = () => true;
  enableSandbox = () => {};
  getPath(name) {
    const path = join(userData, name);
    mkdirSync(path, { recursive: true });
    return path;
  }
  quit() {
    if (this.#quitting) return;
    this.#quitting = true;
    for (const window of BrowserWindow.getAllWindows()) window.close();
    if (BrowserWindow.getAllWindows().length > 0) {
      this.#quitting = false;
      return;
    }
    let prevented = false;
    this.emit('will-quit', {
      preventDefault: () => {
        prevented = true;
      },
    });
    this.#quitting = false;
    if (!prevented) this.exit(0);
  }
  exit(code) {
    browser.close().finally(() => process.exit(code));
  }
}
export const app = strict('app', new App());

class Session {
  handler = null;
  judge = (_, answer) => answer({});
  protocol = { handle: (scheme, handler) => this.#handle(scheme, handler) };
  webRequest = {
    onBeforeRequest: (judge) => {
      this.judge = judge;
    },
  };
  setPermissionRequestHandler(handler) {
    // what the application would grant is granted, all else Chromium denies of itself
    handler(
      { getURL: () => 'app://isinglass/' },
      'clipboard-sanitized-write',
      (granted) => granted && context.grantPermissions(['clipboard-write']),
    );
  }
  setPermissionCheckHandler() {}
  setDevicePermissionHandler() {}
  /** The application's own answer to a request; null where it has none or refuses. */
  async answer(url, method) {
    const cancel = await new Promise((resolve) => {
      this.judge({ url }, (answer) => resolve(answer.cancel ?? false));
    });
    if (!cancel && url.startsWith('file:')) {
      const headers = { 'content-type': 'text/html; charset=utf-8' };
      return new Response(await readFile(fileURLToPath(url)), { headers });
    }
    if (cancel || !url.startsWith('app:') || !this.handler) return null;
    return this.handler({ url, method });
  }
  #handle(scheme, handler) {
    if (scheme !== 'app' || this.handler)
      throw new Error(`The scheme ${scheme} is handled already.`);
    this.handler = handler;
  }
}
export const session = strict('session', {
  defaultSession: strict('session.defaultSession', new Session()),
  fromPartition: (name) => strict(`the session ${name}`, new Session()),
});

export const protocol = strict('protocol', { registerSchemesAsPrivileged: () => {} });

class IpcMain extends EventEmitter {
  #handlers = new Map();
  handle(channel, handler) {
    if (this.#handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    this.#handlers.set(channel, handler);
  }
  async invoke(channel, event, given) {
    const handler = this.#handlers.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    return handler(event, ...given);
  }
}
export const ipcMain = strict('ipcMain', new IpcMain());

const unanswered = (name) => async () => {
  throw new Error(`dialog.${name} was shown, and no test has answered it.`);
};
export const dialog = strict('dialog', {
  showOpenDialog: unanswered('showOpenDialog'),
  showSaveDialog: unanswered('showSaveDialog'),
  showMessageBox: unanswered('showMessageBox'),
  showErrorBox: (title, content) => {
    process.stderr.write(`${title}: ${content}\n`);
  },
});

export const Menu = strict('Menu', {
  application: null,
  buildFromTemplate: (template) => template,
  setApplicationMenu(menu) {
    this.application = menu;
  },
});

export const screen = strict('screen', {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
});

const windows = new Set();
export class BrowserWindow extends EventEmitter {
  static getAllWindows = () => [...windows];
  #bounds;
  #contents = new WebContents();
  #opened;
  #destroyed = false;

  constructor({ webPreferences, x = 0, y = 0, width, height }) {
    super();
    const { sandbox, contextIsolation, nodeIntegration, preload, webviewTag } = webPreferences;
    if (sandbox !== true || contextIsolation !== true || nodeIntegration || webviewTag) {
      throw new Error('The stand-in refuses a window without sandbox and context isolation.');
    }
    this.#bounds = { x, y, width, height };
    this.webContents = strict('webContents', this.#contents);
    this.#contents.preferences = webPreferences;
    if (webPreferences.session) this.#contents.session = webPreferences.session;
    this.#contents.asSender = this.webContents;
    windows.add(this);
    app.emit('web-contents-created', {}, this.webContents);
    this.#opened = this.#contents.open(
      webPreferences.javascript === false ? withoutScripts : context,
      preload,
    );
  }
  async loadURL(url) {
    await this.#opened;
    await this.#contents.loadURL(url);
    this.emit('ready-to-show');
  }
  show() {}
  focus() {}
  restore() {}
  isDestroyed = () => this.#destroyed;
  getNormalBounds = () => this.#bounds;
  close() {
    let prevented = false;
    this.emit('close', {
      preventDefault: () => {
        prevented = true;
      },
    });
    if (!prevented) this.destroy();
  }
  destroy() {
    if (this.#destroyed) return;
    this.#destroyed = true;
    windows.delete(this);
    this.#contents.close();
    this.emit('closed');
    if (windows.size === 0) app.emit('window-all-closed');
  }
}

// a test reaches into the process as Playwright's ElectronApplication.evaluate does
process.on('message', async ({ id, source, argument }) => {
  try {
    const electron = { app, BrowserWindow, dialog, ipcMain, Menu, screen, session };
    const value = await runInThisContext(`(${source})`)(electron, argument);
    process.send({ id, value });
  } catch (error) {
    process.send({ id, error: error.message });
  }
});
