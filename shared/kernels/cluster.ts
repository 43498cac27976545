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
  Updates,
} from '../sampling/kernel.ts';
import { refusal } from '../sampling/kernel.ts';
import { addMeasured, emptyMoments } from '../sampling/moments.ts';
import { type ClusterMemory, clusterMemory, rim } from './cluster-memory.ts';
import type { ByRows } from './rows.ts';
import {
  mostClusters,
  mostSweeps,
  readSnapshot,
  type StatePart,
  words,
  writeSnapshot,
} from './snapshot.ts';
import type { KernelModule } from './wasm.ts';

/** Streams of cluster kernels lie beyond those of all heat-bath kernels under the same seed. */
const firstStream = 2 ** 32;
/** Times that a warm-up turns over as many sites as there are, before it counts and while it counts. */
const warmUp = 32;

/** Seeds a cluster kernel's generator: three words and a counter from 1. */
export function seedClusterGenerator(words: BigUint64Array, seed: number, stream: number): void {
  const word = splitMix64(seed, firstStream + stream);
  for (let k = 0; k < 3; k++) words[k] = word();
  words[3] = 1n;
}

type ClusterUpdates = Omit<Updates, 'heatBath'>;

/**
 * Chains advanced by cluster updates of any couplings and field.
 *
 * Bonds that the couplings favour (J s_i s_j > 0) are active with probability 1 − exp(−2|J|). Wolff grows
 * the cluster C of a random site and turns it over with probability min(1, exp(−2 h Σ_C s)), h the field
 * per site: the chance that no site of a cluster along the field is joined to a ghost spin, each with
 * 1 − exp(−2|h|), so that growth may end where one is. Swendsen–Wang divides all sites into clusters and
 * turns each over with probability 1/(1 + exp(2 h Σ_C s)), the heat-bath of its sign.
 *
 * Sources: U. Wolff, Phys. Rev. Lett. 62, 361 (1989); R. H. Swendsen, J.-S. Wang, Phys. Rev. Lett. 58, 86
 * (1987); ghost spin: A. Coniglio, F. di Liberto, G. Monroy, F. Peruggi, J. Phys. A 22, L837 (1989).
 */
export class ClusterKernel implements Kernel {
  readonly chains: number;
  private readonly memory: ClusterMemory;
  private readonly parameters: NearestNeighbours;
  private theta: Float64Array;
  /** Clusters a sweep and sweeps of all clusters; both 0 until the first run has chosen. */
  private readonly updates: Uint32Array;

  /** @param updates null: single clusters, as many as visit about every site once, by a warm-up */
  constructor(
    readonly name: string,
    readonly model: Model,
    module: KernelModule,
    { chains, seed, stream }: KernelOptions,
    updates: ClusterUpdates | null,
  ) {
    const parameters = nearestNeighbours(model);
    if (parameters === null) throw new UnsuitableError(refusal(name, model));
    this.parameters = parameters;
    this.chains = chains;
    this.memory = clusterMemory(module, model.lattice, chains);
    this.updates = Uint32Array.of(updates?.wolff ?? 0, updates?.swendsenWang ?? 0);
    seedClusterGenerator(this.memory.generator, seed, stream);
    this.theta = new Float64Array(model.statistics.length);
    this.setParameters(this.theta);
  }

  /** Draws every spin anew; until then, or until spins are set, a kernel has none. */
  scatter(): void {
    const down = new Int8Array(siteCount(this.model.lattice)).fill(-1);
    const theta = this.theta;
    // without coupling and field every spin is a cluster
    this.setParameters(theta.map(() => 0));
    for (let chain = 0; chain < this.chains; chain++) {
      this.setSpins(chain, down);
      this.memory.code.swendsenWang(this.memory.address(chain), 1);
    }
    this.setParameters(theta);
  }

