import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultPreparation } from '../../shared/data/image/options.ts';
import { defaultFitOptions } from '../../shared/inference/options.ts';
import { defaultSettings } from '../../shared/protocol/app.ts';
import { type FitFile, parseFitFile } from '../../shared/protocol/fit-file.ts';
import type { SyntheticOptions } from '../../shared/protocol/synthetic.ts';
import { drawMethods } from '../../shared/sampling/drawing/methods.ts';
import { end, serveCommand } from './application.ts';
import { enter, hostOf } from './client.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-reopen-'));
const cli = fileURLToPath(new URL('../../dist/node/cli.js', import.meta.url));
const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text));
const spins = (k: number) =>
  Array.from({ length: 6 }, (_, q) =>
    Array.from({ length: 6 }, (_, r) => ((q * 7 + r * (3 + k) + q * r * k) % 5 < 2 ? 1 : 0)).join(),
  ).join('\n');
const files = [0, 1, 2].map((k) => ({ name: `${k}.csv`, bytes: bytes(`${spins(k)}\n`) }));

type Start = Awaited<ReturnType<typeof start>>;
async function start(home: string) {
  const server = await serveCommand(home, []);
  const client = await hostOf(await enter(server.address));
  const stop = async () => {
    client.close();
    await end(server.child);
  };
  return { ...client, stop };
}

/** The fit file of a quick fit to the three arrays. */
async function fitted(session: Start): Promise<string> {
  await session.host.addFiles(files);
  return fitAndExport(session);
}

async function fitAndExport({ host }: Start): Promise<string> {
  const options = {
    ...defaultFitOptions,
    model: { name: 'anisotropic' },
    method: 'exact',
    seed: 1,
  } as const;
  const { id } = await host.fit.start({ options });
  while (await host.fit.current()) await setTimeout(20);
  const exported = await host.export.fitFile({ run: id });
  if (exported?.kind !== 'download') throw new Error('It was not downloaded.');
  return new TextDecoder().decode(exported.bytes);
}

