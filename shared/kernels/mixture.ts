import type { Model } from '../models/contract.ts';
import { siteCount } from '../models/lattice/lattice.ts';
import { nearestNeighbours } from '../models/lattice/nearest-neighbours.ts';
import type {
  Kernel,
  KernelKind,
  KernelOptions,
  KernelSnapshot,
  Mixture,
  Recorded,
  Run,
  UpdateCosts,
  Updates,
} from '../sampling/kernel.ts';
import { addMeasured, emptyMoments } from '../sampling/moments.ts';
import { ClusterKernel } from './cluster.ts';
import { referenceHeatBath } from './reference.ts';
import type { ByRows } from './rows.ts';
import { mostClusters, mostSweeps, readSnapshot, words, writeSnapshot } from './snapshot.ts';
import type { KernelModule } from './wasm.ts';

/** Sites of all chains of a kernel beyond which cluster updates would need too much memory. */
const mostSites = 2 ** 26;

/**
 * Heat-bath chains that cluster updates can act on, too: a sweep is some heat-bath sweeps, then some
 * cluster updates of the same chains. Each kind has its own random stream. Spins move between the two
 * where both take part in a sweep; a kernel that never mixes costs what its heat-bath costs.
 */
class MixtureKernel implements Kernel {
  readonly name: string;
  readonly chains: number;
  readonly mixture: Mixture;
  private clusters: ClusterKernel | null = null;
  private readonly updates = Uint32Array.of(1, 0, 0);
  private theta: ArrayLike<number>;
  /** Whether the cluster kernel holds the chains' spins as they are now. */
  private moved = false;

  constructor(
    private readonly heatBath: Kernel,
    private readonly module: KernelModule,
    private readonly options: KernelOptions,
    costs: UpdateCosts,
  ) {
    this.name = mixtureName(heatBath.name);
    this.chains = heatBath.chains;
    this.theta = heatBath.model.statistics.map(() => 0);
    this.mixture = { costs, setUpdates: (updates) => this.setUpdates(updates) };
  }

  get model(): Model {
    return this.heatBath.model;
  }

  setParameters(theta: ArrayLike<number>): void {
    this.theta = Float64Array.from(theta);
    this.heatBath.setParameters(theta);
    this.clusters?.setParameters(theta);
  }

  private setUpdates({ heatBath, swendsenWang, wolff }: Updates): void {
    this.updates.set([heatBath, swendsenWang, wolff]);
    if (swendsenWang + wolff === 0) return;
    this.clusters ??= this.makeClusters();
    this.clusters.setUpdates({ swendsenWang, wolff });
  }

  private makeClusters(): ClusterKernel {
    const clusters = new ClusterKernel('clusters', this.model, this.module, this.options, null);
    clusters.setParameters(this.theta);
    return clusters;
  }

  run(sweeps: number, stride: number, record: Recorded = false): Run {
    const [heatBath, swendsenWang, wolff] = this.updates;
    const { clusters } = this;
    if (clusters === null || swendsenWang + wolff === 0) {
      return this.inHeatBath().run(sweeps, stride, record);
    }
    if (heatBath === 0) {
      this.inClusters(clusters);
      return clusters.run(sweeps, stride, record);
    }
    const { chains } = this;
    const p = this.model.statistics.length;
    const measurements = Math.floor(sweeps / stride);
    const moments = emptyMoments(p, chains);
    moments.measurements = measurements;
    const recorded = new Float64Array(record ? measurements * chains * p : 0);
    const values = new Float64Array(p);
    let visited = 0;
    for (let t = 1; t <= sweeps; t++) {
      this.inHeatBath().run(heatBath, heatBath + 1);
      this.inClusters(clusters);
      for (let chain = 0; chain < chains; chain++) {
        visited += clusters.sweep(chain);
        if (t % stride !== 0) continue;
        clusters.measure(chain, values);
        addMeasured(moments, chain, values);
        if (record) recorded.set(values, ((t / stride - 1) * chains + chain) * p);
      }
    }
    const series = { statistics: p, chains, measurements, values: recorded };
    return { moments, series: record ? series : null, visited };
  }

