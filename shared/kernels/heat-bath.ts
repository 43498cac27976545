import type { Kernel, KernelKind, KernelOptions, KernelSnapshot, Run } from '../ising/kernel.ts';
import { isBipartite, type Lattice, siteCount } from '../ising/lattice.ts';
import type { Model } from '../ising/model.ts';
import { emptyMoments } from '../ising/moments.ts';
import { splitMix64 } from '../ising/rng.ts';
import { type HeatBathMemory, type HeatBathShape, lanes, layOut } from './memory.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import { type HeatBathCode, heatBathCode, type KernelModule } from './wasm.ts';

/** Bytes of one lattice beyond which sweeps go through it block by block, to stay in the cache. */
const cacheBytes = 1 << 20;

/** What sets the two layouts of the heat-bath kernel apart. */
interface Layout {
  readonly shape: HeatBathShape;
  readonly chains: number;
  /** Index of a chain's site in the spins. */
  locate(memory: HeatBathMemory, chain: number, row: number, col: number): number;
  /** Lanes of a chain: first and one past the last. */
  span(chain: number): readonly [number, number];
}

/** Rows of a block so that some 256 KiB are worked on at a time. */
function blockRows(rows: number, cols: number): number {
  return rows * cols * lanes <= cacheBytes
    ? rows
    : Math.max(1, Math.floor(cacheBytes / 4 / (cols * lanes)));
}

function chainsLayout({ rows, cols, boundary }: Lattice, block = blockRows(rows, cols)): Layout {
  return {
    shape: { rows, cols, periodic: boundary === 'periodic', blocks: null, blockRows: block },
    chains: lanes,
    locate: (memory, chain, row, col) => memory.site(row, col) + chain,
    span: (chain) => [chain, chain + 1],
  };
}

/** Number of equal row blocks with an even number of rows, at most one a lane; 0 where there is none. */
export function rowBlocks(rows: number): number {
  for (let blocks = lanes; blocks > 0; blocks--) {
    if (rows % (2 * blocks) === 0) return blocks;
  }
  return 0;
}

function latticeLayout(l: Lattice, block?: number): Layout {
  const blocks = rowBlocks(l.rows);
  const rows = l.rows / blocks;
  return {
    shape: {
      rows,
      cols: l.cols,
      periodic: l.boundary === 'periodic',
      blocks,
      blockRows: block ?? blockRows(rows, l.cols),
    },
    chains: 1,
    locate: (memory, _, row, col) => memory.site(row % rows, col) + Math.floor(row / rows),
    span: () => [0, blocks],
  };
}

class HeatBath implements Kernel {
  readonly chains: number;
  private readonly code: HeatBathCode;
  private readonly memory: HeatBathMemory;
  private theta = [0, 0];

  constructor(
    readonly name: string,
    readonly model: Model,
    private readonly layout: Layout,
    module: KernelModule,
    { seed, stream }: KernelOptions,
  ) {
    this.chains = layout.chains;
    this.code = heatBathCode(module);
    this.memory = layOut(this.code, layout.shape);
    seedGenerator(this.memory.generatorWords, seed, stream);
    // without coupling and field a sweep draws every spin anew, so that chains start independent
    this.setParameters([0, 0]);
    this.code.sweeps(1);
  }

  setParameters(theta: ArrayLike<number>): void {
    this.theta = [theta[0], theta[1]];
    const perSite = theta[1] / siteCount(this.model.lattice);
    setProbabilities(this.memory, theta[0], perSite);
  }

  run(sweeps: number, stride: number, record = false): Run {
    const measurements = Math.floor(sweeps / stride);
    const moments = emptyMoments(2, this.chains);
    moments.measurements = measurements;
    const values = new Float64Array(record ? measurements * this.chains * 2 : this.chains * 2);
    for (let t = 0; t < measurements; t++) {
      this.code.sweeps(stride - 1);
      this.code.measuredSweep();
      const now = record ? values.subarray(2 * t * this.chains, 2 * (t + 1) * this.chains) : values;
      this.measured(now);
      for (let k = 0; k < now.length; k += 2) {
        const b = now[k];
        const m = now[k + 1];
        moments.chainSum[k] += b;
        moments.chainSum[k + 1] += m;
        moments.product[0] += b * b;
        moments.product[1] += b * m;
        moments.product[3] += m * m;
      }
    }
    moments.product[2] = moments.product[1];
    this.code.sweeps(sweeps - measurements * stride);
    const series = { statistics: 2, chains: this.chains, measurements, values };
    return { moments, series: record ? series : null };
  }

