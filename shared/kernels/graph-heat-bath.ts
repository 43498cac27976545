import { evaluate, type Model } from '../models/contract.ts';
import { siteCount } from '../models/lattice/lattice.ts';
import { type NeighbourLists, neighbourLists } from '../models/lattice/neighbour-lists.ts';
import { type Generator, sfc32, uniform } from '../numerics/random.ts';
import type { Kernel, KernelKind, KernelOptions, KernelSnapshot } from '../sampling/kernel.ts';
import { addMeasured, emptyMoments } from '../sampling/moments.ts';
import { areSpins, readSnapshot, writeSnapshot } from './snapshot.ts';

/**
 * Heat-bath for any model: any graph, a coupling for any bonds, a field of its own for every site. Every site in turn
 * is drawn from
 *
 *   p(s_k = +1 | rest) = 1 / (1 + exp(−2 H_k)),  H_k = h_k + Σ_l J_kl s_l,
 *
 * one after the other, so that no colouring is needed. Plain TypeScript: the readable specification of faster kernels
 * for general graphs, and what samples a model that no other kernel knows.
 */
export const graphHeatBath: KernelKind = {
  name: 'graph-heat-bath',
  width: 1,
  supports: () => true,
  create: (model, options) => new GraphHeatBath(model, options),
};

class GraphHeatBath implements Kernel {
  readonly name = graphHeatBath.name;
  readonly chains: number;
  private readonly lists: NeighbourLists;
  private readonly lattices: readonly Int8Array[];
  private readonly generators: readonly Generator[];
  private theta: Float64Array;
  /** J of every place in the lists, and h of every site. */
  private readonly couplings: Float64Array;
  private readonly fields: Float64Array;

  constructor(
    readonly model: Model,
    { chains, seed, stream }: KernelOptions,
  ) {
    const n = siteCount(model.lattice);
    this.chains = chains;
    this.lists = neighbourLists(model);
    this.generators = Array.from({ length: chains }, (_, c) => sfc32(seed, stream * chains + c));
    this.lattices = this.generators.map((generator) =>
      Int8Array.from({ length: n }, () => (generator.next() >>> 31 ? 1 : -1)),
    );
    this.theta = new Float64Array(model.statistics.length);
    this.couplings = new Float64Array(this.lists.neighbours.length);
    this.fields = new Float64Array(n);
  }

  setParameters(theta: ArrayLike<number>): void {
    this.theta = Float64Array.from(theta);
    const { couplings, fields, lists } = this;
    const { statistics } = this.model;
    for (let k = 0; k < couplings.length; k++) {
      const a = lists.statistics[k];
      couplings[k] = theta[a] * statistics[a].weight;
    }
    fields.fill(0);
    statistics.forEach(({ sites, siteWeights, weight }, a) => {
      for (let k = 0; k < sites.length; k++) {
        fields[sites[k]] += theta[a] * weight * (siteWeights?.[k] ?? 1);
      }
    });
  }

  run(sweeps: number, stride: number, record: boolean | 'scores' = false) {
    const { model, chains, lattices, generators } = this;
    const p = model.statistics.length;
    const measurements = Math.floor(sweeps / stride);
    const moments = emptyMoments(p, chains);
    moments.measurements = measurements;
    const recorded = new Float64Array(record ? measurements * chains * p : 0);
    const values = new Float64Array(p);
    for (let c = 0; c < chains; c++) {
      for (let t = 1; t <= sweeps; t++) {
        this.sweep(lattices[c], generators[c]);
        if (t % stride !== 0) continue;
        evaluate(model, lattices[c], values);
        addMeasured(moments, c, values);
        if (record) recorded.set(values, ((t / stride - 1) * chains + c) * p);
      }
    }
    const series = { statistics: p, chains, measurements, values: recorded };
    return { moments, series: record ? series : null };
  }

  private sweep(spins: Int8Array, generator: Generator): void {
    const { couplings, fields } = this;
    const { starts, neighbours } = this.lists;
    for (let site = 0; site < spins.length; site++) {
      let field = fields[site];
      for (let k = starts[site]; k < starts[site + 1]; k++) {
        field += couplings[k] * spins[neighbours[k]];
      }
      spins[site] = uniform(generator) * (1 + Math.exp(-2 * field)) < 1 ? 1 : -1;
    }
  }

  spins(chain: number): Int8Array {
    return this.lattices[chain].slice();
  }

  setSpins(chain: number, spins: ArrayLike<number>): void {
    this.lattices[chain].set(Int8Array.from(spins));
  }

  snapshot() {
    return writeSnapshot(this.name, this.model, this.chains, this.theta, this.state());
  }

  restore(snapshot: KernelSnapshot): void {
    readSnapshot(snapshot, this.name, this.model, this.chains, this.state());
    this.setParameters(snapshot.parameters);
  }

  private state() {
    return [
      ...this.lattices.map((view) => ({ view, sound: areSpins })),
      ...this.generators.map((generator) => ({ view: generator.state })),
    ];
  }
}
