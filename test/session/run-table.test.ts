import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { defaultFitOptions } from '../../shared/inference/options.ts';
import { Trace } from '../../shared/inference/trace.ts';
import { encode } from '../../shared/protocol/codec.ts';
import type { Events } from '../../shared/protocol/contract.ts';
import { parseFitFile } from '../../shared/protocol/fit-file.ts';
import { takeApart, wholeResult } from '../../shared/session/runs/fit-result.ts';
import { type Run, RunTable } from '../../shared/session/runs/run-table.ts';

const run = (number: number): Run => ({
  summary: {
    id: `run-${number}`,
    name: `Run ${number}`,
    created: '',
    state: 'ended',
    options: { ...defaultFitOptions, seed: 1 },
    rows: 0,
    cols: 0,
    images: 0,
    parameters: [],
    observed: [],
    steps: 0,
    result: null,
    error: null,
    continuable: false,
  },
  trace: new Trace(1),
  set: null,
  sources: [],
  crops: {},
  fit: null,
});

it('gives no number of a run twice, whether that is renamed, deleted or brought back', () => {
  const table = new RunTable(() => {});
  const begin = () => {
    const begun = run(table.nextNumber());
    table.add(begun);
    return begun;
  };
  table.change(begin(), { name: 'first' });
  expect(table.nextNumber()).toBe(2);
  table.delete(begin().summary.id);
  expect(table.nextNumber()).toBe(3);
  table.undoDelete();
  expect(table.nextNumber()).toBe(3);
  // by its new name one has a number, too
  table.change(begin(), { name: 'Run 7' });
  expect(table.nextNumber()).toBe(8);
  // another project counts for itself, whatever becomes of a run of the one before
  const before = begin();
  table.replace([run(4)]);
  table.change(before, { state: 'stopped' });
  expect(table.nextNumber()).toBe(5);
});

it('brings back one deleted run after the other, each to its place', () => {
  const table = new RunTable(() => {});
  const names = () => table.list().map(({ name }) => name);
  for (const number of [1, 2, 3]) table.add(run(number));
  const before = names();
  const [first, second] = table.list();
  table.delete(first.id);
  table.delete(second.id);
  expect(names()).toEqual(before.slice(2));
  expect(table.undoDelete()?.name).toBe(before[1]);
  expect(table.undoDelete()?.name).toBe(before[0]);
  expect(names()).toEqual(before);
  expect(table.undoDelete()).toBeNull();
});

it('tells of what has changed only, and of no list of files', () => {
  const told: Events['runs.changed'][] = [];
  const table = new RunTable((name, payload) => {
    if (name === 'runs.changed') told.push(payload as Events['runs.changed']);
  });
  const fitFile = new URL('../fixtures/formats/0.1.0/sample.fit.json', import.meta.url);
  const file = parseFitFile(readFileSync(fitFile, 'utf8'), 'the sample');
  const sources = Array.from({ length: 10_000 }, (_, k) => ({
    ...file.data.sources[0],
    path: `/home/somebody/pictures/of the third of May/${k}.png`,
  }));
  const runs = Array.from({ length: 25 }, (_, k) => {
    const taken = takeApart({ ...file, data: { ...file.data, sources } });
    const made = { ...run(k + 1), sources: taken.sources };
    return { ...made, summary: { ...made.summary, result: taken.result } };
  });
  table.replace(runs);
  table.change(runs[3], { name: 'another' });
  const bytes = told.map((change) => encode(change).length);
  expect(Math.max(...bytes), 'all runs').toBeLessThan(200_000);
  expect(bytes[1], 'one').toBeLessThan(10_000);
  expect(told[1].changed.map(({ name }) => name)).toEqual(['another']);
  expect(told[1].order).toEqual(table.list().map(({ id }) => id));
  table.delete('run-1');
  expect(told[2]).toMatchObject({ changed: [] });
  expect(told[2].order).not.toContain('run-1');
  // a file holds them again
  expect(wholeResult(runs[3])?.data).toEqual({ ...file.data, sources });
});
