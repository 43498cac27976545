import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { app, ipcMain, session } from './electron.mjs';
import { fromText, toText } from './wire.mjs';
import { mainWorld, preloadWorld } from './worlds.mjs';

const shown = (url) => url.replace(/^https:\/\/([^/]+)\.app\.localhost/, 'app://$1');
const routed = (url) => url.replace(/^app:\/\/([^/]+)/, 'https://$1.app.localhost');
const piece = 400_000;
let lastId = 0;

/** The contents of a window: a Chromium page with the preload in a world of its own. */
export class WebContents extends EventEmitter {
  id = ++lastId;
  session = session.defaultSession;
  mainFrame = { url: '' };
  /** Addresses of requests that were not answered. */
  refused = [];
  #context;
  #preload;
  #page;
  #client;
  #world = null;
  #openHandler = () => ({ action: 'allow' });
  #navigatingTo = null;
  #parts = new Map();
  #lastMessage = 0;
  #zoom = null;

  /** As the window was made. */
  getLastWebPreferences() {
    return this.preferences;
  }

  async open(context, preload) {
    this.#zoom ??= this.preferences.zoomFactor ?? 1;
    this.#context = context;
    this.#preload = preload;
    this.#page = await context.newPage();
    this.#page.on('crash', () => this.#crashed());
    this.#client = await context.newCDPSession(this.#page);
    this.#page.on('popup', (popup) => {
      if (this.#openHandler({ url: popup.url() }).action === 'deny') popup.close();
    });
    this.#page.on('framenavigated', (frame) => {
      if (frame === this.#page.mainFrame()) this.mainFrame.url = shown(frame.url());
    });
    await this.#page.route('**/*', (route) => this.#answer(route));
    if (this.#zoom !== 1) await this.#enlarge();
    const { frameTree } = await this.#client.send('Page.getFrameTree');
    const mainFrame = frameTree.frame.id;
    this.#client.on('Runtime.executionContextCreated', ({ context: world }) => {
      // frames have a world of this name too
      if (world.name === 'preload' && world.auxData.frameId === mainFrame)
        this.#world = world.uniqueId;
    });
    this.#client.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === 'standInSend') this.#receive(JSON.parse(payload));
    });
    await this.#client.send('Runtime.enable');
    await this.#client.send('Page.enable');
    await this.#client.send('Runtime.addBinding', {
      name: 'standInSend',
      executionContextName: 'preload',
    });
    const channel = JSON.stringify(`stand-in-${randomUUID()}`);
    await this.#client.send('Page.addScriptToEvaluateOnNewDocument', {
      source: `(${mainWorld})(${channel})`,
    });
    if (!preload) return;
    const code = `(require, module, exports) => {${readFileSync(preload, 'utf8')}\n}`;
    await this.#client.send('Page.addScriptToEvaluateOnNewDocument', {
      worldName: 'preload',
      source: `(${preloadWorld})(${channel}, ${toText}, ${fromText}, ${code})`,
    });
  }

  async loadURL(url) {
    this.#navigatingTo = routed(url);
    await this.#page.goto(routed(url));
    this.mainFrame.url = shown(this.#page.url());
  }

  /** A page that has crashed is of no use to Playwright any more: another one takes its place. */
  async reload() {
    const { url } = this.mainFrame;
    await this.#page.close();
    await this.open(this.#context, this.#preload);
    await this.loadURL(url);
  }

  /** Ends the page's process for real. */
  forcefullyCrashRenderer() {
    this.#client.send('Page.crash').catch(() => {
      // the answer never comes: who would send it is gone
    });
  }

  isCrashed() {
    return this.#world === null;
  }

  getZoomFactor() {
    return this.#zoom;
  }

  setZoomFactor(factor) {
    this.#zoom = factor;
    return this.#enlarge();
  }

  /** As zooming does: fewer, larger pixels. */
  async #enlarge() {
    const size = this.#page.viewportSize();
    await this.#client.send('Emulation.setDeviceMetricsOverride', {
      width: Math.round(size.width / this.#zoom),
      height: Math.round(size.height / this.#zoom),
      deviceScaleFactor: this.#zoom,
      mobile: false,
    });
  }

  send(channel, ...args) {
    this.#tell({ kind: 'event', channel, args });
  }

  getURL() {
    return this.mainFrame.url;
  }

  setWebRTCIPHandlingPolicy() {
    // its Chromium is told on its command line, if at all
  }

  setWindowOpenHandler(handler) {
    this.#openHandler = handler;
  }

  printToPDF({ pageSize, printBackground }) {
    return this.#page.pdf({ format: pageSize, printBackground });
  }

  executeJavaScript(code) {
    return this.#page.evaluate(code);
  }

  /** Tells the preload's world which files a person is about to drop. */
  async grantFiles(files) {
    await this.#client.send('Runtime.evaluate', {
      expression: `standInFiles(${JSON.stringify(files)})`,
      uniqueContextId: this.#world,
    });
  }

  async close() {
    await this.#page.close();
  }

  #crashed() {
    this.#world = null;
    const details = { reason: 'crashed', exitCode: 139 };
    this.emit('render-process-gone', {}, details);
    app.emit('render-process-gone', {}, this, details);
  }

  async #answer(route) {
    const request = route.request();
    const url = request.url();
    // a page that wants to go elsewhere is asked about, as Electron does
    if (request.isNavigationRequest() && url !== this.#navigatingTo) {
      let prevented = false;
      const event = {
        preventDefault: () => {
          prevented = true;
        },
        url: shown(url),
      };
      const own = request.frame() === this.#page.mainFrame();
      this.emit(own ? 'will-navigate' : 'will-frame-navigate', event, shown(url));
      if (prevented) {
        this.refused.push(shown(url));
        return route.abort('aborted');
      }
    }
    this.#navigatingTo = null;
    const response = await this.session.answer(shown(url), request.method());
    if (!response) {
      this.refused.push(shown(url));
      return route.abort('blockedbyclient');
    }
    const body = Buffer.from(await response.arrayBuffer());
    return route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body,
    });
  }

  async #receive({ id, more, part }) {
    const text = (this.#parts.get(id) ?? '') + part;
    this.#parts.set(id, text);
    if (more) return;
    this.#parts.delete(id);
    const { kind, id: call, channel, args } = fromText(text);
    const event = { sender: this.asSender, senderFrame: this.mainFrame };
    if (kind === 'send') {
      ipcMain.emit(channel, event, ...args);
      return;
    }
    try {
      const value = await ipcMain.invoke(channel, event, args);
      this.#tell({ kind: 'resolved', id: call, value });
    } catch (error) {
      this.#tell({ kind: 'rejected', id: call, message: error.message });
    }
  }

  #tell(message) {
    // as in Electron, what is sent before there is a page is lost
    if (this.#world === null) return;
    const text = toText(message);
    const id = ++this.#lastMessage;
    for (let from = 0; from < text.length; from += piece) {
      const more = from + piece < text.length;
      const part = JSON.stringify(text.slice(from, from + piece));
      this.#client
        .send('Runtime.evaluate', {
          expression: `window.standInReceive?.(${id}, ${more}, ${part})`,
          uniqueContextId: this.#world,
        })
        .catch(() => {
          // the page has gone, or goes elsewhere: nobody is left to be told
        });
    }
  }
}
