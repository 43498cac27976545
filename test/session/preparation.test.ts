import './foreseen.ts';
import { describe, expect, it } from 'vitest';
import { PictureError } from '../../shared/data/image/picture-error.ts';
import { momentsOf } from '../../shared/session/data/preparation.ts';
import type { PictureFile } from '../../shared/session/ports.ts';
import { type Bench, bench } from './stand-in.ts';

it('gives b and m of every image, and their means', () => {
  // all up; a checkerboard; one down
  const spins = Int8Array.of(1, 1, 1, 1, 1, -1, -1, 1, 1, 1, 1, -1);
  const { moments, bondMean, magnetization } = momentsOf(
    { rows: 2, cols: 2, images: 3, spins },
    'free',
  );
  expect([...moments]).toEqual([1, 1, -1, 0, 0, 0.5]);
  expect([bondMean, magnetization]).toEqual([0, 0.5]);
});

describe('a session prepares its pictures', () => {
  const fresh = () => new AbortController().signal;
  const signal = fresh();
  const free = { boundary: 'free' } as const;

  /** A session with pictures, and what its host was asked to load, time after time. */
  async function withPictures(...paths: string[]) {
    const made = await bench();
    const loads: { files: readonly PictureFile[]; crops: ReadonlyMap<string, unknown> }[] = [];
    const { load } = made.pictures;
    made.pictures.load = (files, options, crops, ...more) => {
      loads.push({ files, crops });
      return load(files, options, crops, ...more);
    };
    await made.session.handlers.data.addPaths({ paths }, signal);
    return { ...made, loads, ...made.session.handlers };
  }
  const failures = async ({ session }: Pick<Bench, 'session'>) =>
    (await session.handlers.data.list({ first: 0, count: 9 }, signal)).pictures.map(
      ({ failure }) => failure,
    );

  it('once for as long as neither they nor the options change', async () => {
    const { preparation, data, loads } = await withPictures('/a.png', '/b.png');
    const first = await preparation.summary(free, fresh());
    expect(first).toMatchObject({ images: 6, rows: 4, cols: 4, failures: [], warnings: [] });
    expect(await preparation.summary({ boundary: 'periodic' }, fresh())).not.toEqual(first);
    expect(loads).toHaveLength(1);
    const current = await preparation.get({}, signal);
    await preparation.set({ ...current, options: { ...current.options, invert: true } }, signal);
    await preparation.summary(free, fresh());
    expect(loads).toHaveLength(2);
    await data.remove({ pictures: [2] }, signal);
    await preparation.summary(free, fresh());
    expect(loads.map(({ files }) => files.length)).toEqual([2, 2, 1]);
    // what was removed comes back, to where it was
    await data.undoRemove({}, signal);
    await preparation.summary(free, fresh());
    expect(loads[3].files.map(({ path }) => path)).toEqual(['/a.png', '/b.png']);
  });

  it('each with the crop of its own', async () => {
    const { preparation, loads } = await withPictures('/a.png', '/b.png');
    const { options } = await preparation.get({}, signal);
    const crop = { x: 1, y: 2, width: 3, height: 4 };
    await preparation.set({ options, crops: { 2: crop } }, signal);
    await preparation.summary(free, fresh());
    expect(loads[0].crops).toEqual(new Map([['/b.png', crop]]));
  });

  it('and marks those that fail until they are mended', async () => {
    const made = await withPictures('/a.png', '/b.png');
    const { load } = made.pictures;
    made.pictures.load = async (...given) => ({
      ...(await load(...given)),
      failures: [{ path: '/b.png', reason: 'cut off' }],
    });
    expect((await made.preparation.summary(free, fresh())).failures).toHaveLength(1);
    expect(await failures(made)).toEqual([null, 'cut off']);
    expect(made.of('data.changed').at(-1)).toMatchObject({ pictures: 2, failed: 1 });
    made.pictures.load = load;
    const current = await made.preparation.get({}, signal);
    await made.preparation.set({ ...current, options: { ...current.options, rows: 4 } }, signal);
    await made.preparation.summary(free, fresh());
    expect(await failures(made)).toEqual([null, null]);
  });

  it('tells of a file that is not what it was, and of progress to its end', async () => {
    const made = await withPictures('/a.png');
    await made.preparation.summary(free, fresh());
    const { load } = made.pictures;
    made.pictures.load = async (...given) => {
      const set = await load(...given);
      return { ...set, sources: set.sources.map((each) => ({ ...each, sha256: 'f'.repeat(64) })) };
    };
    const current = await made.preparation.get({}, signal);
    await made.preparation.set({ ...current, options: { ...current.options, rows: 4 } }, signal);
    const { warnings } = await made.preparation.summary(free, fresh());
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('a.png');
    const jobs = made.of('data.progress').filter(({ job }) => job === 'prepare');
    expect(jobs.filter(({ ended }) => ended)).toHaveLength(2);
    expect(jobs.at(-1)?.ended).toBe(true);
  });

  it('for the last question alone', async () => {
    const { preparation, pictures } = await withPictures('/a.png');
    const { load } = pictures;
    const loading: AbortSignal[] = [];
    pictures.load = (...given) => {
      loading.push(given[4]);
      if (loading.length > 1) return load(...given);
      return new Promise((_, reject) => {
        given[4].addEventListener('abort', () => reject(given[4].reason));
      });
    };
    const first = (async () => preparation.summary(free, fresh()))();
    const second = (async () => preparation.summary(free, fresh()))();
    await expect(first).rejects.toMatchObject({ name: 'Cancelled' });
    expect(await second).toMatchObject({ images: 6 });
    expect(loading.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it('and refuses what has none, by its kind of failure', async () => {
    const empty = await bench();
    const ask = async (made: Bench) => made.session.handlers.preparation.summary(free, fresh());
    await expect(ask(empty)).rejects.toBeForeseen();
    const made = await withPictures('/a.png');
    made.pictures.load = () =>
      Promise.reject(new PictureError('corrupt', '/a.png: cut off after 3 bytes.'));
    const thrown = await ask(made).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(PictureError);
    expect(thrown).toMatchObject({ kind: 'corrupt' });
  });
});
