import type { Kernel, KernelKind, KernelOptions, KernelSnapshot, Run } from '../ising/kernel.ts';
import { isBipartite, type Lattice, siteCount } from '../ising/lattice.ts';
import type { Model } from '../ising/model.ts';
import { emptyMoments } from '../ising/moments.ts';
import { splitMix64 } from '../ising/rng.ts';
import { type HeatBathMemory, type HeatBathShape, lanes, layOut, longestGap } from './memory.ts';
import type { ByRows } from './rows.ts';
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

class HeatBath implements Kernel, ByRows {
  readonly chains: number;
  private readonly code: HeatBathCode;
  private readonly memory: HeatBathMemory;
  private readonly statistics: number;
  private theta: number[] = [];

  constructor(
    readonly name: string,
    readonly model: Model,
    private readonly layout: Layout,
    module: KernelModule,
    { seed, stream }: KernelOptions,
  ) {
    this.chains = layout.chains;
    this.statistics = model.statistics.length;
    this.code = heatBathCode(module);
    this.memory = layOut(this.code, layout.shape);
    seedGenerator(this.memory.generatorWords, seed, stream);
    // without coupling and field a sweep draws every spin anew, so that chains start independent
    this.setParameters(model.statistics.map(() => 0));
    this.code.sweeps(1);
  }

  setParameters(theta: ArrayLike<number>): void {
    this.prepare(theta);
    // the gaps' distribution may have changed; a gap has no memory, so that it may be drawn anew at any time
    this.code.redraw();
  }

  /** Fills the tables for θ = (J, h), or (J). */
  private prepare(theta: ArrayLike<number>): void {
    this.theta = Array.from(theta);
    const perSite = (theta[1] ?? 0) / siteCount(this.model.lattice);
    this.code.setStrong(setProbabilities(this.memory, theta[0], perSite));
  }

  run(sweeps: number, stride: number, record = false): Run {
    const { chains, statistics: p } = this;
    const measurements = Math.floor(sweeps / stride);
    const moments = emptyMoments(p, chains);
    moments.measurements = measurements;
    const values = new Float64Array((record ? measurements : 1) * chains * p);
    for (let t = 0; t < measurements; t++) {
      this.code.sweeps(stride - 1);
      this.code.measuredSweep();
      const now = record ? values.subarray(p * t * chains, p * (t + 1) * chains) : values;
      this.measured(now);
      for (let k = 0; k < now.length; k += p) {
        const b = now[k];
        moments.chainSum[k] += b;
        moments.product[0] += b * b;
        if (p === 1) continue;
        const m = now[k + 1];
        moments.chainSum[k + 1] += m;
        moments.product[1] += b * m;
        moments.product[3] += m * m;
      }
    }
    if (p === 2) moments.product[2] = moments.product[1];
    this.code.sweeps(sweeps - measurements * stride);
    return { moments, series: record ? { statistics: p, chains, measurements, values } : null };
  }

  /**
   * B and m of every chain from the lanes' sums of the last sweep: B = Σ_odd s_k (S_k − 4), or, where equal
   * colours are neighbours, B = Σ s_k (S_k − 2) over all sites and their neighbours to the right and below.
   */
  private measured(out: Float64Array): void {
    const { laneSums } = this.memory;
    const { rows, cols, periodic } = this.layout.shape;
    const n = siteCount(this.model.lattice);
    const twoColours = isBipartite(this.model.lattice);
    const odd = twoColours ? Math.floor((rows * cols) / 2) : n;
    const degree = twoColours ? 4 : 2;
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
        bonds += 2 * (risen - degree * upOdd) - (all - degree * odd);
        ups += upOdd;
        if (!twoColours) continue;
        if (!torus) ups += laneSums[3 * lanes + lane] / 2;
        else ups += ring ? (all - 2 * odd) / 4 : all / 8;
      }
      out[this.statistics * chain] = bonds;
      if (this.statistics === 2) out[2 * chain + 1] = (2 * ups - n) / n;
    }
  }

  spins(chain: number): Int8Array {
    const { rows, cols } = this.model.lattice;
    const bytes = new Uint8Array(rows * cols);
    for (let row = 0; row < rows; row++) this.copyRow(chain, row, bytes, row * cols);
    const spins = new Int8Array(bytes.buffer);
    for (let k = 0; k < bytes.length; k++) spins[k] = 2 * bytes[k] - 1;
    return spins;
  }

  setSpins(chain: number, spins: ArrayLike<number>): void {
    const { rows, cols } = this.model.lattice;
    const bytes = new Uint8Array(rows * cols);
    for (let k = 0; k < bytes.length; k++) bytes[k] = (spins[k] + 1) >> 1;
    for (let row = 0; row < rows; row++) this.setRow(chain, row, bytes, row * cols);
    this.rowsSet();
  }

  copyRow(chain: number, row: number, to: Uint8Array, at: number): void {
    const { layout, memory } = this;
    const { spins } = memory;
    const { cols } = this.model.lattice;
    // all lanes lie between a site and the next one of its colour
    for (let first = 0; first < 2; first++) {
      let from = layout.locate(memory, chain, row, first);
      for (let col = first; col < cols; col += 2, from += lanes) to[at + col] = spins[from] >> 1;
    }
  }

  setRow(chain: number, row: number, from: Uint8Array, at: number): void {
    const { layout, memory } = this;
    const { spins } = memory;
    const { cols } = this.model.lattice;
    for (let first = 0; first < 2; first++) {
      let to = layout.locate(memory, chain, row, first);
      for (let col = first; col < cols; col += 2, to += lanes) spins[to] = from[at + col] << 1;
    }
  }

  rowsSet(): void {
    for (const colour of [0, 1]) this.code.refresh(colour, 0, this.layout.shape.rows);
  }

  snapshot(): KernelSnapshot {
    const { name, model, chains, theta } = this;
    return writeSnapshot(name, model, chains, theta, this.state());
  }

  restore(snapshot: KernelSnapshot): void {
    readSnapshot(snapshot, this.name, this.model, this.chains, this.state());
    this.prepare(snapshot.parameters);
  }

  private state(): Uint8Array[] {
    return [this.memory.generator, this.memory.spins];
  }
}

