import { expect, it } from 'vitest';
import { classOf, toggled } from '../../renderer/models/offset-classes.ts';
import type { Offset } from '../../shared/models/lattice/offsets.ts';

const row: Offset = [0, 1];
const column: Offset = [1, 0];
const diagonal: Offset = [1, 1];

it('puts a neighbour into the chosen class, from wherever it was, by either of its two spellings', () => {
  const one = toggled([[row, column]], [-1, -1], 1);
  expect(one).toEqual([[row, column], [diagonal]]);
  expect(classOf(one, [-1, -1])).toBe(1);
  expect(toggled(one, [0, -1], 1)).toEqual([[column], [diagonal, row]]);
});

it('takes a neighbour out of its class, and a class that is empty with it', () => {
  expect(toggled([[row], [diagonal]], [0, -1], 0)).toEqual([[diagonal]]);
});

it('keeps at least one neighbour and at most twelve', () => {
  expect(toggled([[row]], row, 0)).toEqual([[row]]);
  const twelve = [Array.from({ length: 12 }, (_, k): Offset => [k, 1])];
  expect(toggled(twelve, [3, 3], 0)).toBe(twelve);
});
