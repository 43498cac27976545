import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultFitOptions } from '../../shared/inference/options.ts';
import type { Bridge, Reply } from '../../shared/protocol/bridge.ts';
import { type Application, electronHosts, launch } from './application.ts';

const samples = fileURLToPath(new URL('../../electron/samples', import.meta.url));

/** The page's bridge; only a type, the object lives in the page. */
declare const isinglass: Bridge<File>;

describe.each(electronHosts)('the window on %s', (kind) => {
  let application: Application;
  beforeAll(async () => {
    application = await launch(kind, [samples]);
  }, 30_000);
  afterAll(() => application?.close());

  const ask = (method: string, parameters: unknown = {}): Promise<Reply> =>
    application.page.evaluate(([name, value]) => isinglass.requests[name](Math.random(), value), [
      method,
      parameters,
    ] as const);

  it('opens what its command line names, and answers with arrays whole', async () => {
    await expect
      .poll(() => ask('data.summary'), { timeout: 5000 })
      .toMatchObject({ value: { pictures: 3 } });
    const { value } = (await ask('data.list', { first: 0, count: 10 })) as {
      value: { pictures: { id: number; name: string }[] };
    };
    expect(value.pictures.map(({ name }) => name)).toEqual([
      'brick.png',
      'grass.png',
      'gravel.png',
    ]);
    const picture = value.pictures[0].id;
    const kept = await application.page.evaluate(async (id) => {
      const reply = await isinglass.requests['data.view'](-1, { picture: id, side: 512 });
      const view = (reply as { value: { grey: Uint8Array; width: number; height: number } }).value;
      return view.grey instanceof Uint8Array && view.grey.length === view.width * view.height;
    }, picture);
    expect(kept).toBe(true);
  });

  it('has no Node, no channels and no way to name a path', async () => {
    const found = await application.page.evaluate(() => ({
      node: ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in window),
      bridge: Object.keys(isinglass).sort(),
      paths: 'data.addPaths' in isinglass.requests,
    }));
    expect(found).toEqual({
      node: [],
      bridge: ['addFiles', 'cancel', 'events', 'requests'],
      paths: false,
    });
    const added = await application.page.evaluate(() =>
      isinglass.addFiles(-2, [new File(['x'], '/etc/passwd')]),
    );
    expect(added).toMatchObject({ ok: true, value: { added: 0 } });
  });

  it('cannot change its bridge', async () => {
    const changed = await application.page.evaluate(() => {
      try {
        (isinglass.requests as Record<string, unknown>)['app.info'] = () => 'forged';
      } catch {
        // strict code throws, other code changes nothing
      }
      return isinglass.requests['app.info'].toString().includes('forged');
    });
    expect(changed).toBe(false);
  });

  it('is refused requests that the contract does not have', async () => {
    expect(await ask('data.view', { picture: 1, side: 9, path: '/etc/passwd' })).toMatchObject({
      ok: false,
    });
    expect(
      await ask('export.file', { name: '../x', type: 'text/html', content: '' }),
    ).toMatchObject({
      ok: false,
    });
  });

  it('stays where it is: no navigation, no second window, no frame, no request elsewhere', async () => {
    const { page } = application;
    const before = page.url();
    const opened = page.context().pages().length;
    await page.evaluate(async () => {
      window.open('https://evil.example/');
      const frame = document.createElement('iframe');
      frame.src = 'https://evil.example/';
      document.body.append(frame);
      location.href = 'https://evil.example/';
      await new Promise((resolve) => setTimeout(resolve, 500));
    });
    expect(page.url()).toBe(before);
    // the browser behind the stand-in opens a page that is then closed
    await expect.poll(() => page.context().pages().length).toBe(opened);
    const reached = await page.evaluate(async () => {
      const attempts = [
        fetch('https://evil.example/').then(() => 'fetch'),
        new Promise((resolve, reject) => {
          const image = new Image();
          image.onload = () => resolve('image');
          image.onerror = reject;
          image.src = 'https://evil.example/x.png';
        }),
        new Promise((resolve, reject) => {
          const script = document.createElement('script');
          script.onload = () => resolve('script');
          script.onerror = reject;
          script.src = 'https://evil.example/x.js';
          document.body.append(script);
        }),
      ];
      const results = await Promise.allSettled(attempts);
      return results.filter(({ status }) => status === 'fulfilled').length;
    });
    expect(reached).toBe(0);
  });

  it('runs no code that was not bundled with it', async () => {
    const ran = await application.page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      const handler = document.createElement('div');
      handler.setAttribute('onclick', 'window.injected = true');
      document.body.append(handler);
      handler.click();
      return 'injected' in window;
    });
    expect(ran).toBe(false);
  });

  it('is granted no permission but to write to the clipboard', async () => {
    const states = await application.page.evaluate(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone'] as PermissionName[];
      const found = await Promise.all(names.map((name) => navigator.permissions.query({ name })));
      return found.map(({ state }) => state);
    });
    expect(states).not.toContain('granted');
  });

  it('is the only sender that is answered', async () => {
    const reply = await application.evaluate(`async ({ BrowserWindow }) => {
      const [own] = BrowserWindow.getAllWindows();
      const { preload } = own.webContents.getLastWebPreferences();
      const other = new BrowserWindow({
        show: false, width: 300, height: 200,
        webPreferences: { preload, sandbox: true, contextIsolation: true, nodeIntegration: false },
      });
      await other.loadURL('app://isinglass/');
      const reply = await other.webContents.executeJavaScript(
        "isinglass.requests['app.info'](1, {})",
      );
      other.destroy();
      return reply;
    }`);
    expect(reply).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('from the window only') },
    });
  });

  it('asks before it closes over a fit, and closes without loss when told to', async () => {
    const slow = {
      ...defaultFitOptions,
      method: 'gradient',
      seed: 1,
      gradient: { ...defaultFitOptions.gradient, start: [0, 0] },
    };
    expect(await ask('fit.start', { options: slow, paused: true })).toMatchObject({ ok: true });
    await expect.poll(() => ask('fit.current')).toMatchObject({ value: { state: 'paused' } });
    const close = (response: number) =>
      application.evaluate(
        `async ({ BrowserWindow, dialog }, response) => {
          let asked = 0;
          dialog.showMessageBox = async () => { asked++; return { response }; };
          const [window] = BrowserWindow.getAllWindows();
          window.close();
          await new Promise((resolve) => setTimeout(resolve, 200));
          return asked;
        }`,
        response,
      );
    expect(await close(0)).toBe(1);
    expect(await ask('fit.current')).toMatchObject({ ok: true, value: { images: 3 } });
    const gone = application.page.waitForEvent('close', { timeout: 5000 });
    await close(1).catch(() => {
      // the program may end before it has answered
    });
    await gone;
  });
});