  setParameters(theta: ArrayLike<number>): void {
    this.theta = Float64Array.from(theta);
    const { powers, code } = this.memory;
    const { parameters } = this;
    const { statistics } = this.model;
    const perSite =
      parameters.field === null ? 0 : theta[parameters.field] * statistics[parameters.field].weight;
    for (let i = 0; i < powers.length; i++) powers[i] = Math.exp(-2 * Math.abs(perSite) * 2 ** i);
    const [along, across] = [theta[parameters.along], theta[parameters.across]];
    code.setCouplings(
      ...bondProbability(along),
      along < 0,
      ...bondProbability(across),
      across < 0,
      Math.sign(perSite),
    );
  }

  /** Sets what a sweep is from now on. */
  setUpdates({ wolff, swendsenWang }: ClusterUpdates): void {
    this.updates.set([wolff, swendsenWang]);
  }

  /** One sweep of one chain. Returns the number of sites visited. */
  sweep(chain: number): number {
    const { code } = this.memory;
    const [clusters, sweeps] = this.updates;
    const address = this.memory.address(chain);
    code.swendsenWang(address, sweeps);
    return sweeps * siteCount(this.model.lattice) + code.wolff(address, clusters);
  }

  run(sweeps: number, stride: number, record: Recorded = false): Run {
    if (this.updates[0] + this.updates[1] === 0) this.chooseClusters();
    const { chains } = this;
    const p = this.model.statistics.length;
    const measurements = Math.floor(sweeps / stride);
    const moments = emptyMoments(p, chains);
    moments.measurements = measurements;
    const recorded = new Float64Array(record ? measurements * chains * p : 0);
    const values = new Float64Array(p);
    let visited = 0;
    for (let chain = 0; chain < chains; chain++) {
      for (let t = 1; t <= sweeps; t++) {
        visited += this.sweep(chain);
        if (t % stride !== 0) continue;
        this.measure(chain, values);
        addMeasured(moments, chain, values);
        if (record) recorded.set(values, ((t / stride - 1) * chains + chain) * p);
      }
    }
    const series = { statistics: p, chains, measurements, values: recorded };
    return { moments, series: record ? series : null, visited };
  }

  /**
   * Fixes the number of clusters a sweep, once and for all θ. Ending a sweep where so many sites have been
   * visited would favour states whose clusters are small: the number must not depend on the state.
   */
  private chooseClusters(): void {
    const n = siteCount(this.model.lattice);
    let flipped = 0;
    let counted = 0;
    for (let chain = 0; chain < this.chains; chain++) {
      const address = this.memory.address(chain);
      const turn = (sites: number) => {
        let visited = 0;
        let clusters = 0;
        for (; visited < sites; clusters++) visited += this.memory.code.wolff(address, 1);
        return { visited, clusters };
      };
      turn(warmUp * n);
      const { visited, clusters } = turn(warmUp * n);
      flipped += visited;
      counted += clusters;
    }
    this.updates[0] = Math.max(1, Math.round((counted * n * this.chains) / flipped / this.chains));
  }

  /** T of one chain. */
  measure(chain: number, out: Float64Array): void {
    const { code, sums } = this.memory;
    code.measure(this.memory.address(chain));
    const [along, across, ups] = sums;
    const n = siteCount(this.model.lattice);
    const { parameters } = this;
    const one = parameters.along === parameters.across;
    this.model.statistics.forEach(({ extent }, a) => {
      if (a === parameters.field) out[a] = (2 * ups - n) / n;
      else if (one) out[a] = extent - 2 * (along + across);
      else out[a] = extent - 2 * (a === parameters.along ? along : across);
    });
  }

  spins(chain: number): Int8Array {
    const { rows, cols } = this.model.lattice;
    const { memory } = this;
    const spins = new Int8Array(rows * cols);
    for (let row = 0, k = 0; row < rows; row++) {
      const start = memory.row(chain, row);
      for (let col = 0; col < cols; col++) spins[k++] = 2 * memory.spins[start + col] - 1;
    }
    return spins;
  }

  setSpins(chain: number, spins: ArrayLike<number>): void {
    const { rows, cols } = this.model.lattice;
    const { memory } = this;
    for (let row = 0, k = 0; row < rows; row++) {
      const start = memory.row(chain, row);
      for (let col = 0; col < cols; col++) memory.spins[start + col] = (spins[k++] + 1) >> 1;
    }
  }

