import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultPreparation } from '../../shared/data/image/options.ts';
import { defaultFitOptions, type FitOptions } from '../../shared/inference/options.ts';
import type { Events } from '../../shared/protocol/contract.ts';
import { parseFitFile } from '../../shared/protocol/fit-file.ts';
import { end, serveCommand } from './application.ts';
import { enter, hostOf } from './client.ts';

const samples = fileURLToPath(new URL('../../electron/samples', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'isinglass-session-'));
let server: Awaited<ReturnType<typeof serveCommand>>;
let client: Awaited<ReturnType<typeof hostOf>>;

beforeAll(async () => {
  server = await serveCommand(home, []);
  client = await hostOf(await enter(server.address));
}, 30_000);
afterAll(async () => {
  client?.close();
  if (server) await end(server.child);
  rmSync(home, { recursive: true, force: true });
});

const options: FitOptions = {
  ...defaultFitOptions,
  method: 'gradient',
  seed: 5,
  steps: 1_000_000,
  gradient: { ...defaultFitOptions.gradient, alpha: [0.05], start: [0.1, 0] },
};

/** The next event of a name that fulfils a condition. */
function next<Name extends keyof Events>(
  name: Name,
  fulfils: (payload: Events[Name]) => boolean = () => true,
): Promise<Events[Name]> {
  return new Promise((resolve) => {
    const off = client.host.on(name, (payload) => {
      if (!fulfils(payload)) return;
      off();
      resolve(payload);
    });
  });
}

const download = (exported: unknown) =>
  exported as { kind: string; name: string; bytes: Uint8Array };