  /** B and m of every chain from the lanes' sums of the last sweep: B = Σ_odd s_k (S_k − 4). */
  private measured(out: Float64Array): void {
    const { laneSums } = this.memory;
    const { rows, cols, periodic } = this.layout.shape;
    const n = siteCount(this.model.lattice);
    const odd = Math.floor((rows * cols) / 2);
    // on a torus every even spin counts once for each of its neighbours, on a ring beside two ghosts
    const torus = periodic && cols > 1;
    const ring = rows === 1 && this.layout.shape.blocks === null;
    for (let chain = 0; chain < this.chains; chain++) {
      const [first, last] = this.layout.span(chain);
      let bonds = 0;
      let ups = 0;
      for (let lane = first; lane < last; lane++) {
        const risen = laneSums[lane];
        const all = laneSums[lanes + lane];
        const upOdd = laneSums[2 * lanes + lane] / 2;
        bonds += 2 * (risen - 4 * upOdd) - (all - 4 * odd);
        ups += upOdd;
        if (!torus) ups += laneSums[3 * lanes + lane] / 2;
        else ups += ring ? (all - 2 * odd) / 4 : all / 8;
      }
      out[2 * chain] = bonds;
      out[2 * chain + 1] = (2 * ups - n) / n;
    }
  }

  spins(chain: number): Int8Array {
    const { rows, cols } = this.model.lattice;
    const { layout, memory } = this;
    const result = new Int8Array(rows * cols);
    for (let q = 0, k = 0; q < rows; q++) {
      for (let r = 0; r < cols; r++, k++) {
        result[k] = memory.spins[layout.locate(memory, chain, q, r)] - 1;
      }
    }
    return result;
  }

  setSpins(chain: number, spins: ArrayLike<number>): void {
    const { rows, cols } = this.model.lattice;
    const { layout, memory } = this;
    for (let k = 0; k < rows * cols; k++) {
      memory.spins[layout.locate(memory, chain, Math.floor(k / cols), k % cols)] = spins[k] + 1;
    }
    for (const colour of [0, 1]) this.code.refresh(colour, 0, layout.shape.rows);
  }

  snapshot(): KernelSnapshot {
    const { name, model, chains, theta } = this;
    return writeSnapshot(name, model, chains, theta, this.state());
  }

  restore(snapshot: KernelSnapshot): void {
    readSnapshot(snapshot, this.name, this.model, this.chains, this.state());
    this.setParameters(snapshot.parameters);
  }

  private state(): Uint8Array[] {
    return [this.memory.generator, this.memory.spins];
  }
}

/** Seeds both lanes of sfc64; the sweep that draws the first spins also discards what still shows the seed. */
function seedGenerator(words: BigUint64Array, seed: number, stream: number): void {
  const word = splitMix64(seed, stream);
  for (let k = 0; k < 6; k++) words[k] = word();
  words[6] = 1n;
  words[7] = 1n;
}

/**
 * P(up | S) = 1 / (1 + exp(−2 (J (S − 4) + h/n))), split into eight bits and 32 more:
 * P = (threshold + fraction/2³²) / 256.
 */
function setProbabilities(memory: HeatBathMemory, coupling: number, perSite: number): void {
  for (let sum = 0; sum <= 8; sum++) {
    const scaled = 256 / (1 + Math.exp(-2 * (coupling * (sum - 4) + perSite)));
    const whole = Math.min(255, Math.floor(scaled));
    memory.threshold[sum] = whole - 128;
    memory.fraction[sum] = Math.min(2 ** 32 - 1, Math.round((scaled - whole) * 2 ** 32));
  }
}

export const heatBathChainsName = 'heat-bath-wasm-chains';
export const heatBathLatticeName = 'heat-bath-wasm-lattice';

/**
 * Heat-bath with 32 chains side by side, one a byte lane: any free lattice, and every torus or ring
 * that has a two-colouring.
 *
 * @param block rows that are updated before the other colour follows; chosen for the cache if absent
 */
export function heatBathChains(module: KernelModule, block?: number): KernelKind {
  const name = heatBathChainsName;
  return {
    name,
    width: lanes,
    supports: (model) => model.name === 'uniform' && isBipartite(model.lattice),
    create: (model, options) =>
      new HeatBath(name, model, chainsLayout(model.lattice, block), module, options),
  };
}

/** Heat-bath on one lattice whose row blocks are the lanes; rows must be a multiple of twice their number. */
export function heatBathLattice(module: KernelModule, block?: number): KernelKind {
  const name = heatBathLatticeName;
  return {
    name,
    width: 1,
    supports: (model) =>
      model.name === 'uniform' &&
      isBipartite(model.lattice) &&
      model.lattice.cols > 1 &&
      rowBlocks(model.lattice.rows) > 0,
    create: (model, options) =>
      new HeatBath(name, model, latticeLayout(model.lattice, block), module, options),
  };
}
