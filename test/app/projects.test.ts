import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { defaultPreparation } from '../../shared/data/image/options.ts';
import { defaultFitOptions, type FitOptions } from '../../shared/inference/options.ts';
import type { RunSummary } from '../../shared/protocol/runs.ts';
import { end, serveCommand } from './application.ts';
import { enter, hostOf } from './client.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-projects-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Client = Awaited<ReturnType<typeof hostOf>>;

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { stop } of open.splice(0)) await stop();
});

/** A browser host with its own settings, and a window without a page. */
async function start(home: string, paths: readonly string[] = []) {
  mkdirSync(home, { recursive: true });
  const server = await serveCommand(home, paths);
  const client = await hostOf(await enter(server.address));
  const stop = async () => {
    client.close();
    await end(server.child);
  };
  open.push({ stop });
  const kill = async () => {
    const gone = once(server.child, 'exit');
    server.child.kill('SIGKILL');
    await gone;
    client.close();
  };
  return { ...client, kill, stop };
}

const options: FitOptions = {
  ...defaultFitOptions,
  boundary: 'periodic',
  method: 'gradient',
  seed: 12,
  steps: 2500,
  gradient: { ...defaultFitOptions.gradient, alpha: [0.02] },
};

async function ended(host: Client['host']): Promise<RunSummary> {
  for (;;) {
    const active = await host.fit.current();
    const last = (await host.runs.list()).at(-1);
    if (!active && last) return last;
    await setTimeout(20);
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let k = 0; k < 1600; k++) {
    if (await condition()) return;
    await setTimeout(25);
  }
  throw new Error('It did not come true within forty seconds.');
}

async function synthetic(host: Client['host']): Promise<void> {
  await host.data.synthetic({
    ...{ rows: 16, cols: 16, boundary: 'periodic', J: 0.3, h: 5 },
    ...{ count: 40, sweeps: 50, seed: 3 },
  });
  await host.preparation.set({ options: { ...defaultPreparation, invert: true }, crops: {} });
}

async function whole(home: string): Promise<RunSummary & { trace: Float64Array }> {
  const { host, stop } = await start(home);
  await synthetic(host);
  const { id } = await host.fit.start({ options });
  const run = await ended(host);
  const trace = await host.runs.trace({ run: id, first: 0, last: 1e6, points: 1e6 });
  await stop();
  return { ...run, trace: trace.rows };
}

