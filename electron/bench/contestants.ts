import { chooseHeatBath, type KernelModules } from '../../shared/kernels/choose.ts';
import { swendsenWang, swendsenWangName, wolff, wolffName } from '../../shared/kernels/cluster.ts';
import {
  heatBathChains,
  heatBathChainsName,
  heatBathLattice,
  heatBathLatticeName,
} from '../../shared/kernels/heat-bath.ts';
import { referenceHeatBath } from '../../shared/kernels/reference.ts';
import { type Lattice, siteCount } from '../../shared/models/lattice/lattice.ts';
import { uniformModel } from '../../shared/models/registry.ts';
import type { KernelKind, Series } from '../../shared/sampling/kernel.ts';
import { localSampler, type Sampler, type SamplerFactory } from '../../shared/sampling/sampler.ts';

/** θ of a measurement. */
export interface Parameters {
  readonly J: number;
  readonly hPerSite: number;
}

/** Where kernels are measured on all lattices: near the centre of what fits of textures give. */
export const parameters: Parameters = { J: 0.3, hPerSite: 0.05 };

/** Where cluster updates are measured, and heat-bath beside them: so near J_c that heat-bath is slow to forget m. */
const critical: Parameters = { J: 0.43, hPerSite: 0 };
/** Chains of the cluster kernels, which know one at a time. */
const fewChains = 4;
/** Cluster sweeps from a random start to a configuration that shows nothing of it. */
const toRest = 40;

/** A run that was timed. */
export interface Timed {
  readonly seconds: number;
  /** Attempted updates, or sites that clusters visited. */
  readonly sites: number;
}

/** A sampler as the benchmark sees it. */
export interface Contestant {
  readonly chains: number;
  /** `blocks` runs of `sweeps` sweeps. */
  time(sweeps: number, blocks: number): Timed[];
  /** (B, m) of every chain, so many times, after every `stride`-th sweep. */
  record(measurements: number, stride: number): Series;
  close(): void;
}

/** Scalar C as one would write it, or as fast as it was found to go. */
export type ScalarStyle = 'plain' | 'fast';

/** Makes a contestant of the scalar C program. */
export type ScalarProgram = (style: ScalarStyle, l: Lattice, seed: number) => Contestant;

/** One kernel on one lattice, made when its turn comes. */
export interface Entry {
  readonly kernel: string;
  readonly lattice: Lattice;
  readonly parameters: Parameters;
  readonly threads: number;
  start(): Contestant;
  /** The same on one thread, where several are used. */
  startAlone?(): Contestant;
}

/** The scalar C programs by their names in the table. */
const scalars: ReadonlyMap<string, ScalarStyle> = new Map([
  ['heat-bath-c-plain', 'plain'],
  ['heat-bath-c-scalar', 'fast'],
]);
export const scalarNames: readonly string[] = [...scalars.keys()];

/** What the entries are made of. */
export interface Equipment {
  readonly modules: KernelModules;
  /** Null where there is no C compiler. */
  readonly scalar: ScalarProgram | null;
  /** Samplers on so many threads, as fits use them. */
  samplers(threads: number): SamplerFactory;
  readonly cores: number;
  readonly seed: number;
}

/** Chains of the many-chains layout on one thread: two kernels. */
const manyChains = 64;
/** Smallest side at which all cores are tried. */
const worthThreads = 64;

/** Names of all kernels that are measured. */
export const kernelNames = [
  referenceHeatBath.name,
  ...scalarNames,
  heatBathChainsName,
  heatBathLatticeName,
  wolffName,
  swendsenWangName,
];

/** Every kernel on a lattice with even sides: the slow ones for comparison, then those that fits use. */
export function entries(l: Lattice, equipment: Equipment): Entry[] {
  const { modules, scalar, samplers, cores, seed } = equipment;
  const module = modules.heatBath;
  const model = uniformModel(l);
  const list: Entry[] = [];
  const add = (kernel: string, start: () => Contestant) =>
    list.push({ kernel, lattice: l, parameters, threads: 1, start });
  const local = (kind: KernelKind, chains: number) =>
    add(kind.name, () => sampled(localSampler(kind, model, chains, seed), parameters));
  local(referenceHeatBath, 1);
  if (scalar) for (const [name, style] of scalars) add(name, () => scalar(style, l, seed));
  local(heatBathChains(module), manyChains);
  local(heatBathLattice(module), 1);
  if (cores > 1 && Math.min(l.rows, l.cols) >= worthThreads) {
    // as many chains as make the fastest layout for them the one that is to be measured
    for (const chains of [Math.max(manyChains, heatBathChains(module).width * cores), cores]) {
      const kernel = chooseHeatBath(module, model, chains).name;
      const on = (threads: number) => () =>
        sampled(samplers(threads)(model, chains, seed), parameters);
      const both = { start: on(cores), startAlone: on(1) };
      list.push({ kernel, lattice: l, parameters, threads: cores, ...both });
    }
  }
  return list;
}

/** Cluster updates and heat-bath near J_c. */
export function criticalEntries(l: Lattice, { modules, seed }: Equipment): Entry[] {
  const model = uniformModel(l);
  const clusters = wolff(modules.clusters);
  const entry = (kind: KernelKind, chains: number): Entry => ({
    kernel: kind.name,
    lattice: l,
    parameters: critical,
    threads: 1,
    start() {
      const sampler = localSampler(kind, model, chains, seed);
      // heat-bath would take long to forget how it began
      const resting = localSampler(clusters, model, 1, seed);
      resting.setParameters([critical.J, 0]);
      for (let chain = 0; chain < sampler.chains; chain++) {
        resting.run(chain === 0 ? toRest : 4, toRest);
        sampler.setSpins(chain, resting.spins(0));
      }
      return sampled(sampler, critical);
    },
  });
  return [
    entry(heatBathChains(modules.heatBath), manyChains),
    entry(clusters, fewChains),
    entry(swendsenWang(modules.clusters), fewChains),
  ];
}

function sampled(sampler: Sampler, { J, hPerSite }: Parameters): Contestant {
  const n = siteCount(sampler.model.lattice);
  sampler.setParameters([J, hPerSite * n]);
  return {
    chains: sampler.chains,
    time: (sweeps, blocks) =>
      Array.from({ length: blocks }, () => {
        const begun = performance.now();
        const { visited } = sampler.run(sweeps, sweeps);
        const seconds = (performance.now() - begun) / 1000;
        return { seconds, sites: visited || sweeps * sampler.chains * n };
      }),
    record(measurements, stride) {
      const { series } = sampler.run(measurements * stride, stride, true);
      if (!series) throw new Error('A recorded run gave no series.');
      return series;
    },
    close: () => sampler.close(),
  };
}
