import './foreseen.ts';
import { describe, expect, it } from 'vitest';
import { DataSet } from '../../shared/session/data/data-set.ts';
import { findMissing } from '../../shared/session/data/missing.ts';
import type { PictureFile } from '../../shared/session/ports.ts';
import { bench } from './stand-in.ts';

const signal = new AbortController().signal;

/** A session whose stacks hold four pictures, and what its host is asked to load. */
async function withStacks() {
  const made = await bench();
  const counted: string[] = [];
  const loads: { files: readonly PictureFile[]; crops: ReadonlyMap<string, unknown> }[] = [];
  made.pictures.count = async (path) => {
    counted.push(path);
    return path.includes('stack') ? 4 : 1;
  };
  const { load } = made.pictures;
  made.pictures.load = (files, options, crops, ...more) => {
    loads.push({ files, crops });
    return load(files, options, crops, ...more);
  };
  return { made, ...made.session.handlers, counted, loads };
}

describe('a file that holds several pictures', () => {
  it('gives each of them to the set, by a name of its own', async () => {
    const { data, preparation, counted, loads } = await withStacks();
    const added = await data.addPaths({ paths: ['/a.png', '/stack.tif', '/b.tif'] }, signal);
    expect(added).toMatchObject({ added: 6, stacks: [{ name: 'stack.tif' }] });
    // whose kind holds one picture is not read for that
    expect(counted).toEqual(['/stack.tif', '/b.tif']);
    const { pictures } = await data.list({ first: 0, count: 9 }, signal);
    expect(pictures.map(({ name, frame }) => [name, frame])).toEqual([
      ['a.png', null],
      ...[0, 1, 2, 3].map((frame) => [`stack.tif#${frame + 1}`, frame]),
      ['b.tif', null],
    ]);
    expect(added.stacks[0].pictures).toEqual(pictures.slice(1, 5).map(({ id }) => id));
    const crop = { x: 1, y: 2, width: 3, height: 4 };
    const { options } = await preparation.get({}, signal);
    await preparation.set({ options, crops: { [pictures[3].id]: crop } }, signal);
    await data.remove({ pictures: [pictures[2].id] }, signal);
    await preparation.summary({ boundary: 'free' }, signal);
    expect(loads[0].files.map(({ path, frame }) => [path, frame])).toEqual([
      ['/a.png', null],
      ['/stack.tif', 0],
      ['/stack.tif', 2],
      ['/stack.tif', 3],
      ['/b.tif', null],
    ]);
    expect(loads[0].crops).toEqual(new Map([['/stack.tif#3', crop]]));
    // what came of each is known by its name
    const used = (await data.list({ first: 0, count: 9 }, signal)).pictures;
    expect(used.map(({ sha256 }) => sha256)).not.toContain(null);
  });

  it('comes back whole from a project', async () => {
    const { made, data, projects, preparation, loads } = await withStacks();
    await data.addPaths({ paths: ['/stack.tif'] }, signal);
    await data.remove({ pictures: [2] }, signal);
    made.answer = '/p.isinglass';
    await projects.save({ as: false }, signal);
    await projects.create({}, signal);
    expect((await data.summary({}, signal)).pictures).toBe(0);
    await projects.open({}, signal);
    const { pictures } = await data.list({ first: 0, count: 9 }, signal);
    expect(pictures.map(({ name, frame }) => [name, frame])).toEqual([
      ['stack.tif#1', 0],
      ['stack.tif#3', 2],
      ['stack.tif#4', 3],
    ]);
    await preparation.summary({ boundary: 'free' }, signal);
    expect(loads[0].files.map(({ frame }) => frame)).toEqual([0, 2, 3]);
  });

  it('takes the places of all of its missing pictures, and of no others', async () => {
    const data = new DataSet(() => {});
    const lost = (name: string, path: string, frame: number | null) => ({
      ...{ name, path, frame, origin: path, missing: true, failure: 'gone', sha256: null },
    });
    data.add([
      lost('stack.tif#1', '/old/stack.tif', 0),
      lost('stack.tif#3', '/old/stack.tif', 2),
      lost('other.tif#1', '/old/other.tif', 0),
    ]);
    const file = { path: '/new/stack.tif', name: 'stack.tif', origin: '/new/stack.tif' };
    const { found, others } = await findMissing(data, [file], async () => null);
    expect([found, others]).toEqual([2, []]);
    expect(data.all().map(({ origin, missing }) => [origin, missing])).toEqual([
      ['/new/stack.tif#1', false],
      ['/new/stack.tif#3', false],
      ['/old/other.tif', true],
    ]);
  });
});
