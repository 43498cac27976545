import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { protocolsWith, secretHeader } from '../../shared/protocol/window-secret.ts';
import { end, serveCommand } from './application.ts';
import { chromiumArguments, chromiumPath } from './chromium.ts';
import { enter, hostOf, type Visitor } from './client.ts';

const brick = fileURLToPath(new URL('../../electron/samples/brick.png', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'isinglass-attacks-'));
const granted = join(home, 'granted');
let server: Awaited<ReturnType<typeof serveCommand>>;
let visitor: Visitor;
let port: number;

beforeAll(async () => {
  mkdirSync(join(home, 'secret'));
  mkdirSync(granted);
  copyFileSync(brick, join(home, 'secret', 'secret.png'));
  copyFileSync(brick, join(granted, 'own.png'));
  symlinkSync(join(home, 'secret', 'secret.png'), join(granted, 'escape.png'));
  symlinkSync(join(home, 'secret'), join(granted, 'folder'));
  server = await serveCommand(home, [granted]);
  visitor = await enter(server.address);
  port = Number(new URL(server.address).port);
}, 30_000);
afterAll(async () => {
  if (server) await end(server.child);
  rmSync(home, { recursive: true, force: true });
});

/** A bare request, with any Host header: what `fetch` would not send. */
function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let body = '';
      response.on('data', (text) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}

/** Status with which an upgrade is refused, or 101. */
function upgrade(
  headers: Record<string, string>,
  path = '/socket',
  secret = visitor.secret,
): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocolsWith(secret), {
      headers,
    });
    socket.on('open', () => {
      socket.close();
      resolve(101);
    });
    socket.on('unexpected-response', (_, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('error', () => {
      // an answer that is no upgrade is an error too, and was heard above
    });
  });
}

