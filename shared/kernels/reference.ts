import type { Kernel, KernelKind, KernelOptions } from '../ising/kernel.ts';
import { siteCount } from '../ising/lattice.ts';
import { evaluate, type Model } from '../ising/model.ts';
import { addMeasured, emptyMoments } from '../ising/moments.ts';
import {
  localFields,
  type Neighbourhood,
  neighbourhood,
  tableEntry,
} from '../ising/neighbourhood.ts';
import { type Generator, sfc32 } from '../ising/rng.ts';

import { readSnapshot, writeSnapshot } from './snapshot.ts';

/** Advances one chain by one sweep; `spins` has the ghost spin 0 at index n. */
type Sweep = (spins: Int8Array, generator: Generator) => void;

/** Makes the sweep of one algorithm at given θ. */
type Algorithm = (model: Model, around: Neighbourhood, theta: ArrayLike<number>) => Sweep;

/**
 * Heat-bath on a checkerboard: every site in turn, first the even ones (q + r even), is drawn from
 *
 *   p(s_k = +1 | rest) = 1 / (1 + exp(−2 H_k)),  H_k = Σ_a θ_a ∂T_a/∂s_k,
 *
 * with a probability exact to 2⁻³¹. Sites are visited one after the other, so the order is valid on
 * lattices without a two-colouring too.
 *
 * Source: M. Creutz, L. Jacobs, C. Rebbi, Phys. Rev. Lett. 42, 1390 (1979).
 */
const heatBath: Algorithm = (model, around, theta) => {
  const order = checkerboard(model);
  const words = new Uint32Array(order.length);
  // a power of two entries, so that masking an index proves it to lie inside
  const thresholds = new Int32Array(2 ** Math.ceil(Math.log2(around.entries)));
  localFields(around, theta).forEach((field, entry) => {
    thresholds[entry] = scaled(1 / (1 + Math.exp(-2 * field)));
  });
  return (spins, generator) => {
    generator.fill(words);
    heatBathSweep(spins, order, words, thresholds, around);
  };
};

function heatBathSweep(
  spins: Int8Array,
  order: Int32Array,
  words: Uint32Array,
  thresholds: Int32Array,
  around: Neighbourhood,
): void {
  const { neighbours, groups, strides, origin } = around;
  const mask = thresholds.length - 1;
  const length = order.length;
  for (let k = 0; k < length; k++) {
    const site = order[k];
    const entry = tableEntry(spins, neighbours, strides, groups, origin, site) & mask;
    // +1 where the random number lies below the threshold, by its sign bit: a branch would be mispredicted
    spins[site] = ~((((words[k] >>> 1) - thresholds[entry]) >> 31) << 1);
  }
}

/**
 * Metropolis at random sites: n proposals s_k → −s_k a sweep, each accepted with probability
 * min(1, exp(−2 s_k H_k)).
 *
 * Source: N. Metropolis et al., J. Chem. Phys. 21, 1087 (1953).
 */
const metropolis: Algorithm = (model, around, theta) => {
  const { neighbours, groups, strides, origin } = around;
  const n = siteCount(model.lattice);
  const fields = localFields(around, theta);
  const fromUp = Int32Array.from(fields, (field) => scaled(Math.min(1, Math.exp(-2 * field))));
  const fromDown = Int32Array.from(fields, (field) => scaled(Math.min(1, Math.exp(2 * field))));
  const words = new Uint32Array(2 * n);
  return (spins, generator) => {
    generator.fill(words);
    for (let k = 0; k < 2 * n; k += 2) {
      const site = Math.floor((words[k] / 2 ** 32) * n);
      const entry = tableEntry(spins, neighbours, strides, groups, origin, site);
      const threshold = spins[site] > 0 ? fromUp[entry] : fromDown[entry];
      if (words[k + 1] >>> 1 < threshold) spins[site] = -spins[site];
    }
  };
};

/** A probability as the number of 31-bit words below it. */
function scaled(probability: number): number {
  return Math.min(Math.round(probability * 2 ** 31), 2 ** 31 - 1);
}

/** Plain TypeScript heat-bath: the readable specification of every faster kernel. Runs everywhere. */
export const referenceHeatBath = referenceKind('reference-heat-bath', heatBath);

/** Plain TypeScript Metropolis. */
export const referenceMetropolis = referenceKind('reference-metropolis', metropolis);

function referenceKind(name: string, algorithm: Algorithm): KernelKind {
  return {
    name,
    width: 1,
    supports: (model) => neighbourhood(model) !== null,
    create: (model, options) => createKernel(name, algorithm, model, options),
  };
}

function createKernel(
  name: string,
  algorithm: Algorithm,
  model: Model,
  { chains, seed, stream }: KernelOptions,
): Kernel {
  const around = neighbourhood(model);
  if (!around) throw new RangeError(`The kernel ${name} cannot sample the model ${model.name}.`);
  const n = siteCount(model.lattice);
  const p = model.statistics.length;
  const generators = Array.from({ length: chains }, (_, c) => sfc32(seed, stream * chains + c));
  const lattices = generators.map((generator) => randomSpins(n, generator));
  let theta = new Float64Array(p);
  let sweep = algorithm(model, around, theta);
  const values = new Float64Array(p);

  const setParameters = (next: ArrayLike<number>) => {
    theta = Float64Array.from(next);
    sweep = algorithm(model, around, theta);
  };
  return {
    name,
    model,
    chains,
    setParameters,
    run(sweeps, stride, record = false) {
      const measurements = Math.floor(sweeps / stride);
      const moments = emptyMoments(p, chains);
      moments.measurements = measurements;
      const recorded = new Float64Array(record ? measurements * chains * p : 0);
      for (let c = 0; c < chains; c++) {
        for (let t = 1; t <= sweeps; t++) {
          sweep(lattices[c], generators[c]);
          if (t % stride !== 0) continue;
          evaluate(model, lattices[c], values);
          addMeasured(moments, c, values);
          if (record) recorded.set(values, ((t / stride - 1) * chains + c) * p);
        }
      }
      const series = record ? { statistics: p, chains, measurements, values: recorded } : null;
      return { moments, series };
    },
    spins: (chain) => lattices[chain].slice(0, n),
    setSpins: (chain, spins) => lattices[chain].set(Int8Array.from(spins)),
    snapshot: () =>
      writeSnapshot(name, model, chains, theta, [
        ...lattices,
        ...generators.map((generator) => generator.state),
      ]),
    restore(snapshot) {
      readSnapshot(snapshot, name, model, chains, [
        ...lattices,
        ...generators.map((generator) => generator.state),
      ]);
      setParameters(snapshot.parameters);
    },
  };
}

/** Independent fair spins, with the ghost spin 0 behind the last. */
function randomSpins(n: number, generator: Generator): Int8Array {
  const spins = new Int8Array(n + 1);
  for (let k = 0; k < n; k++) spins[k] = generator.next() >>> 31 ? 1 : -1;
  return spins;
}

/** Flat indices, even sites (q + r even) first. */
function checkerboard({ lattice: { rows, cols } }: Model): Int32Array {
  const parity = (k: number) => (Math.floor(k / cols) + (k % cols)) % 2;
  const all = Array.from({ length: rows * cols }, (_, k) => k);
  return Int32Array.from([...all.filter((k) => !parity(k)), ...all.filter(parity)]);
}
