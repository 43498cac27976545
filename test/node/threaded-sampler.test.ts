import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, it, vi } from 'vitest';
import { samplerFactory } from '../../electron/node/threads/samplers.ts';
import { chooseKernel } from '../../shared/kernels/choose.ts';
import { compile } from '../../shared/kernels/wasm.ts';
import { lattice } from '../../shared/models/lattice/lattice.ts';
import { anisotropicModel, uniformModel } from '../../shared/models/registry.ts';
import { localSampler, type Sampler } from '../../shared/sampling/sampler.ts';

const file = (name: string) =>
  compile(readFileSync(new URL(`../../dist/kernels/${name}.wasm`, import.meta.url)));
const modules = { heatBath: file('heat-bath'), clusters: file('cluster') };
const entries = new URL('../../dist/node/', import.meta.url);
const model = uniformModel(lattice(6, 8, 'periodic'));
const open: Sampler[] = [];

function sampler(threads: number, chains = 100): Sampler {
  const made = samplerFactory(entries, threads)(model, chains, 17);
  // enough work at once to wake the other threads
  made.run(200, 200);
  open.push(made);
  return made;
}

afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

it('gives the same for any number of threads as without any', () => {
  const local = localSampler(chooseKernel(modules, model, 100), model, 100, 17);
  local.run(100, 100);
  local.run(100, 100);
  const all = [local, ...[1, 2, 3, 9].map((threads) => sampler(threads))];
  const results = all.map((one) => {
    one.setParameters([0.3, 2]);
    const run = one.run(10, 2, true);
    one.setSpins(127, new Int8Array(48).fill(1));
    const full = one.spins(127);
    const heatBath = [one.chains, run, full, one.spins(64), one.run(5, 5), one.snapshot()];
    one.mixture?.setUpdates({ heatBath: 2, swendsenWang: 1, wolff: 3 });
    const mixed = [one.run(4, 2, true), one.run(2, 1), one.spins(20, 100)];
    one.mixture?.setUpdates({ heatBath: 0, swendsenWang: 0, wolff: 3 });
    const clusters = [one.run(4, 2), one.spins(64), one.snapshot()];
    one.mixture?.setUpdates({ heatBath: 1, swendsenWang: 0, wolff: 0 });
    return [heatBath, mixed, clusters, one.run(3, 1)];
  });
  // chains of several threads at once are those of each
  const some = local.spins(20, 100);
  for (let c = 0; c < 100; c++) {
    expect(some.subarray(c * 48, (c + 1) * 48)).toEqual(local.spins(20 + c));
  }
  for (const result of results) expect(result).toEqual(results[0]);
});

it('goes on from a snapshot with another number of threads', () => {
  const first = sampler(2);
  first.setParameters([0.4, 1]);
  first.run(3, 1);
  const snapshot = first.snapshot();
  const next = first.run(4, 1);
  const other = sampler(3);
  other.restore(snapshot);
  expect(other.run(4, 1)).toEqual(next);
  expect(() => other.restore(snapshot.slice(1))).toThrow('holds 3 kernels, this sampler 4');
});

it('samples models that only the reference kernel knows', () => {
  const factory = samplerFactory(entries, 2);
  const one = factory(anisotropicModel(lattice(3, 5, 'periodic')), 2, 1);
  open.push(one);
  one.setParameters([0.1, 0.2, 0.3]);
  expect(one.run(2, 1).moments.measurements).toBe(2);
});

it('brings an error from a thread to the caller, and goes on', () => {
  const one = sampler(2);
  const [first, second] = one.snapshot();
  const foreign = [first, second, { ...first, rows: 7 }, first];
  expect(() => one.restore(foreign)).toThrow('chains of 7 × 8');
  expect(one.run(1, 1).moments.measurements).toBe(1);
});

it('says so when a thread has died', async () => {
  const started: Worker[] = [];
  const on = vi.spyOn(Worker.prototype, 'unref').mockImplementation(function (this: Worker) {
    started.push(this);
  });
  const one = sampler(2);
  on.mockRestore();
  one.run(1, 1);
  await started[0].terminate();
  expect(() => one.run(1, 1)).toThrow('A sampler thread has ended');
});