describe('the browser host refuses', () => {
  it('whoever lacks the cookie, and a token that was spent or guessed', async () => {
    const token = new URL(server.address).search;
    for (const path of [
      '/',
      '/index.html',
      `/${token}`,
      '/?token=',
      '/?token=guessed',
      '/upload',
    ]) {
      expect((await ask(path)).status, path).toBe(403);
    }
    expect((await ask('/', { cookie: `isinglass-${port}=guessed` })).status).toBe(403);
    // the control: with the cookie the same request is answered
    expect((await ask('/', { cookie: visitor.cookie })).status).toBe(200);
  });

  it('any other name for this machine, as DNS rebinding uses, whatever else is right', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
    ]) {
      expect((await ask('/', { host, cookie: visitor.cookie })).status, host).toBe(421);
      const origin = `http://${host}`;
      expect(await upgrade({ host, origin, cookie: visitor.cookie }), host).toBe(421);
    }
  });

  it('the cookie without the secret of a window, which a server on another port can have', async () => {
    const { cookie, origin, secret } = visitor;
    for (const wrong of ['guessed', 'x'.repeat(secret.length)]) {
      expect(await upgrade({ cookie, origin }, '/socket', wrong)).toBe(403);
      const headers = { cookie, origin, [secretHeader]: wrong };
      expect((await ask('/upload?name=x.png', headers, 'PUT')).status).toBe(403);
    }
    expect((await ask('/upload?name=x.png', { cookie, origin }, 'PUT')).status).toBe(403);
    // no page that the cookie alone opens holds it
    for (const path of ['/', '/?token=spent']) {
      expect((await ask(path, { cookie })).body).not.toContain(secret);
    }
    // the control: what another port is sent by a browser, with the secret, would do
    const headers = { cookie, origin, [secretHeader]: secret };
    expect((await ask('/upload?name=x.png', headers, 'PUT')).status).toBe(201);
  });

  it('any other origin, and a socket or an upload without one', async () => {
    const { cookie, origin } = visitor;
    for (const foreign of ['https://evil.example', `http://127.0.0.1:${port + 1}`, 'null']) {
      expect((await ask('/', { cookie, origin: foreign })).status, foreign).toBe(403);
      expect(await upgrade({ cookie, origin: foreign }), foreign).toBe(403);
      expect((await ask('/upload?name=x.png', { cookie, origin: foreign }, 'PUT')).status).toBe(
        403,
      );
    }
    expect(await upgrade({ cookie })).toBe(403);
    expect(await upgrade({ origin })).toBe(403);
    expect((await ask('/upload?name=x.png', { cookie }, 'PUT')).status).toBe(403);
    expect(await upgrade({ cookie, origin }, '/other')).toBe(404);
    // the control
    expect(await upgrade({ cookie, origin })).toBe(101);
  });

  it('paths out of the bundled window', async () => {
    const { cookie } = visitor;
    for (const path of [
      '/../node/cli.js',
      '/..%2fnode%2fcli.js',
      '/%2e%2e/%2e%2e/package.json',
      '/....//package.json',
      '/..%5c..%5cpackage.json',
      '/%00.html',
      '/%',
      '//etc/passwd',
    ]) {
      expect((await ask(path, { cookie })).status, path).toBe(404);
    }
    expect((await ask('/', { cookie }, 'POST')).status).toBe(405);
  });

  it('connections that ask for an upgrade and are reset before the answer, in all ways, and lives on', async () => {
    const asking = [
      { host: 'evil.example', path: '/socket' },
      { host: `127.0.0.1:${port}`, path: '/socket' },
      { host: `127.0.0.1:${port}`, path: '/other' },
      { host: `127.0.0.1:${port}`, path: '//' },
      { host: `127.0.0.1:${port}`, path: '/socket', cookie: visitor.cookie },
    ];
    for (const { host, path, cookie } of [...asking, ...asking, ...asking]) {
      const resets = Array.from({ length: 32 }, () => {
        const lines = [
          `GET ${path} HTTP/1.1`,
          `host: ${host}`,
          'connection: upgrade',
          'upgrade: websocket',
          'sec-websocket-version: 13',
          'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
          ...(cookie ? [`cookie: ${cookie}`, `origin: ${visitor.origin}`] : []),
        ];
        return new Promise<void>((resolve) => {
          const socket = connectSocket(port, '127.0.0.1', () => {
            socket.write(`${lines.join('\r\n')}\r\n\r\n`, () => socket.resetAndDestroy());
          });
          socket.on('error', () => resolve());
          socket.on('close', () => resolve());
        });
      });
      await Promise.all(resets);
    }
    expect((await ask('/', { cookie: visitor.cookie })).status).toBe(200);
    expect(server.child.exitCode, server.output()).toBeNull();
  });

  it('addresses that are none, by the Host first, and tells nobody of its own code', async () => {
    const { cookie } = visitor;
    for (const path of ['//', '///', '//[', '/%', 'http://[/']) {
      expect((await ask(path, { host: 'evil.example', cookie })).status, path).toBe(421);
      const { status, body } = await ask(path, { cookie });
      expect([400, 404], `${path}: ${body}`).toContain(status);
      expect(body).not.toMatch(/\bat |node:|\.js/);
    }
  });

  it('files that a link or a request names outside of the granted folder', async () => {
    const { host, close } = await hostOf(visitor);
    const { pictures } = await host.data.list({ first: 0, count: 10 });
    expect(pictures.map(({ name }) => name)).toEqual(['own.png']);
    expect(Object.keys(host.data)).not.toContain('addPaths');
    await expect(host.data.addUploads({ uploads: ['../secret', '99'] })).resolves.toMatchObject({
      added: 0,
    });
    close();
  });

  it('an upload that announces or sends more than is accepted', async () => {
    const { cookie, origin } = visitor;
    const huge = {
      cookie,
      origin,
      [secretHeader]: visitor.secret,
      'content-length': String(2 ** 33),
    };
    const refused = await new Promise<string>((resolve) => {
      const socket = connectSocket(port, '127.0.0.1', () => {
        const lines = ['PUT /upload?name=huge.png HTTP/1.1', `host: 127.0.0.1:${port}`];
        for (const [name, value] of Object.entries(huge)) lines.push(`${name}: ${value}`);
        socket.write(`${lines.join('\r\n')}\r\n\r\nsome bytes`);
      });
      socket.once('data', (answer) => {
        resolve(answer.toString());
        socket.destroy();
      });
    });
    expect(refused).toMatch(/^HTTP\/1.1 413/);
    // a sentence, and nothing about where the program lies
    expect(refused).toContain('"details":null');
    expect(refused).toContain('512 MiB');
    for (const name of ['', '..', '%2e%2e', '/']) {
      const { status } = await ask(
        `/upload?name=${name}`,
        { cookie, origin, [secretHeader]: visitor.secret },
        'PUT',
      );
      expect(status, name).toBe(400);
    }
  });

  it('frames that are none of this program, and requests that it does not have', async () => {
    const { cookie, origin } = visitor;
    for (const frame of ['text', Buffer.from([1, 2, 3]), Buffer.alloc(64, 0xff)]) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, protocolsWith(visitor.secret), {
        headers: { cookie, origin },
      });
      const code = await new Promise((resolve) => {
        socket.on('open', () => socket.send(frame));
        socket.on('close', resolve);
      });
      expect(code).toBe(1007);
    }
    const { host, close } = await hostOf(visitor);
    await expect(host.data.view({ picture: 'x' as unknown as number, side: 9 })).rejects.toThrow(
      /does not take/,
    );
    close();
  });
});

