import { expect, it } from 'vitest';
import { Trace } from '../../shared/ising/fit/trace.ts';
import { defaultFitOptions } from '../../shared/ising/options.ts';
import { type Run, RunTable } from '../../shared/session/run-table.ts';

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
  // another project counts for itself
  table.replace([run(4)]);
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
