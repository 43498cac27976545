import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileKernel } from '../../build/kernels.mjs';
import { swendsenWang, wolff } from '../../shared/kernels/cluster.ts';
import { heatBathChains, heatBathLattice } from '../../shared/kernels/heat-bath.ts';
import { mixed } from '../../shared/kernels/mixture.ts';
import { referenceHeatBath, referenceMetropolis } from '../../shared/kernels/reference.ts';
import { compile } from '../../shared/kernels/wasm.ts';
import { type Lattice, lattice } from '../../shared/models/lattice/lattice.ts';
import { anisotropicModel, uniformModel } from '../../shared/models/registry.ts';
import type { Kernel, KernelKind, KernelSnapshot, Updates } from '../../shared/sampling/kernel.ts';

/*
 * A state's hashes tell damage, not forgery: whatever bytes stand in it are refused, or sampled from in as much time
 * as any other state takes.
 */

const module = compile(await compileKernel('heat-bath.ts'));
const clusters = compile(await compileKernel('cluster.ts'));

interface Case {
  readonly name: string;
  readonly kind: KernelKind;
  readonly shape: Lattice;
  readonly updates?: Updates;
  /** Words that may hold anything: those of random generators. */
  readonly free: (word: number, words: number) => boolean;
}

const mixing: Updates = { heatBath: 1, swendsenWang: 1, wolff: 2 };
const ownGenerators = (word: number) => word >= 0 && word < 24;
const afterHead = (free: (word: number) => boolean) => (word: number) => free(word - 4);
/** Generators of a cluster kernel of 32 (or one) lattices of 6 × 6 behind `head` words. */
const clusterGenerator = (head: number) => (word: number) => word >= head + 2 && word < head + 10;
const heatBathWords = 26 + (8 * 2 * 5 * 32) / 4;

const cases: readonly Case[] = [
  {
    ...{ name: 'chains side by side', kind: heatBathChains(module) },
    ...{ shape: lattice(6, 6, 'periodic'), free: ownGenerators },
  },
  {
    ...{ name: 'chains, free edges, odd', kind: heatBathChains(module) },
    ...{ shape: lattice(5, 7, 'free'), free: ownGenerators },
  },
  {
    ...{ name: 'row blocks of one lattice', kind: heatBathLattice(module) },
    ...{ shape: lattice(37, 6, 'periodic'), free: ownGenerators },
  },
  {
    ...{ name: 'mixture, not mixed', kind: mixed(heatBathChains(module), clusters) },
    ...{ shape: lattice(6, 6, 'free'), free: afterHead(ownGenerators) },
  },
  {
    ...{ name: 'mixture with clusters', kind: mixed(heatBathChains(module), clusters) },
    ...{ shape: lattice(6, 6, 'periodic'), updates: mixing },
    free: (word) => afterHead(ownGenerators)(word) || clusterGenerator(4 + heatBathWords)(word),
  },
  {
    ...{ name: 'single clusters', kind: wolff(clusters, 3) },
    ...{ shape: lattice(6, 6, 'free'), free: clusterGenerator(0) },
  },
  {
    ...{ name: 'all clusters', kind: swendsenWang(clusters) },
    ...{ shape: lattice(6, 6, 'periodic'), free: clusterGenerator(0) },
  },
  {
    ...{ name: 'reference', kind: referenceHeatBath },
    ...{ shape: lattice(7, 6, 'free'), free: (word, words) => word >= words - 4 },
  },
  {
    ...{ name: 'Metropolis', kind: referenceMetropolis },
    ...{ shape: lattice(7, 6, 'free'), free: (word, words) => word >= words - 4 },
  },
  {
    ...{ name: 'mixture of the reference', kind: mixed(referenceHeatBath, clusters) },
    ...{ shape: lattice(7, 6, 'free') },
    free: (word, words) => word >= words - 4,
  },
];

function create({ kind, shape, updates }: Case, seed: number): Kernel {
  const kernel = kind.create(uniformModel(shape), { chains: kind.width, seed, stream: 0 });
  if (updates) kernel.mixture?.setUpdates(updates);
  kernel.setParameters([0.4, 1]);
  kernel.run(3, 1);
  return kernel;
}

function withState(snapshot: KernelSnapshot, change: (state: Uint8Array) => void): KernelSnapshot {
  const copy = structuredClone(snapshot);
  change(copy.state);
  return copy;
}

/** Whether a kernel takes the state; if so, it must go on, and to a state that another one takes. */
function taken(one: Case, snapshot: KernelSnapshot): boolean {
  const kernel = create(one, 7);
  try {
    kernel.restore(snapshot);
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    return false;
  }
  kernel.run(2, 1);
  for (let chain = 0; chain < kernel.chains; chain++) {
    expect(kernel.spins(chain).every((spin) => spin === 1 || spin === -1)).toBe(true);
  }
  create(one, 8).restore(kernel.snapshot());
  return true;
}

describe.each(cases)('the state of $name', (one) => {
  const snapshot = create(one, 1).snapshot();
  const words = Math.floor(snapshot.state.byteLength / 4);

  it('is taken as it was written', () => {
    expect(taken(one, snapshot)).toBe(true);
  });

  it('holds no word but a generator’s that may be anything', () => {
    const wrong: number[] = [];
    const kernel = create(one, 3);
    for (let word = 0; word < words; word++) {
      for (const value of [2 ** 31 - 1, 2 ** 32 - 2]) {
        const forged = withState(snapshot, (state) =>
          new DataView(state.buffer, state.byteOffset).setUint32(4 * word, value, true),
        );
        let refused = false;
        try {
          kernel.restore(forged);
        } catch {
          refused = true;
        }
        if (refused === one.free(word, words)) wrong.push(word);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('costs no more than another, whatever its bytes', () => {
    const changes = fc.array(fc.tuple(fc.nat(snapshot.state.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(changes, (list) => {
        const forged = withState(snapshot, (state) => {
          for (const [at, value] of list) state[at] = value;
        });
        taken(one, forged);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('is refused with bytes missing or added, or parameters of another model', () => {
    const { state } = snapshot;
    for (const cut of [state.slice(0, 3), state.slice(0, -1), new Uint8Array(state.length + 4)]) {
      expect(taken(one, { ...snapshot, state: cut })).toBe(false);
    }
    for (const parameters of [[], [0.4], [0.4, 1, 1], [0.4, Number.NaN]]) {
      expect(taken(one, { ...snapshot, parameters })).toBe(false);
    }
  });
});

it('a state is refused by the same lattice’s kernel of another model', () => {
  const shape = lattice(6, 6, 'free');
  const options = { chains: 32, seed: 1, stream: 0 };
  const snapshot = heatBathChains(module).create(uniformModel(shape), options).snapshot();
  const other = heatBathChains(module).create(anisotropicModel(shape), options);
  expect(() => other.restore(snapshot)).toThrow();
});
