import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { onlyPicture } from '../../electron/node/decode/decode-job.ts';
import { DecodePool } from '../../electron/node/decode/decode-pool.ts';
import { defaultPreparation } from '../../shared/data/image/options.ts';
import { PictureError } from '../../shared/data/image/picture-error.ts';
import { folderOf } from './folder.ts';
import { png } from './picture-bytes.ts';

const decoder = new URL('../../dist/node/decode-worker.js', import.meta.url);

function poolOf(worker: URL, size = 2): DecodePool {
  const pool = new DecodePool(worker, size);
  onTestFinished(() => pool.close());
  return pool;
}

const script = (code: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort } from 'node:worker_threads'; ${code}`)}`,
  );

const ramp = png({
  width: 40,
  height: 20,
  depth: 8,
  colour: 0,
  rows: Array.from({ length: 20 }, (_, y) => Array.from({ length: 40 }, (_, x) => 5 * x + y)),
});

describe('decode pool', () => {
  it('gives spins, picture and thumbnail from one decoding', async () => {
    const pool = poolOf(decoder);
    const path = join(folderOf({ 'a.png': ramp }), 'a.png');
    const result = await pool.run({
      path,
      prepare: defaultPreparation,
      picture: true,
      thumbnail: 10,
    });
    expect(result).toMatchObject({ path, format: 'png', frames: 1, warnings: [] });
    const one = onlyPicture(result);
    expect(one).toMatchObject({ frame: null, width: 40, height: 20, warnings: [] });
    expect(one.prepared?.spins).toHaveLength(800);
    expect(one.picture?.data[41]).toBe(6);
    expect(one.thumbnail).toMatchObject({ width: 10, height: 5 });
    expect(one.thumbnail?.data[0]).toBe(9);
    expect(onlyPicture(await pool.run({ path }))).toMatchObject({
      prepared: null,
      picture: null,
      thumbnail: null,
    });
  });

  it('carries errors across whole', async () => {
    const pool = poolOf(decoder);
    const folder = folderOf({ 'a.png': ramp, 'b.png': ramp.subarray(0, 60) });
    const crop = { x: 30, y: 0, width: 20, height: 20 };
    const outside = pool.run({
      path: join(folder, 'a.png'),
      prepare: { ...defaultPreparation, crop },
    });
    await expect(outside).rejects.toMatchObject({ kind: 'unsuitable', name: 'PictureError' });
    await expect(outside).rejects.toThrow(/a\.png: The crop 30,0,20,20 .*outside the picture/);
    const broken: unknown = await pool
      .run({ path: join(folder, 'b.png') })
      .catch((e: unknown) => e);
    expect(broken).toBeInstanceOf(PictureError);
    expect(broken).toMatchObject({ kind: 'corrupt' });
    await expect(pool.run({ path: join(folder, 'c.png') })).rejects.toMatchObject({
      kind: 'missing',
    });
    await expect(pool.run({ path: folder })).rejects.toMatchObject({ kind: 'unreadable' });
  });

  it.skipIf(process.platform === 'win32')(
    'does not wait for a pipe that nobody writes to',
    async () => {
      const pipe = join(folderOf({}), 'pipe.png');
      execFileSync('mkfifo', [pipe]);
      await expect(poolOf(decoder).run({ path: pipe })).rejects.toMatchObject({
        kind: 'unreadable',
      });
    },
  );

  it('ends a job that never ends, with its worker, and goes on with the next', async () => {
    const endless = script(`parentPort.on('message', ({ path }) => {
      if (path === 'bad') for (;;) {}
      parentPort.postMessage({ kind: 'done', result: { path } });
    });
    parentPort.postMessage({ kind: 'ready' });`);
    const pool = poolOf(endless, 1);
    const bad = pool.run({ path: 'bad' });
    const good = pool.run({ path: 'good' });
    await expect(bad).rejects.toMatchObject({ kind: 'tooSlow' });
    await expect(bad).rejects.toThrow(/^bad: Decoding was given up after 2\.0 s/);
    expect(await good).toEqual({ path: 'good' });
  });

  it('replaces a worker that breaks down', async () => {
    const fragile = script(`parentPort.on('message', ({ path }) => {
      if (path === 'exit') process.exit(3);
      if (path === 'throw') throw new Error('out of everything');
      parentPort.postMessage({ kind: 'done', result: { path } });
    });`);
    const pool = poolOf(fragile, 1);
    const jobs = ['exit', 'a', 'throw', 'b'].map((path) => pool.run({ path }));
    const outcomes = await Promise.allSettled(jobs);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    await expect(jobs[2]).rejects.toThrow('throw: The decoder broke down (out of everything).');
  });

  it('abandons what is aborted, waiting or under way, and refuses work once closed', async () => {
    const slow = script(`parentPort.on('message', ({ path }) =>
      setTimeout(() => parentPort.postMessage({ kind: 'done', result: { path } }), path === 'slow' ? 1e6 : 0));`);
    const pool = poolOf(slow, 1);
    const stop = new AbortController();
    const jobs = ['slow', 'waiting'].map((path) => pool.run({ path }, stop.signal));
    const other = pool.run({ path: 'other' });
    stop.abort(new Error('enough'));
    for (const job of jobs) await expect(job).rejects.toThrow('enough');
    expect(await other).toEqual({ path: 'other' });
    await expect(pool.run({ path: 'late' }, stop.signal)).rejects.toThrow('enough');
    const last = pool.run({ path: 'slow' });
    pool.close();
    await expect(last).rejects.toThrow(/closed before/);
    await expect(pool.run({ path: 'x' })).rejects.toThrow(/closed/);
  });
});