describe('a project', () => {
  it('loses nothing when its host is killed, and its fit ends with the bits of a whole one', async () => {
    const home = join(folder, 'killed');
    const { host, kill } = await start(home);
    await synthetic(host);
    await host.fit.start({ options });
    await until(async () => (await host.fit.current())?.state === 'running');
    // slow enough that it is still under way when it is kept
    await host.fit.adjust({ stepsPerSecond: 20 });
    await until(async () => ((await host.fit.current())?.steps ?? 0) > 30);
    await host.projects.setNotes({ notes: 'two phases?' });
    const noted = new Date().toISOString();
    await until(async () => ((await host.projects.current()).kept ?? '') >= noted);
    await kill();

    const again = await start(home);
    const [left, ...others] = await again.host.projects.left();
    expect(others).toEqual([]);
    expect(left).toMatchObject({ pictures: 1, runs: 1, fit: { name: 'Run 1', images: 40 } });
    await again.host.projects.recover({ id: left.id, goOn: true });
    expect((await again.host.projects.current()).notes).toBe('two phases?');
    expect((await again.host.preparation.get()).options.invert).toBe(true);
    const resumed = await ended(again.host);
    const trace = await again.host.runs.trace({
      run: resumed.id,
      first: 0,
      last: 1e6,
      points: 1e6,
    });

    const uninterrupted = await whole(join(folder, 'whole'));
    expect(resumed.result?.estimate).toEqual(uninterrupted.result?.estimate);
    expect(trace.rows).toEqual(uninterrupted.trace);
    expect(resumed.result?.covariance).toEqual(uninterrupted.result?.covariance);
  });

  it('is saved, downloaded, opened elsewhere with all runs, and goes on from a stopped fit', async () => {
    const { host } = await start(join(folder, 'first'));
    await synthetic(host);
    await host.fit.start({ options: { ...options, method: 'pseudolikelihood' } });
    await ended(host);
    const { id } = await host.fit.start({ options });
    await until(async () => ((await host.fit.current())?.steps ?? 1e9) > 200);
    const stopped = await host.fit.stop();
    expect(stopped.continuable).toBe(true);
    expect((await host.projects.current()).unsaved).toBe(true);
    const saved = await host.projects.save({ as: false });
    if (saved?.kind !== 'download') throw new Error('It was not downloaded.');
    // a download is no file yet
    expect((await host.projects.current()).unsaved).toBe(true);
    await host.projects.stored({ state: saved.state, name: 'first.isinglass' });
    expect(await host.projects.current()).toMatchObject({ unsaved: false, name: 'first' });

    const other = await start(join(folder, 'second'));
    const { failures } = await other.host.addFiles([
      { name: 'x.isinglass', bytes: new Uint8Array(saved.bytes) },
    ]);
    expect(failures).toEqual([]);
    expect(await other.host.projects.current()).toMatchObject({ name: 'x', unsaved: false });
    expect(await other.host.runs.list()).toEqual(await host.runs.list());
    // the drawn set is in the project
    const shown = await other.host.preparation.summary({ boundary: 'periodic' });
    expect(shown.images).toBe(40);
    for (const { host: goingOn } of [{ host }, other]) await goingOn.fit.goOn({ run: id });
    const [here, there] = [await ended(host), await ended(other.host)];
    expect(here.state).toBe('ended');
    expect(there.result?.estimate).toEqual(here.result?.estimate);
    await expect(other.host.fit.goOn({ run: id })).rejects.toThrow(/come to its end/);
  });

  it('names pictures that are gone, and finds those that moved with it', async () => {
    const pictures = join(folder, 'pictures');
    mkdirSync(pictures);
    for (const name of ['a.csv', 'b.csv'])
      writeFileSync(join(pictures, name), '1,0,1\n0,1,1\n1,1,0\n');
    const home = join(folder, 'moved');
    const { host } = await start(home, [pictures]);
    const saved = await host.projects.save({ as: false });
    rmSync(join(pictures, 'b.csv'));
    writeFileSync(join(pictures, 'a.csv'), '1,0,1\n0,1,1\n1,1,0\n\n1,0,1\n0,1,1\n1,1,0\n');
    if (saved?.kind !== 'download') throw new Error('It was not downloaded.');
    const opened: unknown[] = [];
    host.on('projects.opened', (event) => opened.push(event));
    await host.addFiles([{ name: 'p.isinglass', bytes: new Uint8Array(saved.bytes) }]);
    expect(opened).toEqual([{ name: 'p', missing: ['b.csv'], changed: ['a.csv'], aside: false }]);
    const { pictures: list } = await host.data.list({ first: 0, count: 9 });
    expect(list.map(({ name, failure, changed }) => [name, failure !== null, changed])).toEqual([
      ['a.csv', false, true],
      ['b.csv', true, false],
    ]);
    const { warnings } = await host.preparation.summary({ boundary: 'free' });
    expect(warnings.join()).toMatch(/a\.csv changed on the disk/);
    // it has been used as it is now
    const [used] = (await host.data.list({ first: 0, count: 1 })).pictures;
    expect(used.changed).toBe(false);
  });

  it('is kept until the window says that what it was handed is stored, and forgotten then', async () => {
    const home = join(folder, 'handed');
    const first = await start(home);
    await synthetic(first.host);
    await first.host.fit.start({ options: { ...options, method: 'pseudolikelihood' } });
    await ended(first.host);
    expect(await first.host.projects.save({ as: false })).toMatchObject({ kind: 'download' });
    // the connection is lost before anything is stored
    await first.stop();
    const second = await start(home);
    const [left] = await second.host.projects.left();
    expect(left).toMatchObject({ runs: 1 });
    await second.host.projects.recover({ id: left.id, goOn: false });
    const saved = await second.host.projects.save({ as: false });
    const { state } = saved ?? { state: -1 };
    // what came after it is in no file
    await second.host.projects.setNotes({ notes: 'later' });
    await second.host.projects.stored({ state, name: 'a.isinglass' });
    expect(await second.host.projects.current()).toMatchObject({ unsaved: true, name: 'a' });
    const last = await second.host.projects.save({ as: false });
    await second.host.projects.stored({ state: last?.state ?? -1, name: 'a.isinglass' });
    // an answer that comes late takes nothing back
    await second.host.projects.stored({ state, name: 'b.isinglass' });
    expect(await second.host.projects.current()).toMatchObject({ unsaved: false, name: 'a' });
    await second.stop();
    expect(await (await start(home)).host.projects.left()).toEqual([]);
  });

  it('leaves nothing behind when it was saved, and what was not saved when it was not', async () => {
    const home = join(folder, 'closed');
    const first = await start(home);
    await synthetic(first.host);
    await first.stop();
    const sessions = join(home, 'config/isinglass/sessions');
    expect(readdirSync(sessions)).toEqual([]);
    const second = await start(home);
    await synthetic(second.host);
    await second.host.fit.start({ options: { ...options, steps: 1e9 } });
    await until(async () => ((await second.host.fit.current())?.steps ?? 0) > 10);
    await second.stop();
    const third = await start(home);
    const [left] = await third.host.projects.left();
    expect(left.fit?.step).toBeGreaterThan(10);
    await third.host.projects.recover({ id: left.id, goOn: false });
    expect((await third.host.runs.list())[0]).toMatchObject({
      state: 'stopped',
      continuable: true,
    });
    expect(await third.host.projects.left()).toEqual([]);
  });
});
