import { evaluate, type Model } from '../models/contract.ts';
import { UnsuitableError } from '../models/failures.ts';
import { type Lattice, siteCount } from '../models/lattice/lattice.ts';
import {
  localFields,
  type Neighbourhood,
  neighbourhood,
  tableEntry,
} from '../models/lattice/neighbourhood.ts';
import { type Generator, sfc32 } from '../numerics/random.ts';
import type { Kernel, KernelKind, KernelOptions } from '../sampling/kernel.ts';
import { refusal } from '../sampling/kernel.ts';
import { addMeasured, emptyMoments } from '../sampling/moments.ts';
import { type Algorithm, heatBath, scaled } from './reference-heat-bath.ts';
import { areSpins, readSnapshot, writeSnapshot } from './snapshot.ts';

/**
 * Metropolis at random sites: n proposals s_k → −s_k a sweep, each accepted with probability
 * min(1, exp(−2 s_k H_k)).
 *
 * Source: N. Metropolis et al., J. Chem. Phys. 21, 1087 (1953).
 */
const metropolis: Algorithm = (model, around) => (theta) => {
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
  if (!around) throw new UnsuitableError(refusal(name, model));
  const n = siteCount(model.lattice);
  const p = model.statistics.length;
  const generators = Array.from({ length: chains }, (_, c) => sfc32(seed, stream * chains + c));
  const lattices = generators.map((generator) => randomSpins(model.lattice, generator));
  const at = algorithm(model, around);
  let theta = new Float64Array(p);
  let sweep = at(theta);
  const values = new Float64Array(p);
  const state = [
    ...lattices.map((view) => ({
      view,
      // a row of ghosts is behind the spins
      sound: (bytes: Uint8Array) =>
        areSpins(bytes.subarray(0, n)) && bytes.subarray(n).every((ghost) => ghost === 0),
    })),
    ...generators.map((generator) => ({ view: generator.state })),
  ];

  const setParameters = (next: ArrayLike<number>) => {
    theta = Float64Array.from(next);
    sweep = at(theta);
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
      const scores = new Float64Array(record === 'scores' ? recorded.length : 0);
      for (let c = 0; c < chains; c++) {
        for (let t = 1; t <= sweeps; t++) {
          sweep(lattices[c], generators[c]);
          if (t % stride !== 0) continue;
          evaluate(model, lattices[c], values);
          addMeasured(moments, c, values);
          const at = ((t / stride - 1) * chains + c) * p;
          if (record) recorded.set(values, at);
          if (record !== 'scores') continue;
          scoresOf(around, theta, lattices[c], n, values);
          scores.set(values, at);
        }
      }
      const series = {
        statistics: p,
        chains,
        measurements,
        values: recorded,
        ...(record === 'scores' && { scores }),
      };
      return { moments, series: record ? series : null };
    },
    spins: (chain) => lattices[chain].slice(0, n),
    setSpins: (chain, spins) => lattices[chain].set(Int8Array.from(spins)),
    snapshot: () => writeSnapshot(name, model, chains, theta, state),
    restore(snapshot) {
      readSnapshot(snapshot, name, model, chains, state);
      setParameters(snapshot.parameters);
    },
  };
}

/** The scores of one chain, as `Series` has them. */
function scoresOf(
  around: Neighbourhood,
  theta: Float64Array,
  spins: Int8Array,
  n: number,
  out: Float64Array,
): void {
  const { coefficients, neighbours, strides, groups, origin } = around;
  const p = theta.length;
  const means = localFields(around, theta).map(Math.tanh);
  out.fill(0);
  for (let k = 0; k < n; k++) {
    const entry = tableEntry(spins, neighbours, strides, groups, origin, k);
    const off = spins[k] - means[entry];
    for (let a = 0; a < p; a++) out[a] += off * coefficients[entry * p + a];
  }
}

/** Independent fair spins, with a row of ghosts 0 behind the last. */
function randomSpins({ rows, cols }: Lattice, generator: Generator): Int8Array {
  const n = rows * cols;
  const spins = new Int8Array(n + cols);
  for (let k = 0; k < n; k++) spins[k] = generator.next() >>> 31 ? 1 : -1;
  return spins;
}
