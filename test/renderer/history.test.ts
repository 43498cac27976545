import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changed, historyOf, redone, undone } from '../../renderer/state/history.ts';

const values = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 30 });

describe('history', () => {
  it('undoes every change in turn, and redoes all of them', () => {
    fc.assert(
      fc.property(values, (numbers) => {
        let history = historyOf(-1);
        for (const number of numbers) history = changed(history, number, false);
        const last = history.present;
        const distinct = history.past.length;
        for (let k = 0; k < distinct; k++) history = undone(history);
        expect(history.present).toBe(-1);
        expect(undone(history)).toBe(history);
        for (let k = 0; k < distinct; k++) history = redone(history);
        expect(history.present).toBe(last);
        expect(redone(history)).toBe(history);
      }),
    );
  });

  it('takes back a whole gesture at once, and nothing that changed nothing', () => {
    let history = changed(historyOf(0), 1, false);
    for (let k = 2; k < 9; k++) history = changed(history, k, true);
    expect(changed(history, 8, false)).toBe(history);
    expect(undone(history).present).toBe(0);
  });

  it('forgets what was undone as soon as something else is done', () => {
    const history = changed(undone(changed(historyOf(0), 1, false)), 2, false);
    expect(redone(history)).toBe(history);
    expect(undone(history).present).toBe(0);
  });
});
