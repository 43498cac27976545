import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as scenario from './faults/scenarios.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isinglass-faults-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

// a few of each; `npm run faults` does the same many times over
describe('nothing is lost', { timeout: 180_000 }, () => {
  it('when the host is killed', async () => {
    expect(await scenario.killHosts(folder, 2)).toMatch(/the same bits$/);
  });
  it('when a save is killed', async () => {
    expect(await scenario.killSavers(folder, 2)).toMatch(/^2 kills/);
  });
  it('when the fit’s thread throws', async () => {
    const seen = await scenario.breakWorker(folder, 'throws');
    expect(seen).toMatch(/^“A fault was put in here\.” Gone on: the same bits$/);
  });
  it('when the fit’s thread has no memory left', async () => {
    expect(await scenario.breakWorker(folder, 'takes all memory')).toMatch(
      /needed more memory than/,
    );
  });
  it('when the pictures are removed in mid-fit', async () => {
    expect(await scenario.removePictures(folder)).toMatch(/the same bits$/);
  });
  it('when the clock is set back', async () => {
    expect(await scenario.setClockBack(folder)).toMatch(/no negative time$/);
  });
  it('when the process is suspended', async () => {
    expect(await scenario.suspend(folder, 2, 0.5)).toMatch(/the same bits$/);
  });
  it('when two hosts work at once and one is killed', async () => {
    expect(await scenario.twoHosts(folder)).toMatch(/is offered by the other$/);
  });
});
