import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../electron/node/projects/checkpoint.ts';
import { unpackProject } from '../../electron/node/projects/project-zip.ts';
import { benchFileSchema } from '../../shared/protocol/bench-file.ts';
import { parseFitFile } from '../../shared/protocol/fit-file.ts';
import { readProject } from '../../shared/session/project/archive.ts';

const folder = join(import.meta.dirname, '../fixtures/formats');

// files of every released version stay here, and every later version opens them
describe.each(readdirSync(folder))('files of version %s', (version) => {
  const path = (name: string) => join(folder, version, name);

  it('open: fit file', () => {
    const { estimate, model } = parseFitFile(readFileSync(path('sample.fit.json'), 'utf8'), 'it');
    expect(Object.keys(estimate)).toEqual(['J', 'h', 'hPerSite']);
    expect([model.rows, model.cols]).toEqual([4, 4]);
  });

  it('open: project, with a fit that goes on', async () => {
    const members = await unpackProject(readFileSync(path('sample.isinglass')), 'it');
    const { notes, pictures, runs, copies } = readProject(members, 'it');
    expect(notes).toBe('A sample.');
    expect(copies.get(pictures[0].copy ?? '')?.length).toBeGreaterThan(5 * 64);
    expect(runs.map(({ summary: { state } }) => state)).toEqual(['ended', 'paused']);
    expect(runs[1].trace.length).toBe(5);
    expect(runs[1].fit?.snapshot).toMatchObject({ step: 5, theta: expect.any(Float64Array) });
  });

  it('open: checkpoint', async () => {
    const { data, options } = await readCheckpoint(path('run.fit.json'));
    expect([data.images, data.rows, data.cols]).toEqual([10, 8, 8]);
    expect(options.steps).toBe(10_000_000);
  });

  it('open: checkpoint, which is a project', async () => {
    const { data, options, inputs, snapshot } = await readCheckpoint(path('zip.fit.json'));
    expect([data.images, data.rows, data.cols]).toEqual([10, 8, 8]);
    expect(options).toMatchObject({ steps: 30, gradient: { chains: 4 } });
    expect(inputs.sources).toMatchObject([{ path: 'run.npy', windows: 10 }]);
    expect(snapshot).toMatchObject({ step: 30, theta: expect.any(Float64Array) });
    const members = await unpackProject(readFileSync(path('zip.fit.json.checkpoint')), 'it');
    expect(readProject(members, 'it').runs[0].trace.length).toBe(30);
  });

  it('open: benchmark file', () => {
    const file = benchFileSchema.parse(JSON.parse(readFileSync(path('sample.bench.json'), 'utf8')));
    expect(file.engine?.map(({ name }) => name)).toEqual(['pseudolikelihood']);
  });
});
