import type { KernelKind, Series } from '../../shared/ising/kernel.ts';
import { type Lattice, siteCount } from '../../shared/ising/lattice.ts';
import { uniformModel } from '../../shared/ising/model.ts';
import { localSampler, type Sampler, type SamplerFactory } from '../../shared/ising/sampler.ts';
import { chooseHeatBath } from '../../shared/kernels/choose.ts';
import {
  heatBathChains,
  heatBathChainsName,
  heatBathLattice,
  heatBathLatticeName,
} from '../../shared/kernels/heat-bath.ts';
import { referenceHeatBath } from '../../shared/kernels/reference.ts';
import type { KernelModule } from '../../shared/kernels/wasm.ts';

/** Where every kernel is measured: near the centre of what fits of textures give. */
export const parameters = { J: 0.3, hPerSite: 0.05 } as const;

/** A sampler as the benchmark sees it. */
export interface Contestant {
  readonly chains: number;
  /** Seconds that each of `blocks` runs of `sweeps` sweeps took. */
  time(sweeps: number, blocks: number): number[];
  /** (B, m) of every chain after each of so many sweeps. */
  record(measurements: number): Series;
  close(): void;
}

/** Makes a contestant of the scalar C program. */
export type ScalarProgram = (l: Lattice, seed: number) => Contestant;

/** One kernel on one lattice, made when its turn comes. */
export interface Entry {
  readonly kernel: string;
  readonly lattice: Lattice;
  readonly threads: number;
  start(): Contestant;
}

export const scalarName = 'heat-bath-c-scalar';

/** What the entries are made of. */
export interface Equipment {
  readonly module: KernelModule;
  /** Null where there is no C compiler. */
  readonly scalar: ScalarProgram | null;
  /** Samplers on all cores, as fits use them. */
  readonly samplers: SamplerFactory;
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
  scalarName,
  heatBathChainsName,
  heatBathLatticeName,
];

/** Every kernel on a lattice with even sides: the slow ones for comparison, then those that fits use. */
export function entries(l: Lattice, equipment: Equipment): Entry[] {
  const { module, scalar, samplers, cores, seed } = equipment;
  const model = uniformModel(l);
  const list: Entry[] = [];
  const local = (kind: KernelKind, chains: number) => {
    const start = () => sampled(localSampler(kind, model, chains, seed));
    list.push({ kernel: kind.name, lattice: l, threads: 1, start });
  };
  local(referenceHeatBath, 1);
  if (scalar) {
    const start = () => scalar(l, seed);
    list.push({ kernel: scalarName, lattice: l, threads: 1, start });
  }
  local(heatBathChains(module), manyChains);
  local(heatBathLattice(module), 1);
  if (cores > 1 && Math.min(l.rows, l.cols) >= worthThreads) {
    // as many chains as make the fastest layout for them the one that is to be measured
    for (const chains of [Math.max(manyChains, heatBathChains(module).width * cores), cores]) {
      const kernel = chooseHeatBath(module, model, chains).name;
      const start = () => sampled(samplers(model, chains, seed));
      list.push({ kernel, lattice: l, threads: cores, start });
    }
  }
  return list;
}

function sampled(sampler: Sampler): Contestant {
  const { J, hPerSite } = parameters;
  sampler.setParameters([J, hPerSite * siteCount(sampler.model.lattice)]);
  return {
    chains: sampler.chains,
    time: (sweeps, blocks) =>
      Array.from({ length: blocks }, () => {
        const begun = performance.now();
        sampler.run(sweeps, sweeps);
        return (performance.now() - begun) / 1000;
      }),
    record(measurements) {
      const { series } = sampler.run(measurements, 1, true);
      if (!series) throw new Error('A recorded run gave no series.');
      return series;
    },
    close: () => sampler.close(),
  };
}
