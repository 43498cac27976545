import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultFitOptions, type FitOptions } from '../../shared/inference/options.ts';
import { secretHeader } from '../../shared/protocol/window-secret.ts';
import { end, serveCommand } from './application.ts';
import { enter, hostOf, type Visitor } from './client.ts';

const home = mkdtempSync(join(tmpdir(), 'isinglass-flood-'));
let server: Awaited<ReturnType<typeof serveCommand>>;
let visitor: Visitor;
let client: Awaited<ReturnType<typeof hostOf>>;
let port: number;

beforeAll(async () => {
  server = await serveCommand(home, []);
  port = Number(new URL(server.address).port);
  visitor = await enter(server.address);
  client = await hostOf(visitor);
  await client.host.data.synthetic({
    ...{ rows: 16, cols: 16, boundary: 'periodic', J: 0.3, h: 5 },
    ...{ count: 40, sweeps: 50, seed: 3 },
  });
}, 30_000);
afterAll(async () => {
  client?.close();
  if (server) await end(server.child);
  rmSync(home, { recursive: true, force: true });
});

const options: FitOptions = {
  ...defaultFitOptions,
  ...{ boundary: 'periodic', method: 'gradient', seed: 12, steps: 2000 },
  gradient: { ...defaultFitOptions.gradient, alpha: [0.02] },
};

/** What a promise gives, unless that takes too long. */
async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = setTimeout(20_000, null, { signal: over.signal }).then(() => {
    throw new Error(`${what} did not come within twenty seconds.`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    over.abort();
    // what is not waited for any more is no failure
    late.catch(() => null);
  }
}

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const late = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > late) throw new Error(`${what} did not come within twenty seconds.`);
    await setTimeout(25);
  }
}

/** Runs the fit, slowly while something else is done, and gives its trace and arrivals of progress in ms. */
async function fitDuring(attack: (() => Promise<void>) | null) {
  const { host } = client;
  const arrivals: number[] = [];
  const stopListening = host.on('fit.progress', () => arrivals.push(performance.now()));
  const { id } = await host.fit.start({ options, paused: attack !== null });
  if (attack) {
    await until('The first progress', () => arrivals.length > 0);
    await host.fit.adjust({ stepsPerSecond: 40 });
    await host.fit.resume();
    await until('Progress', () => arrivals.length > 5);
    arrivals.splice(0);
    await attack();
    arrivals.push(performance.now());
    expect(await host.fit.current()).toMatchObject({ state: 'running' });
    await host.fit.adjust({ stepsPerSecond: null });
  }
  stopListening();
  await until('The end of the fit', async () => (await host.fit.current()) === null);
  const { rows } = await host.runs.trace({ run: id, first: 0, last: 1e6, points: 1e6 });
  return { rows, arrivals };
}

/** A connection that sends its headers a line at a time, and never their end. */
function slowConnection() {
  const opened = performance.now();
  const seen = { open: true, answer: '', lasted: 0 };
  let drip: NodeJS.Timeout | undefined;
  const socket = connect(port, '127.0.0.1', () => {
    socket.write('GET / HTTP/1.1\r\n');
    drip = setInterval(() => socket.write('x: y\r\n'), 500);
  });
  socket.on('data', (text) => {
    seen.answer += text;
  });
  socket.on('error', () => {
    // a reset is one way of being turned away
  });
  socket.on('close', () => {
    clearInterval(drip);
    seen.open = false;
    seen.lasted = performance.now() - opened;
  });
  return seen;
}

const uploadsLeft = (place: string) =>
  readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((name) => /endless/.test(name));

/**
 * Uploads without end; `answer` is what the host says to it.
 *
 * @param bytes written every so many milliseconds, as far as the host takes them
 */
