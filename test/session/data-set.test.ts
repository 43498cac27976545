import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataSummary } from '../../shared/protocol/data.ts';
import { DataSet, withShownPaths } from '../../shared/session/data/data-set.ts';

const file = (name: string, origin = 'uploaded') => ({ path: `/hidden/${name}`, name, origin });

describe('the data set', () => {
  it('brings back exactly what was removed, behind it what was added since', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }),
        fc.nat(5),
        (removed, later) => {
          const data = new DataSet(() => {});
          data.add(removed.map((_, k) => file(`${k}.png`)));
          const before = data.all();
          data.remove(before.filter((_, k) => removed[k]).map(({ id }) => id));
          expect(data.all()).toEqual(before.filter((_, k) => !removed[k]));
          data.add(Array.from({ length: later }, (_, k) => file(`later ${k}.png`)));
          if (!removed.includes(true)) return;
          data.undoRemove();
          expect(data.all().slice(0, before.length)).toEqual(before);
          expect(data.all()).toHaveLength(before.length + later);
        },
      ),
    );
  });

  it('takes back one removal after the other, the last one first', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 12 }), (removals) => {
        const data = new DataSet(() => {});
        data.add(Array.from({ length: 10 }, (_, k) => file(`${k}.png`)));
        const before = [data.all()];
        for (const id of removals) {
          // what is gone already is no removal
          const [size] = [data.all().length, data.remove([id + 1])];
          if (data.all().length < size) before.push(data.all());
        }
        for (const expected of before.slice(0, -1).reverse()) {
          data.undoRemove();
          expect(data.all()).toEqual(expected);
        }
        data.undoRemove();
        expect(data.all()).toEqual(before[0]);
      }),
    );
  });

  it('takes what came in the place of others out again with them', () => {
    const data = new DataSet(() => {});
    data.add([file('a.png'), file('b.png')]);
    const before = data.all();
    data.remove([1, 2], [file('drawn.npy', 'synthetic')]);
    data.add([file('later.png')]);
    expect(data.all().map(({ name }) => name)).toEqual(['drawn.npy', 'later.png']);
    data.undoRemove();
    expect(data.all().slice(0, 2)).toEqual(before);
    expect(data.all().map(({ name }) => name)).toEqual(['a.png', 'b.png', 'later.png']);
  });

  it('tells of every change, counts failures, and forgets them when they are mended', () => {
    const told: DataSummary[] = [];
    const data = new DataSet((summary) => told.push(summary));
    data.add([file('a.png'), file('b.npy')]);
    data.note(new Map([['/hidden/a.png', '/hidden/a.png: truncated']]));
    expect(data.list(0, 1)).toEqual({
      total: 2,
      pictures: [
        {
          ...{ id: 1, name: 'a.png', origin: 'uploaded', kind: 'picture' },
          ...{ failure: 'truncated', missing: false },
          ...{ frame: null, sha256: null, changed: false, synthetic: null },
        },
      ],
    });
    data.note(new Map());
    expect(told.map(({ pictures, failed }) => [pictures, failed])).toEqual([
      [2, 0],
      [2, 1],
      [2, 0],
    ]);
    expect(new Set(told.map(({ revision }) => revision)).size).toBe(1);
    expect(() => data.get(99)).toThrow(/no longer/);
  });

  it('knows of a file that has changed until it is used again', () => {
    let told = 0;
    const data = new DataSet(() => told++);
    data.add([{ ...file('a.png'), sha256: 'a', changed: true }, file('b.png')]);
    const shown = () => data.list(0, 2).pictures.map(({ sha256, changed }) => [sha256, changed]);
    expect(shown()).toEqual([
      ['a', true],
      [null, false],
    ]);
    const now = new Map([
      ['/hidden/a.png', 'c'],
      ['/hidden/b.png', 'b'],
    ]);
    expect(data.identify(now).map(({ name }) => name)).toEqual(['a.png']);
    expect(shown()).toEqual([
      ['c', false],
      ['b', false],
    ]);
    // a window that shows a result of the old file hears of it
    expect(told).toBe(2);
    expect(data.identify(now)).toEqual([]);
    expect(told).toBe(2);
  });

  it('shows no path that no person has chosen', () => {
    const data = new DataSet(() => {});
    data.add([
      file('up.png'),
      { path: '/chosen/own.png', name: 'own.png', origin: '/chosen/own.png' },
    ]);
    const source = (path: string) => ({ path, sha256: '', windows: 1 });
    const set = {
      data: { rows: 1, cols: 2, images: 1, spins: new Int8Array(2) },
      sources: [source('/hidden/up.png'), source('/chosen/own.png')],
      preparation: {} as never,
      failures: [{ path: '/hidden/up.png', reason: '/hidden/up.png: bad' }],
      warnings: ['2 pictures, the first /hidden/up.png: small'],
    };
    expect(withShownPaths(set, data.all())).toMatchObject({
      sources: [{ path: 'up.png' }, { path: '/chosen/own.png' }],
      failures: [{ path: 'up.png', reason: 'up.png: bad' }],
      warnings: ['2 pictures, the first up.png: small'],
    });
  });
});