  /** The heat-bath kernel with all spins in it. */
  private inHeatBath(): Kernel {
    const { heatBath, clusters } = this;
    if (this.moved && clusters) {
      if (hasRows(heatBath)) clusters.giveRows(heatBath);
      else for (let c = 0; c < this.chains; c++) heatBath.setSpins(c, clusters.spins(c));
      this.moved = false;
    }
    return heatBath;
  }

  private inClusters(clusters: ClusterKernel): void {
    const { heatBath } = this;
    if (this.moved) return;
    if (hasRows(heatBath)) clusters.takeRows(heatBath);
    else for (let c = 0; c < this.chains; c++) clusters.setSpins(c, heatBath.spins(c));
    this.moved = true;
  }

  spins(chain: number): Int8Array {
    return (this.moved && this.clusters ? this.clusters : this.heatBath).spins(chain);
  }

  setSpins(chain: number, spins: ArrayLike<number>): void {
    (this.moved && this.clusters ? this.clusters : this.heatBath).setSpins(chain, spins);
  }

  snapshot(): KernelSnapshot {
    const { name, model, chains, theta, clusters } = this;
    const parts = [
      Uint32Array.of(...this.updates, clusters ? 1 : 0),
      this.inHeatBath().snapshot().state,
      ...(clusters ? [clusters.snapshot().state] : []),
    ].map((view) => ({ view }));
    return writeSnapshot(name, model, chains, theta, parts);
  }

  restore(snapshot: KernelSnapshot): void {
    const { name, model, chains, heatBath } = this;
    // the word that says whether there are clusters; the head is looked at as a whole below
    const clusters = snapshot.state[12] === 1 ? (this.clusters ?? this.makeClusters()) : null;
    const part = (kernel: Kernel | null) => new Uint8Array(kernel?.snapshot().state.length ?? 0);
    const [updates, own, other] = [new Uint32Array(4), part(heatBath), part(clusters)];
    readSnapshot(snapshot, name, model, chains, [
      { view: updates, sound: (bytes) => areUpdates(words(bytes), siteCount(model.lattice)) },
      // the kernels look at what is theirs
      { view: own },
      { view: other },
    ]);
    heatBath.restore({ ...snapshot, kernel: heatBath.name, state: own });
    clusters?.restore({ ...snapshot, kernel: clusters.name, state: other }, true);
    this.clusters = clusters;
    this.moved = false;
    // both have restored their own parameters; setting them anew would draw random numbers anew
    this.theta = Float64Array.from(snapshot.parameters);
    this.setUpdates({ heatBath: updates[0], swendsenWang: updates[1], wolff: updates[2] });
  }
}

/** Whether it may be a mixture's head: its updates, and whether it has a kernel for clusters. */
function areUpdates([heatBath, swendsenWang, wolff, hasClusters]: Uint32Array, n: number): boolean {
  const mixes = swendsenWang + wolff > 0;
  return (
    heatBath <= mostSweeps &&
    swendsenWang <= mostSweeps &&
    wolff <= mostClusters * n &&
    (hasClusters === 1 || (hasClusters === 0 && !mixes)) &&
    heatBath + swendsenWang + wolff > 0
  );
}

function hasRows(kernel: Kernel): kernel is Kernel & ByRows {
  return 'copyRow' in kernel;
}

function mixtureName(heatBath: string): string {
  return `${heatBath}+clusters`;
}

/**
 * The given heat-bath, able to mix with cluster updates where these know the model.
 *
 * Costs are ratios measured once on one machine, so that what is chosen by them does not depend on a
 * clock: `docs/cluster-updates.md`.
 */
export function mixed(heatBath: KernelKind, module: KernelModule): KernelKind {
  const fast = heatBath.name !== referenceHeatBath.name;
  const costs = { heatBath: fast ? 1 : 42, visited: 82, handOver: 43 };
  return {
    name: mixtureName(heatBath.name),
    width: heatBath.width,
    supports: heatBath.supports,
    create(model, options) {
      const kernel = heatBath.create(model, options);
      const mixes =
        nearestNeighbours(model) !== null && siteCount(model.lattice) * kernel.chains <= mostSites;
      return mixes ? new MixtureKernel(kernel, module, options, costs) : kernel;
    },
  };
}