describe('a session, from pictures to a reopened fit', () => {
  it('takes pictures, shows them, and names the ones that cannot be decoded', async () => {
    const { host } = client;
    const brick = readFileSync(join(samples, 'brick.png'));
    const added = await host.addFiles([
      { name: 'brick.png', bytes: new Uint8Array(brick) },
      { name: 'broken.png', bytes: new Uint8Array(brick.subarray(0, 3000)) },
      { name: '../../evil.png', bytes: new Uint8Array(brick) },
    ]);
    expect(added.added).toBe(3);
    const { pictures } = await host.data.list({ first: 0, count: 10 });
    expect(pictures.map(({ name }) => name)).toEqual(['brick.png', 'broken.png', 'evil.png']);
    expect(JSON.stringify(pictures)).not.toContain(tmpdir());
    const view = await host.data.view({ picture: pictures[0].id, side: 64 });
    expect(Math.max(view.width, view.height)).toBe(64);
    expect(view.grey).toHaveLength(view.width * view.height);
    await expect(host.data.view({ picture: pictures[1].id, side: 64 })).rejects.toThrow(
      /^broken.png/,
    );

    const summary = await host.preparation.summary({ boundary: 'free' });
    expect(summary.images).toBe(2);
    expect(summary.failures.map(({ name }) => name)).toEqual(['broken.png']);
    const after = await host.data.list({ first: 0, count: 10 });
    expect(after.pictures[1].failure).toMatch(/^The PNG file ends within a chunk/);
  });

  it('removes and brings back', async () => {
    const { host } = client;
    const { pictures } = await host.data.list({ first: 0, count: 10 });
    expect((await host.data.remove({ pictures: [pictures[1].id, pictures[2].id] })).pictures).toBe(
      1,
    );
    expect((await host.data.undoRemove()).pictures).toBe(3);
    await host.data.remove({ pictures: [pictures[1].id, pictures[2].id] });
  });

  it('previews one picture as the whole set then has it', async () => {
    const { host } = client;
    const { pictures } = await host.data.list({ first: 0, count: 10 });
    const own = { ...defaultPreparation, rows: 16, cols: 16 };
    const crop = { x: 10, y: 20, width: 64, height: 64 };
    await host.preparation.set({ options: own, crops: { [pictures[0].id]: crop } });
    const preview = await host.preparation.preview({
      picture: pictures[0].id,
      options: { ...own, crop },
      boundary: 'periodic',
    });
    expect(preview.region).toEqual(crop);
    expect(preview.histogram.reduce((sum, count) => sum + count, 0)).toBe(64 * 64);
    const whole = await host.preparation.summary({ boundary: 'periodic' });
    expect(whole.bondMean).toBe(preview.bondMean);
    expect(whole.magnetization).toBe(preview.magnetization);
  });

  it('fits, pauses, steps, hears a changed α, goes on, stops, and exports what it has', async () => {
    const { host } = client;
    const first = next('fit.progress');
    const run = await host.fit.start({ options, paused: true });
    expect(run.state).toBe('preparing');
    await expect(host.fit.start({ options })).rejects.toThrow(/under way already/);
    const { frame, firstRow } = await first;
    expect(firstRow).toBe(0);
    expect(frame?.spins.every((spin) => spin === 1 || spin === -1)).toBe(true);

    // slow enough that it cannot converge before it is stopped
    await host.fit.adjust({ stepsPerSecond: 100 });
    const running = next('fit.progress', ({ run: { steps } }) => steps >= 3);
    await host.fit.resume();
    await running;
    const paused = next('fit.progress', ({ run: { state } }) => state === 'paused');
    await host.fit.pause();
    const before = (await paused).run.steps;
    const stepped = next('fit.progress', ({ rows }) => rows.length > 0);
    await host.fit.step();
    expect((await stepped).run.steps).toBe(before + 1);

    await host.fit.adjust({ alpha: [0.2], sweepsPerStep: 2 });
    const goingOn = next('fit.progress', ({ run: { state } }) => state === 'running');
    await host.fit.resume();
    await goingOn;
    const asked = performance.now();
    const stopped = await host.fit.stop();
    expect(performance.now() - asked).toBeLessThan(1000);
    expect(stopped.state).toBe('stopped');
    expect(stopped.result?.converged).toBe(false);
    expect(await host.fit.current()).toBeNull();

    const trace = await host.runs.trace({ run: run.id, first: 0, last: 1e9, points: 1e6 });
    expect(trace.total).toBe(stopped.steps);
    expect(trace.rows).toHaveLength(7 * stopped.steps);
    const csv = new TextDecoder().decode(
      download(await host.export.traceCsv({ run: run.id })).bytes,
    );
    expect(csv.split('\n')[0]).toBe('step,J,h,moment_J,moment_h,noise_J,noise_h');
    expect(csv.trim().split('\n')).toHaveLength(stopped.steps + 1);
  });

  it('stops a fit that has told nothing yet, with nothing to keep, and begins another', async () => {
    const { host } = client;
    const underWay = next('runs.changed', ({ changed }) =>
      changed.some(({ state }) => state === 'running'),
    );
    const { id } = await host.fit.start({ options });
    await underWay;
    expect(await host.fit.stop()).toMatchObject({ id, state: 'stopped', error: null });
    expect(await host.fit.current()).toBeNull();
    const ended = next('fit.ended');
    const another = await host.fit.start({ options: { ...options, method: 'pseudolikelihood' } });
    expect((await ended).state).toBe('ended');
    for (const run of [id, another.id]) await host.runs.delete({ run });
  });

  it('recovers the parameters of a synthetic set within five standard errors', async () => {
    const { host } = client;
    const truth = { J: 0.3, h: 8, rows: 8, cols: 8 };
    await host.data.synthetic({ ...truth, boundary: 'free', count: 400, sweeps: 300, seed: 11 });
    await host.preparation.set({ options: defaultPreparation, crops: {} });
    const ended = next('fit.ended');
    const auto = { ...options, method: 'auto', gradient: defaultFitOptions.gradient } as const;
    await host.fit.start({ options: auto });
    const { result, error, state } = await ended;
    expect(error).toBeNull();
    expect(state).toBe('ended');
    for (const name of ['J', 'h'] as const) {
      const z =
        (Number(result?.estimate[name]) - truth[name]) / Number(result?.standardError?.[name]);
      expect(Math.abs(z)).toBeLessThan(5);
    }
  });

  it('hears that a check is cancelled, keeps the fit, and checks it when asked again', async () => {
    const { host } = client;
    const run = (await host.runs.list()).find(({ result }) => result?.method === 'exact');
    if (!run) throw new Error('The exact fit is there.');
    const abort = new AbortController();
    const underWay = next('check.progress', (event) => event.run === run.id);
    const cancelled = host.check.start({ run: run.id, onlyIfQuick: false }, abort.signal);
    await underWay;
    await expect(host.check.start({ run: run.id, onlyIfQuick: false })).rejects.toThrow(
      /being checked already/,
    );
    abort.abort();
    await expect(cancelled).rejects.toMatchObject({ name: 'Cancelled' });
    const kept = (await host.runs.list()).find(({ id }) => id === run.id);
    expect(kept?.result).toEqual(run.result);
    const { result } = await host.check.start({ run: run.id, onlyIfQuick: false });
    expect(result?.check?.findings.length).toBeGreaterThan(20);
    expect(result?.estimate).toEqual(run.result?.estimate);
  });

  it('reopens an exported fit file as the same run', async () => {
    const { host } = client;
    const { id, result } = (await host.runs.list())[1];
    const { name, bytes } = download(await host.export.fitFile({ run: id }));
    expect(parseFitFile(new TextDecoder().decode(bytes), name).estimate).toEqual(result?.estimate);
    const { fits } = await host.addFiles([{ name, bytes: new Uint8Array(bytes) }]);
    expect(fits).toHaveLength(1);
    // the numbers of all runs before it, two of them deleted, are taken
    expect(fits[0].run.result).toEqual({ ...result, name: 'Run 4' });
    expect(fits[0].run.options).toEqual((await host.runs.list())[1].options);
    // what a file names is not read here unless it was granted
    expect(fits[0].found).toBe(0);
    expect(fits[0].missing).toEqual(['J 0.3, h 8, 8 × 8, seed 11.npy']);
  });

  it('takes nothing of a fit file that it refuses', async () => {
    const { host } = client;
    const before = await host.runs.list();
    const { name, bytes } = download(await host.export.fitFile({ run: before[1].id }));
    const nested = `${'['.repeat(70)}${']'.repeat(70)}`;
    const text = new TextDecoder().decode(bytes).replace('{', `{"deep": ${nested},`);
    const { failures, fits } = await host.addFiles([
      { name, bytes: new TextEncoder().encode(text) },
    ]);
    expect(fits).toEqual([]);
    expect(failures[0].reason).toContain(name);
    expect(await host.runs.list()).toEqual(before);
  });

  it('says what is wrong when nothing can be fitted, and is ready for the next fit', async () => {
    const { host } = client;
    await host.data.clear();
    const ended = next('fit.ended');
    await host.fit.start({ options });
    expect(await ended).toMatchObject({
      state: 'failed',
      error: { message: 'There is no picture yet.' },
    });
    expect(await host.fit.current()).toBeNull();
    await expect(host.fit.pause()).rejects.toThrow(/No fit is under way/);
    // a file that was uploaded is called by its name, not by the place where it was put
    await host.addFiles([{ name: 'words.png', bytes: new TextEncoder().encode('no picture') }]);
    const again = next('fit.ended');
    await host.fit.start({ options });
    expect((await again).error?.message).toMatch(/^words.png: By its content/);
  });
});
