import { beforeAll, describe, expect, it } from 'vitest';
import { compileKernel } from '../../build/kernels.mjs';
import { chooseKernel } from '../../shared/kernels/choose.ts';
import { compile } from '../../shared/kernels/wasm.ts';
import { lattice } from '../../shared/models/lattice/lattice.ts';
import { makeModel } from '../../shared/models/registry.ts';
import { sfc32, uniform } from '../../shared/numerics/random.ts';
import { mean, meanCovariance } from '../../shared/sampling/moments.ts';
import { localSampler } from '../../shared/sampling/sampler.ts';

// The critical point of the triangular lattice, where ⟨s s'⟩ = 2/3 on every bond.
// Source: G. F. Newell, Phys. Rev. 79, 876 (1950).
const critical = Math.log(3) / 4;
const side = 256;
const chains = 16;

const modules = {
  heatBath: compile(await compileKernel('heat-bath.ts')),
  clusters: compile(await compileKernel('cluster.ts')),
};
const model = makeModel(
  {
    name: 'neighbourhood',
    offsets: [
      [
        [0, 1],
        [1, 0],
        [1, 1],
      ],
    ],
  },
  lattice(side, side, 'periodic'),
);

/**
 * Configurations in equilibrium, which single-site updates would not reach at the critical point: Swendsen–Wang updates
 * of a plain triangular lattice, which share nothing with the program but random words.
 */
function inEquilibrium(count: number): Int8Array[] {
  const words = sfc32(4, 0);
  const n = side * side;
  const spins = new Int8Array(n).fill(1);
  const parent = new Int32Array(n);
  const open = 1 - Math.exp(-2 * critical);
  const root = (k: number) => {
    let at = k;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };
  const sweep = () => {
    for (let k = 0; k < n; k++) parent[k] = k;
    for (let k = 0; k < n; k++) {
      const [row, col] = [Math.floor(k / side), k % side];
      const [below, right] = [((row + 1) % side) * side, (col + 1) % side];
      for (const other of [row * side + right, below + col, below + right]) {
        if (spins[k] === spins[other] && uniform(words) < open) parent[root(k)] = root(other);
      }
    }
    const sign = new Int8Array(n);
    for (let k = 0; k < n; k++) {
      const top = root(k);
      sign[top] ||= uniform(words) < 0.5 ? -1 : 1;
      spins[k] = sign[top];
    }
  };
  for (let k = 0; k < 60; k++) sweep();
  return Array.from({ length: count }, () => {
    for (let k = 0; k < 12; k++) sweep();
    return spins.slice();
  });
}

describe('the triangular lattice as a neighbourhood, 256 × 256', () => {
  let starts: Int8Array[] = [];
  beforeAll(() => {
    starts = inEquilibrium(chains);
  });

  /** Deviation of the bond mean from 2/3, in standard errors, of chains that run at a coupling from equilibrium on. */
  function deviation(J: number): number {
    const sampler = localSampler(chooseKernel(modules, model, chains), model, chains, 5);
    sampler.setParameters([J, 0]);
    for (let chain = 0; chain < sampler.chains; chain++) {
      sampler.setSpins(chain, starts[chain % chains]);
    }
    sampler.run(30, 30);
    const { moments } = sampler.run(30, 5);
    const { extent } = model.statistics[0];
    // further chains of a kernel that has more begin at the same configurations
    const error = Math.sqrt((meanCovariance(moments)[0] * sampler.chains) / chains);
    return Math.abs(mean(moments)[0] - (2 / 3) * extent) / error;
  }

  it('has ⟨s s′⟩ = 2/3 on every bond at J = ¼ ln 3', () => {
    expect(deviation(critical)).toBeLessThan(4);
  });

  it('leaves it where J is five hundredths less', () => {
    expect(deviation(critical - 0.05)).toBeGreaterThan(4);
  });
});