describe('a page of another site, in the browser that has the cookie', () => {
  let browser: Browser;
  let site: Server;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumArguments });
    site = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end('<p>'),
    );
    await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
  });

  it('gets no socket, no answer, no frame and no upload', async () => {
    const context = await browser.newContext();
    const [name, value] = visitor.cookie.split('=');
    await context.addCookies([
      { name, value, domain: '127.0.0.1', path: '/', httpOnly: true, sameSite: 'Strict' },
    ]);
    const page = await context.newPage();
    // another port is the same site to a cookie: only the origin tells them apart
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
    const got = await page.evaluate(async (target) => {
      const socket = await new Promise((resolve) => {
        const attempt = new window.WebSocket(`${target.replace('http', 'ws')}/socket`);
        attempt.onopen = () => resolve('open');
        attempt.onerror = () => resolve('refused');
      });
      const read = await fetch(target, { credentials: 'include' }).then(
        (response) => response.text(),
        () => 'refused',
      );
      const upload = await fetch(`${target}/upload?name=x.png`, {
        method: 'PUT',
        credentials: 'include',
        body: 'x',
      }).then(
        () => 'sent',
        () => 'refused',
      );
      const frame = document.createElement('iframe');
      frame.src = target;
      document.body.append(frame);
      await new Promise((resolve) => {
        frame.onload = resolve;
      });
      let framed = 'refused';
      try {
        framed = frame.contentWindow?.document.title ?? framed;
      } catch {
        // another origin's document is out of reach
      }
      return { socket, read, upload, framed };
    }, visitor.origin);
    expect(got).toEqual({
      socket: 'refused',
      read: 'refused',
      upload: 'refused',
      framed: 'refused',
    });
    // the control: the same cookie opens the window itself, which asks nobody else for anything
    const asked = new Set<string>();
    page.on('request', (sent) => asked.add(new URL(sent.url()).origin));
    await page.goto(`${visitor.origin}/#${visitor.secret}`);
    await page.waitForSelector('main, nav');
    expect(page.url()).not.toContain(visitor.secret);
    expect([...asked].filter((origin) => origin !== 'null')).toEqual([visitor.origin]);
    expect(await page.title()).toContain('Isinglass');
    await context.close();
  });

  it('is let in by a file of this user alone with --open, and never by an argument that all users see', async () => {
    const place = mkdtempSync(join(tmpdir(), 'isinglass-open-'));
    const told = join(place, 'told');
    const fake = `#!/bin/sh\nprintf '%s\\n' "$@" > '${told}.new'\nmv '${told}.new' '${told}'\n`;
    writeFileSync(join(place, 'chromium'), fake, { mode: 0o755 });
    const opened = await serveCommand(place, [], ['--open'], undefined, {
      PATH: `${place}:${process.env.PATH}`,
      DISPLAY: ':9',
    });
    try {
      await expect.poll(() => existsSync(told), { timeout: 10_000 }).toBe(true);
      const given = readFileSync(told, 'utf8');
      expect(given).not.toContain('token');
      const file = /--app=(file:.*)/.exec(given)?.[1] ?? '';
      expect(statSync(dirname(fileURLToPath(file))).mode & 0o777).toBe(0o700);
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(file);
      await page.waitForSelector('main, nav');
      expect(existsSync(dirname(fileURLToPath(file)))).toBe(false);
      // this window's own reload finds what it has kept
      await page.reload();
      await page.waitForSelector('main, nav');
      await context.close();
    } finally {
      await end(opened.child);
      rmSync(place, { recursive: true, force: true });
    }
  });

  it('is told the way in where the window was not given its secret', async () => {
    const context = await browser.newContext();
    const [name, value] = visitor.cookie.split('=');
    await context.addCookies([{ name, value, domain: '127.0.0.1', path: '/' }]);
    const page = await context.newPage();
    await page.goto(visitor.origin);
    await page.waitForFunction(() => /Open the address/.test(document.body.textContent ?? ''));
    await context.close();
  });
});
