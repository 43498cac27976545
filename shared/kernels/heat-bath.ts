import type { Model } from '../models/contract.ts';
import { UnsuitableError } from '../models/failures.ts';
import { type Lattice, siteCount } from '../models/lattice/lattice.ts';
import { type NearestNeighbours, nearestNeighbours } from '../models/lattice/nearest-neighbours.ts';
import { splitMix64 } from '../numerics/random.ts';
import type {
  Kernel,
  KernelKind,
  KernelOptions,
  KernelSnapshot,
  Recorded,
  Run,
} from '../sampling/kernel.ts';
import { refusal } from '../sampling/kernel.ts';
import { emptyMoments } from '../sampling/moments.ts';
import { gapTable } from './gap-table.ts';
import {
  type HeatBathMemory,
  type HeatBathShape,
  lanes,
  layOut,
  neighbourSums,
  quantities,
} from './memory.ts';
import type { ByRows } from './rows.ts';
import { readSnapshot, type StatePart, words, writeSnapshot } from './snapshot.ts';
import { thresholds } from './thresholds.ts';
import { type HeatBathCode, heatBathCode, type KernelModule } from './wasm.ts';

/** Bytes of one lattice beyond which sweeps go through it block by block, to stay in the cache. */
const cacheBytes = 1 << 20;

/** What sets the two layouts of the heat-bath kernel apart. */
interface Layout {
  readonly shape: HeatBathShape;
  readonly chains: number;
  /** Index of a chain's site in the spins. */
  locate(memory: HeatBathMemory, chain: number, row: number, col: number): number;
}

/** Rows of a block so that some 256 KiB are worked on at a time. */
function blockRows(rows: number, cols: number): number {
  return rows * cols * lanes <= cacheBytes
    ? rows
    : Math.max(1, Math.floor(cacheBytes / 4 / (cols * lanes)));
}

function chainsLayout({ lattice }: Model, split: boolean, block?: number): Layout {
  const { rows, cols } = lattice;
  return {
    shape: {
      lattice,
      rows,
      blocks: null,
      blockRows: block ?? blockRows(rows, cols),
      split,
    },
    chains: lanes,
    locate: (memory, chain, row, col) => memory.site(row, col) + chain,
  };
}

/** A lattice in row blocks: their number, at most one a lane, and the rows of each but the last. */
export interface RowBlocks {
  readonly blocks: number;
  readonly rows: number;
}

/**
 * The division of a lattice into row blocks that needs fewest rows a lane, an even number of them, so that a
 * row has the same colours in all lanes. Where an odd number of rows goes round, the first and the last one of
 * the lattice are neighbours and must not lie in the same row of two lanes.
 */
export function rowBlocks({ rows, boundary }: Lattice): RowBlocks {
  const fewest = boundary === 'periodic' && rows % 2 === 1 ? 3 : 1;
  for (let each = 2; ; each += 2) {
    const blocks = Math.ceil(rows / each);
    if (blocks <= lanes && (rows - (blocks - 1) * each >= fewest || blocks === 1)) {
      return { blocks, rows: each };
    }
  }
}

function latticeLayout({ lattice }: Model, split: boolean, block?: number): Layout {
  const { blocks, rows } = rowBlocks(lattice);
  return {
    shape: {
      lattice,
      rows,
      blocks,
      blockRows: block ?? blockRows(rows, lattice.cols),
      split,
    },
    chains: 1,
    locate: (memory, _, row, col) => memory.site(row % rows, col) + Math.floor(row / rows),
  };
}

class HeatBath implements Kernel, ByRows {
  readonly chains: number;
  private readonly code: HeatBathCode;
  private readonly memory: HeatBathMemory;
  /** For each statistic what the kernel measures, and the weight of that. */
  private readonly measured: readonly { readonly quantity: number; readonly weight: number }[];
  private theta: number[] = [];
  /** H of every neighbours' sum, or of every pair of them. */
  private fields: number[] = [];