/** Seeds the three generators of a kernel: three words each, and a counter from 1. */
export function seedGenerator(words: BigUint64Array, seed: number, stream: number): void {
  const word = splitMix64(seed, stream);
  for (let k = 0; k < 6; k++) words[k] = word();
  for (let k = 8; k < 11; k++) words[k] = word();
  for (const counter of [6, 7, 11]) words[counter] = 1n;
}

/**
 * P(up | S) = 1 / (1 + exp(−2 (J (S − 4) + h/n))) as a mixture: with probability ε of a second drawing, q;
 * else k/256 with whole k, so that P = (1 − ε) k/256 + ε q. ε is 1/256; where that leaves a P near 1 out
 * of reach, k = 255 is given up for 256, and ε is 1/128.
 *
 * @returns whether that is so
 */
function setProbabilities(memory: HeatBathMemory, coupling: number, perSite: number): boolean {
  const probabilities = Array.from(
    memory.fraction,
    (_, sum) => 1 / (1 + Math.exp(-2 * (coupling * (sum - 4) + perSite))),
  );
  const strong = Math.max(...probabilities) > (255 / 256) ** 2 + 1 / 256;
  const epsilon = strong ? 1 / 128 : 1 / 256;
  probabilities.forEach((p, sum) => {
    const steps = Math.min(256, Math.floor((256 * p) / (1 - epsilon)));
    const whole = steps < 255 ? steps : strong ? (steps === 256 ? 256 : 254) : 255;
    // in the strong case a byte is at most 126, so that the threshold 127 lies above all
    memory.threshold[sum] = Math.min(127, whole - 128);
    const q = (p - ((1 - epsilon) * whole) / 256) / epsilon;
    memory.fraction[sum] = Math.min(2 ** 32 - 1, Math.max(0, Math.round(q * 2 ** 32)));
  });
  setGaps(memory, epsilon);
  return strong;
}

/** P(gap ≥ j) = (1 − ε)^j. */
function setGaps({ gaps, guide }: HeatBathMemory, epsilon: number): void {
  let atLeast = 2 ** 32;
  for (let j = 0; j < longestGap; j++) {
    atLeast *= 1 - epsilon;
    gaps[j] = Math.round(atLeast);
  }
  gaps[longestGap] = 0;
  let gap = longestGap;
  for (let cell = 0; cell < guide.length; cell++) {
    // the largest word with these upper bits has the smallest gap
    const word = ((cell + 1) * 2 ** 32) / guide.length - 1;
    while (gap > 0 && word >= gaps[gap - 1]) gap--;
    guide[cell] = gap;
  }
}

export const heatBathChainsName = 'heat-bath-wasm-chains';
export const heatBathLatticeName = 'heat-bath-wasm-lattice';

function oneCoupling({ name }: Model): boolean {
  return name === 'uniform' || name === 'zero-field';
}

/**
 * Heat-bath with 32 chains side by side, one a byte lane, on any lattice. Where an odd number of rows or
 * columns goes round, sites at the seam are updated one after the other, each with the other's present value.
 *
 * @param block rows that are updated before the other colour follows; chosen for the cache if absent
 */
export function heatBathChains(module: KernelModule, block?: number): KernelKind {
  const name = heatBathChainsName;
  return {
    name,
    width: lanes,
    supports: oneCoupling,
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
      oneCoupling(model) &&
      isBipartite(model.lattice) &&
      model.lattice.cols > 1 &&
      rowBlocks(model.lattice.rows) > 0,
    create: (model, options) =>
      new HeatBath(name, model, latticeLayout(model.lattice, block), module, options),
  };
}