function endlessUpload({ cookie, origin, secret }: Visitor, bytes: number, milliseconds: number) {
  const chunk = Buffer.alloc(Math.min(bytes, 2 ** 20));
  let socket: Socket | undefined;
  const answer = new Promise<string>((resolve) => {
    const upload = request(`${origin}/upload?name=endless.png`, {
      method: 'PUT',
      headers: { cookie, origin, [secretHeader]: secret },
    });
    const send = setInterval(() => {
      for (let k = 0; k < bytes && !upload.writableNeedDrain; k += chunk.length) {
        upload.write(chunk);
      }
    }, milliseconds);
    upload.on('socket', (given) => {
      socket = given;
    });
    upload.on('response', (response) => {
      let body = '';
      response.on('data', (text) => {
        body += text;
      });
      response.on('end', () => {
        resolve(`${response.statusCode} ${body}`);
        upload.destroy();
      });
    });
    upload.on('error', (error) => resolve(error.message));
    // also where the answer was cut off: neither `end` nor `error` comes then
    upload.on('close', () => {
      clearInterval(send);
      resolve('no answer');
    });
  });
  return { answer, leave: () => socket?.destroy() };
}

/** Lets a host have a fiftieth of the patience with a request that it has: six seconds. */
const hasty = `data:text/javascript,${encodeURIComponent(`
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
const { createServer } = http;
http.createServer = (options, ...rest) =>
  createServer({ ...options, requestTimeout: options.requestTimeout / 50 }, ...rest);
syncBuiltinESMExports();`)}`;

describe('a host of little patience', () => {
  const place = mkdtempSync(join(tmpdir(), 'isinglass-slow-'));
  let host: Awaited<ReturnType<typeof serveCommand>>;
  afterAll(async () => {
    if (host) await end(host.child);
    rmSync(place, { recursive: true, force: true });
  });

  it('ends an upload that never gets done, says so, and keeps nothing of it', async () => {
    process.env.NODE_OPTIONS = `--import ${hasty}`;
    try {
      host = await serveCommand(place, []);
    } finally {
      delete process.env.NODE_OPTIONS;
    }
    const upload = endlessUpload(await enter(host.address), 10, 200);
    await until('The upload', () => uploadsLeft(place).length > 0);
    expect(await within('The answer to the upload', upload.answer)).toMatch(/^408 /);
    await until('The removal of what came', () => uploadsLeft(place).length === 0);
  });
});

describe('a fit goes on, bit for bit, and windows are answered', () => {
  it('while 1,000 slow connections, endless uploads and a flood of strangers come in', async () => {
    const alone = await fitDuring(null);
    const attacked = await fitDuring(async () => {
      // one upload that goes on to the bound, and one whose sender leaves
      const endless = endlessUpload(visitor, 4 * 2 ** 20, 1);
      const left = endlessUpload(visitor, 2 ** 20, 1);
      await until('Both uploads', () => uploadsLeft(home).length >= 2);
      left.leave();

      // connections that never finish their headers
      const slow = Array.from({ length: 1000 }, slowConnection);
      await setTimeout(500);
      // the window is answered in the midst of them
      const { origin, cookie } = visitor;
      const ask = (headers: Record<string, string>) =>
        fetch(origin, { headers, signal: AbortSignal.timeout(10_000) });
      expect((await ask({ cookie })).status).toBe(200);
      const second = await hostOf(visitor);
      expect(await second.host.fit.current()).toMatchObject({ state: 'running' });
      second.close();
      expect(slow.some((connection) => connection.open)).toBe(true);

      // strangers who ask properly are refused
      const statuses = await Promise.all(
        Array.from({ length: 200 }, async () => (await ask({})).status),
      );
      expect(new Set(statuses)).toEqual(new Set([403]));

      // all are gone within the bound of 5 s for headers, looked at every second
      await until('The end of all slow connections', () => slow.every(({ open }) => !open));
      expect(Math.max(...slow.map(({ lasted }) => lasted))).toBeLessThan(10_000);
      // some waited so long that they were told; the others had made room before
      const told = slow.filter(({ answer }) => answer.startsWith('HTTP/1.1 408')).length;
      expect(told).toBeGreaterThan(0);
      expect(told).toBeLessThanOrEqual(512);

      expect(await within('The answer to the endless upload', endless.answer)).toMatch(
        /^413 .*larger than 512 MiB/,
      );
      await within('The end of the other upload', left.answer);
      await until('The removal of what came', () => uploadsLeft(home).length === 0);
    });
    expect(attacked.rows.length).toBeGreaterThan(0);
    expect(attacked.rows).toEqual(alone.rows);
    const gaps = attacked.arrivals.slice(1).map((time, k) => time - attacked.arrivals[k]);
    expect(Math.max(...gaps)).toBeLessThan(2000);
  });
});