  constructor(
    readonly name: string,
    readonly model: Model,
    private readonly parameters: NearestNeighbours,
    private readonly layout: Layout,
    module: KernelModule,
    { seed, stream }: KernelOptions,
  ) {
    this.chains = layout.chains;
    const { along, field } = parameters;
    this.measured = model.statistics.map(({ weight }, a) => ({
      quantity: a === field ? 2 : a === along ? 0 : 1,
      weight,
    }));
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

  /** Fills the tables for θ. */
  private prepare(theta: ArrayLike<number>): void {
    this.theta = Array.from(theta);
    const { along, across, field } = this.parameters;
    const [alongRow, alongColumn] = [theta[along], theta[across]];
    const perSite = field === null ? 0 : theta[field] / siteCount(this.model.lattice);
    this.fields = this.layout.shape.split
      ? Array.from(
          { length: 25 },
          (_, k) => alongRow * ((k % 5) - 2) + alongColumn * (Math.floor(k / 5) - 2) + perSite,
        )
      : Array.from({ length: neighbourSums }, (_, k) => alongRow * (k - 4) + perSite);
    // P(up | H) = 1 / (1 + exp(−2H)); in a torus a site sees no ghost, or two of a row or column
    const { split, lattice } = this.layout.shape;
    const even = (entry: number) =>
      split ? (entry % 5) % 2 === 0 && Math.floor(entry / 5) % 2 === 0 : entry % 2 === 0;
    const { epsilon, strong, wholes, seconds } = thresholds(
      this.fields.map((field) => 1 / (1 + Math.exp(-2 * field))),
      (entry) => lattice.boundary === 'free' || even(entry),
    );
    const { threshold, fraction, gaps } = this.memory;
    wholes.forEach((whole, entry) => {
      // in the strong case a byte is at most 126, so that the threshold 127 lies above all
      threshold[entry] = Math.min(127, whole - 128);
      fraction[entry] = Math.min(2 ** 32 - 1, Math.round(seconds[entry] * 2 ** 32));
    });
    gaps.set(gapTable(epsilon));
    this.code.setStrong(strong);
  }

  run(sweeps: number, stride: number, record: Recorded = false): Run {
    const { chains, code, memory, measured, layout } = this;
    const p = measured.length;
    const measurements = Math.floor(sweeps / stride);
    code.clearMoments();
    const values = new Float64Array(record ? measurements * chains * p : 0);
    // sums of one lattice's blocks, and those of two couplings apart, are not counted
    const counted = record === 'scores' && layout.shape.blocks === null && !layout.shape.split;
    const scores = new Float64Array(counted ? values.length : 0);
    const means = Float64Array.from(this.fields, Math.tanh);
    if (record) {
      for (let t = 0; t < measurements; t++) {
        code.run(1, stride);
        this.copyValues(values, t * chains * p);
        if (counted) this.copyScores(means, values, scores, t * chains * p);
      }
    } else code.run(measurements, stride);
    const moments = emptyMoments(p, chains);
    moments.measurements = measurements;
    measured.forEach(({ quantity, weight }, a) => {
      for (let chain = 0; chain < chains; chain++) {
        moments.chainSum[chain * p + a] = memory.sums[quantity * lanes + chain] * weight;
      }
      measured.forEach((other, b) => {
        const [first, last] = [quantity, other.quantity].sort();
        const product = memory.products[first * quantities + last];
        moments.product[a * p + b] = product * weight * other.weight;
      });
    });
    code.sweeps(sweeps - measurements * stride);
    const series = { statistics: p, chains, measurements, values, ...(counted && { scores }) };
    return { moments, series: record ? series : null };
  }

  /** The statistics of every chain as they were measured last. */
  private copyValues(to: Float64Array, at: number): void {
    const { values } = this.memory;
    const p = this.measured.length;
    for (let a = 0; a < p; a++) {
      const { quantity, weight } = this.measured[a];
      for (let chain = 0; chain < this.chains; chain++) {
        to[at + chain * p + a] = values[quantity * lanes + chain] * weight;
      }
    }
  }

  /**
   * The scores of every chain as it is now: with N(S) sites whose neighbours sum to u = S − 4,
   *
   *   S_J = 2B − Σ_S N(S) u tanh H(S),   S_h = m − Σ_S N(S) tanh H(S)/n.
   *
   * @param means tanh H(S)
   * @param values the statistics
   */
  private copyScores(
    means: Float64Array,
    values: Float64Array,
    to: Float64Array,
    at: number,
  ): void {
    const { chains, code, measured } = this;
    const { counts } = this.memory;
    const p = measured.length;
    code.countSums();
    for (let chain = 0; chain < chains; chain++) {
      let bonds = 0;
      let spins = 0;
      for (let sum = 0; sum < neighbourSums; sum++) {
        const mean = counts[sum * lanes + chain] * means[sum];
        spins += mean;
        bonds += mean * (sum - 4);
      }
      for (let a = 0; a < p; a++) {
        const { quantity, weight } = measured[a];
        const k = at + chain * p + a;
        to[k] = quantity === 2 ? values[k] - weight * spins : 2 * values[k] - bonds;
      }
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

  private state(): StatePart[] {
    const { memory } = this;
    return [
      {
        view: memory.generator,
        sound: (bytes) => words(bytes)[dueWord] <= longestDue && words(bytes)[dueWord + 1] === 0,
      },
      { view: memory.spins, sound: (bytes) => this.areSpins(bytes) },
    ];
  }

  /** Whether every site has a spin, and what lies around them is ghosts or copies of spins. */
  private areSpins(bytes: Uint8Array): boolean {
    const { chains, layout, memory } = this;
    const { rows, cols, boundary } = this.model.lattice;
    const ghostsOnly = boundary === 'free' && layout.shape.blocks === null;
    const around = Uint8Array.from(bytes);
    for (let chain = 0; chain < chains; chain++) {
      for (let row = 0; row < rows; row++) {
        for (let col = 0; col < cols; col++) {
          const at = layout.locate(memory, chain, row, col);
          if (bytes[at] !== 0 && bytes[at] !== 2) return false;
          around[at] = 1;
        }
      }
    }
    return around.every((byte) => (ghostsOnly ? byte === 1 : byte <= 2));
  }
}

/**
 * Where the number of updates before the next second drawing stands behind the generators' words (and a word of
 * nothing behind it), and the greatest that it may be: gaps are 2¹³ on average at most,
 * and one of 64 times that has a probability of 10⁻²⁸.
 */
const dueWord = 24;
const longestDue = 2 ** 19;

/** Seeds the three generators of a kernel: three words each, and a counter from 1. */
export function seedGenerator(words: BigUint64Array, seed: number, stream: number): void {
  const word = splitMix64(seed, stream);
  for (let k = 0; k < 6; k++) words[k] = word();
  for (let k = 8; k < 11; k++) words[k] = word();
  for (const counter of [6, 7, 11]) words[counter] = 1n;
}

export const heatBathChainsName = 'heat-bath-wasm-chains';
export const heatBathLatticeName = 'heat-bath-wasm-lattice';

/**
 * Heat-bath with 32 chains side by side, one a byte lane, on any lattice. Where an odd number of rows or
 * columns goes round, sites at the seam are updated one after the other, each with the other's present value.
 *
 * @param block rows that are updated before the other colour follows; chosen for the cache if absent
 */
export function heatBathChains(module: KernelModule, block?: number): KernelKind {
  return heatBathKind(heatBathChainsName, lanes, module, (model, split) =>
    chainsLayout(model, split, block),
  );
}

/** Heat-bath on one lattice whose row blocks are the lanes, any number of rows; see `heatBathChains`. */
export function heatBathLattice(module: KernelModule, block?: number): KernelKind {
  return heatBathKind(heatBathLatticeName, 1, module, (model, split) =>
    latticeLayout(model, split, block),
  );
}

function heatBathKind(
  name: string,
  width: number,
  module: KernelModule,
  layout: (model: Model, split: boolean) => Layout,
): KernelKind {
  return {
    name,
    width,
    supports: (model) => nearestNeighbours(model) !== null,
    create(model, options) {
      const parameters = nearestNeighbours(model);
      if (parameters === null) throw new UnsuitableError(refusal(name, model));
      const { along, across } = parameters;
      return new HeatBath(
        name,
        model,
        parameters,
        layout(model, along !== across),
        module,
        options,
      );
    },
  };
}