  /** Takes all chains' spins from another kernel, row by row, so that rows of all chains stay in the cache. */
  takeRows(other: ByRows): void {
    const { memory, chains } = this;
    for (let row = 0; row < this.model.lattice.rows; row++) {
      for (let chain = 0; chain < chains; chain++) {
        other.copyRow(chain, row, memory.spins, memory.row(chain, row));
      }
    }
  }

  giveRows(other: ByRows): void {
    const { memory, chains } = this;
    for (let row = 0; row < this.model.lattice.rows; row++) {
      for (let chain = 0; chain < chains; chain++) {
        other.setRow(chain, row, memory.spins, memory.row(chain, row));
      }
    }
    other.rowsSet();
  }

  snapshot(): KernelSnapshot {
    const { name, model, chains, theta } = this;
    return writeSnapshot(name, model, chains, theta, this.state());
  }

  /** @param mayBeEmpty whether the state may hold no spins, which another kernel has */
  restore(snapshot: KernelSnapshot, mayBeEmpty = false): void {
    readSnapshot(snapshot, this.name, this.model, this.chains, this.state(mayBeEmpty));
    this.setParameters(snapshot.parameters);
  }

  private state(mayBeEmpty = false): StatePart[] {
    const { updates, memory, model, chains } = this;
    const n = siteCount(model.lattice);
    return [
      {
        view: updates,
        sound: (bytes) => words(bytes)[0] <= mostClusters * n && words(bytes)[1] <= mostSweeps,
      },
      { view: memory.generator },
      {
        view: memory.spins,
        sound: (bytes) => isLaidOut(memory, bytes, chains, model.lattice, mayBeEmpty),
      },
    ];
  }
}

/** Whether spins stand where sites are, and rim everywhere else: without a rim, a cluster would never end. */
function isLaidOut(
  memory: ClusterMemory,
  bytes: Uint8Array,
  chains: number,
  { rows, cols }: Lattice,
  mayBeEmpty: boolean,
): boolean {
  const isRim = (byte: number) => byte === rim;
  if (mayBeEmpty && bytes.every(isRim)) return true;
  let end = 0;
  for (let chain = 0; chain < chains; chain++) {
    for (let row = 0; row < rows; row++) {
      const start = memory.row(chain, row);
      if (!bytes.subarray(end, start).every(isRim)) return false;
      end = start + cols;
      if (!bytes.subarray(start, end).every((spin) => spin <= 1)) return false;
    }
  }
  return bytes.subarray(end).every(isRim);
}

/** 1 − exp(−2|J|) as 16 bits and 32 more: (threshold + fraction/2³²) / 2¹⁶. */
function bondProbability(coupling: number): [number, number] {
  const scaled = -Math.expm1(-2 * Math.abs(coupling)) * 2 ** 16;
  const whole = Math.min(2 ** 16 - 1, Math.floor(scaled));
  return [whole, Math.min(2 ** 32 - 1, Math.round((scaled - whole) * 2 ** 32))];
}

export const wolffName = 'wolff-wasm';
export const swendsenWangName = 'swendsen-wang-wasm';

/** Wolff's single clusters; a sweep is a fixed number of them, chosen by the first run's warm-up if not given. */
export function wolff(module: KernelModule, clusters?: number): KernelKind {
  const updates = clusters === undefined ? null : { wolff: clusters, swendsenWang: 0 };
  return clusterKind(wolffName, module, updates);
}

/** Swendsen–Wang: a sweep draws the sign of every cluster once. */
export function swendsenWang(module: KernelModule): KernelKind {
  return clusterKind(swendsenWangName, module, { wolff: 0, swendsenWang: 1 });
}

function clusterKind(
  name: string,
  module: KernelModule,
  updates: ClusterUpdates | null,
): KernelKind {
  return {
    name,
    width: 1,
    supports: (model) => nearestNeighbours(model) !== null,
    create(model, options) {
      const kernel = new ClusterKernel(name, model, module, options, updates);
      kernel.scatter();
      return kernel;
    },
  };
}
