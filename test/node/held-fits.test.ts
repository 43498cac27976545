import { describe, expect, it } from 'vitest';
import {
  dataOf,
  findings,
  hashOf,
  heldFits,
  readRecord,
  resumedFits,
  threadedFits,
} from './held-fits.ts';

const record = readRecord();
const advice =
  'Where the change of a fit is meant, `npm run record:fits` records them anew; the commit says why they changed.';

describe('a fit gives the recorded bits', () => {
  it('of everything that was recorded, and nothing else', () => {
    expect(Object.keys(record.fits), advice).toEqual(heldFits.map(({ name }) => name));
  });

  it.each(Object.keys(record.data))('from the recorded data: %s', (name) => {
    expect(hashOf(dataOf(name)), advice).toBe(record.data[name]);
  });

  it.each(heldFits)('$name', (fit) => {
    expect(findings(fit), advice).toEqual(record.fits[fit.name]);
  });

  it.each(threadedFits)('$name, by two threads', (fit) => {
    expect(findings(fit, { threads: 2 }), advice).toEqual(record.fits[fit.name]);
  });

  it.each(resumedFits)('$name, taken up from a state on the way', (fit) => {
    expect(findings(fit, { resumedAfter: 3 }), advice).toEqual(record.fits[fit.name]);
  });

  it('and not those of another seed (the control)', () => {
    const fit = heldFits.find(({ name }) => name === 'uniform, mle, free');
    if (!fit) throw new Error('The control has no fit.');
    const other = { ...fit, options: { ...fit.options, seed: 6 } };
    expect(findings(other)).not.toEqual(record.fits[fit.name]);
  });
});