describe('a fit file in another session', () => {
  let first: Start;
  let second: Start;
  let text: string;
  beforeAll(async () => {
    [first, second] = await Promise.all([start(join(folder, 'a')), start(join(folder, 'b'))]);
    text = await fitted(first);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([first?.stop(), second?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });
  const list = async () => (await second.host.data.list({ first: 0, count: 9 })).pictures;

  it('brings back every moment of the data that its model has', async () => {
    const { fits } = await second.host.addFiles([{ name: 'f.fit.json', bytes: bytes(text) }]);
    const [run] = await first.host.runs.list();
    expect(new Set(run.observed).size).toBe(3);
    expect(fits[0].run.observed).toEqual(run.observed);
    // a file from before has only the mean of both couplings
    const { data, ...file } = parseFitFile(text, 'f');
    const { bondMeanX: _, bondMeanY: __, ...older } = data;
    const old = bytes(JSON.stringify({ ...file, data: older }));
    const again = await second.host.addFiles([{ name: 'g.fit.json', bytes: old }]);
    expect(again.fits[0].run.observed).toEqual([Number.NaN, Number.NaN, run.observed[2]]);
  });

  it('names its pictures as missing and takes them, and nothing else, when they are opened', async () => {
    const { host } = second;
    expect((await list()).map(({ name, missing }) => [name, missing])).toEqual([
      ['0.csv', true],
      ['1.csv', true],
      ['2.csv', true],
    ]);
    await expect(host.preparation.summary({ boundary: 'free' })).rejects.toThrow(/missing/);
    const found = await host.addFiles([files[2], { ...files[0], name: 'other.csv' }]);
    expect(found).toMatchObject({ found: 1, added: 1 });
    expect((await list()).map(({ name, missing }) => [name, missing])).toEqual([
      ['0.csv', true],
      ['1.csv', true],
      ['2.csv', false],
      ['other.csv', false],
    ]);
    const part = await host.preparation.summary({ boundary: 'free' });
    expect([part.images, part.failures.map(({ name }) => name)]).toEqual([2, ['0.csv', '1.csv']]);
    expect((await host.addFiles(files.slice(0, 2))).found).toBe(2);
    await host.data.remove({ pictures: [(await list())[3].id] });
    const { bondMean } = await host.preparation.summary({ boundary: 'free' });
    expect(bondMean).toBe((await first.host.preparation.summary({ boundary: 'free' })).bondMean);
  });

  it('makes the host read no file that it names (and a file that is uploaded, it reads)', async () => {
    const { host } = second;
    await host.data.clear();
    const secret = join(folder, 'secret.csv');
    writeFileSync(secret, `${spins(0)}\n`);
    const file = parseFitFile(text, 'f');
    const [source] = file.data.sources;
    const sources = [{ ...source, path: secret }];
    const crafted = bytes(JSON.stringify({ ...file, data: { ...file.data, sources } }));
    await host.addFiles([{ name: 'f.fit.json', bytes: crafted }]);
    const [{ id, missing }] = await list();
    expect(missing).toBe(true);
    const options = defaultPreparation;
    const preview = () => host.preparation.preview({ picture: id, options, boundary: 'free' });
    await expect(host.data.view({ picture: id, side: 64 })).rejects.toThrow(/neither where/);
    await expect(preview()).rejects.toThrow(/neither where/);
    // nor in a project, where its hash would tell of it
    const project = await host.projects.save({ as: true });
    if (project?.kind !== 'download') throw new Error('It was not downloaded.');
    await host.addFiles([{ name: 'p.isinglass', bytes: new Uint8Array(project.bytes) }]);
    const [again] = await list();
    expect(again.missing).toBe(true);
    await expect(host.data.view({ picture: again.id, side: 64 })).rejects.toThrow(/neither where/);
    await host.addFiles([{ name: 'secret.csv', bytes: files[0].bytes }]);
    expect((await preview()).rows).toBe(6);
  });

  describe('of a synthetic set', () => {
    const drawn: SyntheticOptions = {
      ...{ rows: 6, cols: 5, boundary: 'periodic', J: 0.25, h: 1.5 },
      ...{ count: 40, sweeps: 50, seed: 17, method: 'auto' },
    };
    let file: FitFile;
    beforeAll(async () => {
      await first.host.data.synthetic(drawn);
      file = parseFitFile(await fitAndExport(first), 'f');
    });
    /** Opens the fit file in the other session, its source changed. */
    const open = async (change: object = {}) => {
      await second.host.data.clear();
      const sources = [{ ...file.data.sources[0], ...change }];
      const content = { ...file, data: { ...file.data, sources } };
      return second.host.addFiles([{ name: 's.fit.json', bytes: bytes(JSON.stringify(content)) }]);
    };

    it('draws the same spins again from what the file says', async () => {
      const { host } = second;
      expect(file.data.sources).toMatchObject([{ synthetic: drawn, windows: 40 }]);
      await open();
      expect(await list()).toMatchObject([{ missing: true, synthetic: drawn }]);
      expect(await host.data.redraw()).toMatchObject({ drawn: 1, otherwise: [] });
      expect(await list()).toMatchObject([{ missing: false, failure: null, origin: 'synthetic' }]);
      const again = parseFitFile(await fitAndExport(second), 'g');
      expect(again.data).toEqual(file.data);
      expect(again.estimate).toEqual(file.estimate);
      // there is nothing more to draw
      expect(await host.data.redraw()).toMatchObject({ drawn: 0, otherwise: [] });
    });

    it.each(drawMethods)('gives the bytes that the command line draws, by %s', async (method) => {
      const recipe = { ...drawn, method };
      const out = join(folder, `${method}.npy`);
      const values = Object.entries(recipe).flatMap(([name, value]) => [`--${name}`, `${value}`]);
      await promisify(execFile)(process.execPath, [cli, 'sample', ...values, '--out', out]);
      const sha256 = createHash('sha256').update(readFileSync(out)).digest('hex');
      await open({ synthetic: recipe, sha256 });
      expect(await second.host.data.redraw()).toMatchObject({ drawn: 1, otherwise: [] });
    });

    it('gives a file of version 0.1.0, which names no method, the bytes that it had', async () => {
      const { method: _, ...synthetic } = drawn;
      const sha256 = '9f8fb9c9da8899b9014e757589aa251ee6c0b4f53d15b0bf6f5f17582244db7b';
      await open({ synthetic, sha256 });
      expect(await list()).toMatchObject([{ synthetic: { ...drawn, method: 'heat-bath' } }]);
      const { host } = second;
      expect(await host.data.redraw()).toMatchObject({ drawn: 1, otherwise: [] });
      // the control: these are not the bytes of what is drawn now
      expect(sha256).not.toBe(file.data.sources[0].sha256);
    });

    it('says what speaks against the equilibrium of a set', async () => {
      const frozen = { ...drawn, rows: 32, cols: 32, J: 0.6, h: 0, method: 'heat-bath' } as const;
      const { warnings } = await first.host.data.synthetic(frozen);
      expect(warnings).toHaveLength(1);
      await open({ synthetic: frozen });
      expect((await second.host.data.redraw()).warnings).toEqual([
        `${file.data.sources[0].path}: ${warnings[0]}`,
      ]);
      const settled = { ...frozen, method: 'auto' } as const;
      expect((await first.host.data.synthetic(settled)).warnings).toEqual([]);
    });

    it.each<[string, object]>([
      ['heat-bath', { method: 'heat-bath', count: 10_000, sweeps: 1_000_000 }],
      ['auto', { rows: 512, cols: 512, J: 0.44, h: 0, count: 900 }],
    ])('keeps it missing where drawing by %s is cancelled', async (_, long) => {
      await open({ synthetic: { ...drawn, ...long } });
      const controller = new AbortController();
      const drawing = second.host.data.redraw({}, controller.signal);
      setTimeout(100).then(() => controller.abort());
      await expect(drawing).rejects.toMatchObject({ name: 'Cancelled' });
      expect(await list()).toMatchObject([{ missing: true }]);
    });

    it('comes with a project that has lost it', async () => {
      const { host } = second;
      await open();
      const project = await host.projects.save({ as: true });
      if (project?.kind !== 'download') throw new Error('It was not downloaded.');
      await host.addFiles([{ name: 'p.isinglass', bytes: new Uint8Array(project.bytes) }]);
      expect(await list()).toMatchObject([{ missing: true, synthetic: drawn }]);
      expect(await host.data.redraw()).toMatchObject({ drawn: 1, otherwise: [] });
      // and from then on is in it
      const whole = await host.projects.save({ as: true });
      if (whole?.kind !== 'download') throw new Error('It was not downloaded.');
      await host.addFiles([{ name: 'q.isinglass', bytes: new Uint8Array(whole.bytes) }]);
      expect(await list()).toMatchObject([{ missing: false, synthetic: drawn }]);
    });

    it.each([
      ['more configurations than the window draws', { count: 1_000_001 }, /synthetic\.count/],
      ['a longer side', { rows: 5000 }, /synthetic\.rows/],
      ['more spins than can be read', { rows: 4096, cols: 4096, count: 99 }, /synthetic: .*spins/],
      ['no seed', { seed: undefined }, /synthetic\.seed/],
    ])('refuses %s', async (_, change, reason) => {
      const { failures, fits } = await open({ synthetic: { ...drawn, ...change } });
      expect(fits).toEqual([]);
      expect(failures).toMatchObject([
        { name: 's.fit.json', reason: expect.stringMatching(reason) },
      ]);
    });

    it('reads a file of a later version that says more of it', async () => {
      const { failures } = await open({ synthetic: { ...drawn, sampler: 2 } });
      expect(failures).toEqual([]);
      expect(await second.host.data.redraw()).toMatchObject({ drawn: 1, otherwise: [] });
    });
  });
});

it('begins with the preparation that was used last, but for its crop', async () => {
  const home = mkdtempSync(join(tmpdir(), 'isinglass-remembered-'));
  const used = { ...defaultPreparation, rows: 12, threshold: 'median', invert: true } as const;
  const before = await start(home);
  expect((await before.host.preparation.get()).options).toEqual(defaultPreparation);
  const crop = { x: 1, y: 2, width: 30, height: 40 };
  await before.host.app.changeSettings({ ...defaultSettings, preparation: { ...used, crop } });
  await before.stop();
  const after = await start(home);
  expect(await after.host.preparation.get()).toEqual({ options: used, crops: {} });
  await after.stop();
  rmSync(home, { recursive: true, force: true });
});
