import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultFitOptions } from '../../shared/inference/options.ts';
import { end, launch, root, serveCommand } from './application.ts';
import { enter, hostOf } from './client.ts';

const home = mkdtempSync(join(tmpdir(), 'isinglass-network-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const cli = join(root, 'dist/node/cli.js');
const samples = join(root, 'electron/samples');
const record = join(home, 'record.txt');

beforeEach(() => {
  rmSync(record, { force: true });
  // the environment reaches child processes too, and its --import every worker thread
  vi.stubEnv(
    'NODE_OPTIONS',
    `--import=${pathToFileURL(join(import.meta.dirname, 'no-network.mjs'))}`,
  );
  vi.stubEnv('NETWORK_RECORD', record);
});
afterEach(() => vi.unstubAllEnvs());

/** What was recorded, and how many threads were watched. */
function recorded() {
  const lines = readFileSync(record, 'utf8').trimEnd().split('\n');
  const watched = lines.filter((line) => line.endsWith('is watched'));
  return {
    attempts: lines.filter((line) => !line.endsWith('is watched')),
    mains: watched.filter((line) => line.startsWith('main')).length,
    workers: watched.filter((line) => line.startsWith('worker')).length,
  };
}

describe('no other machine is asked for anything', () => {
  it('by the command line, from pictures to a fit', () => {
    const args = ['fit', samples, '--size', '16', '--seed', '3', '--out', join(home, 'a.fit.json')];
    expect(spawnSync(process.execPath, [cli, ...args]).status).toBe(0);
    const { attempts, mains, workers } = recorded();
    expect(attempts).toEqual([]);
    expect(mains).toBe(1);
    expect(workers).toBeGreaterThan(0);
  });

  it.each([
    ['sample', '--rows', '8', '--J', '0.2', '--count', '3', '--seed', '1', '--out', 's.npy'],
    ['exact', '--rows', '8', '--cols', '8', '--J', '0.2'],
    ['prepare', samples, '--size', '16', '--out', 'spins'],
    ['bench', '--only', 'wolff-wasm', '--seconds', '0.05'],
  ])('by isinglass %s', (...args) => {
    const { status, stderr } = spawnSync(process.execPath, [cli, ...args], {
      cwd: home,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, expect.any(String)]);
    expect(recorded()).toMatchObject({ attempts: [], mains: expect.any(Number) });
  });

  it('by the browser host, which listens to this machine only', async () => {
    const server = await serveCommand(home, [samples]);
    const { host, close } = await hostOf(await enter(server.address));
    const preparation = await host.preparation.get();
    await host.preparation.set({
      ...preparation,
      options: { ...preparation.options, rows: 16, cols: 16 },
    });
    await host.fit.start({
      options: { ...defaultFitOptions, method: 'pseudolikelihood', seed: 1 },
    });
    for (let k = 0; k < 400 && (await host.fit.current()); k++) await setTimeout(25);
    expect((await host.runs.list()).at(-1)).toMatchObject({ state: 'ended' });
    close();
    await end(server.child);
    const { attempts, mains, workers } = recorded();
    expect(attempts).toEqual([]);
    expect(mains).toBe(1);
    expect(workers).toBeGreaterThan(0);
  });

  it('by the window’s main process and its threads, on Electron’s stand-in', async () => {
    const application = await launch('stand-in', [samples]);
    try {
      const { page } = application;
      await page.getByRole('button', { name: 'Fit', exact: true }).first().click();
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.getByText(/Run 1 ended/).waitFor();
    } finally {
      await application.close();
    }
    const { attempts, mains, workers } = recorded();
    expect(attempts).toEqual([]);
    expect(mains).toBeGreaterThan(0);
    expect(workers).toBeGreaterThan(0);
  });

  it('and the control: whoever tries is found out, in the main and in a worker thread', () => {
    // 192.0.2.1 is of the addresses that are kept for examples
    const program = join(home, 'attempts.mjs');
    writeFileSync(
      program,
      `import dgram from 'node:dgram';
      import dns, { lookup } from 'node:dns';
      import { get } from 'node:http';
      import net from 'node:net';
      import tls from 'node:tls';
      import { isMainThread, Worker } from 'node:worker_threads';

      const attempt = async (action) => {
        try { await action(); } catch (error) { if (!/No network/.test(error.message)) throw error; }
      };
      await attempt(() => net.connect(80, '192.0.2.1'));
      await attempt(() => net.createConnection({ port: 80, host: 'example.org' }));
      await attempt(() => tls.connect(443, '192.0.2.2'));
      await attempt(() => get('http://192.0.2.3/'));
      await attempt(() => fetch('http://192.0.2.4/'));
      await attempt(() => lookup('a.example', () => {}));
      await attempt(() => dns.promises.lookup('b.example'));
      await attempt(() => dns.resolve4('c.example', () => {}));
      await attempt(() => dgram.createSocket('udp4').unref().send('x', 9, '192.0.2.5'));
      await attempt(() => net.createServer().listen(0).unref());
      // what stays on this machine is let through
      await new Promise((done) => {
        const server = net.createServer((socket) => socket.end()).listen(0, '127.0.0.1', () => {
          net.connect(server.address().port, '127.0.0.1').resume().on('close', () => server.close(done));
        });
      });
      if (isMainThread) new Worker(new URL(import.meta.url));`,
    );
    const { status, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const found = [
      'connect 192.0.2.1',
      'connect example.org',
      'connect 192.0.2.2',
      'connect 192.0.2.3',
      'fetch 192.0.2.4',
      'lookup a.example',
      'lookup b.example',
      'resolve4 a name server: c.example',
      'send 192.0.2.5',
      'listen every machine',
    ];
    const { attempts: all, mains, workers } = recorded();
    expect([mains, workers]).toEqual([1, 1]);
    for (const thread of ['main', 'worker']) {
      expect(all.filter((line) => line.startsWith(thread))).toEqual(
        found.map((what) => `${thread} ${what}`),
      );
    }
  });
});
