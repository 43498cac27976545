import type { KernelKind } from '../ising/kernel.ts';
import { siteCount } from '../ising/lattice.ts';
import type { Model } from '../ising/model.ts';
import { heatBathChains, heatBathLattice, rowBlocks } from './heat-bath.ts';
import { lanes } from './memory.ts';
import { mixed } from './mixture.ts';
import { referenceHeatBath } from './reference.ts';
import type { KernelModule } from './wasm.ts';

/** Sites beyond which 32 lattices side by side need more memory than one core should hold (512 MiB). */
const largest = 2 ** 24;

/** What an update of the reference kernel costs, in updates of a lane. */
const costOfReference = 25;

/**
 * The fastest exact heat-bath kernel for so many chains: 32 lattices side by side where they are of use,
 * one lattice in row blocks where fewer are asked for and its rows fill most lanes, and the reference
 * kernel for other models and for a single chain on a torus with an odd side.
 */
export function chooseHeatBath(module: KernelModule, model: Model, chains: number): KernelKind {
  const many = heatBathChains(module);
  const one = heatBathLattice(module);
  // chains that nobody asked for cost as much as idle lanes
  const costOfMany = Math.ceil(chains / lanes) * lanes;
  const costOfOne = (chains * lanes) / Math.max(1, rowBlocks(model.lattice.rows));
  const room = siteCount(model.lattice) <= largest;
  if (one.supports(model) && (costOfOne < costOfMany || !room)) return one;
  if (many.supports(model) && room && costOfMany <= chains * costOfReference) return many;
  return referenceHeatBath;
}

/** The compiled kernel files. */
export interface KernelModules {
  readonly heatBath: KernelModule;
  readonly clusters: KernelModule;
}

/** The fastest heat-bath for so many chains, able to mix with cluster updates. */
export function chooseKernel(modules: KernelModules, model: Model, chains: number): KernelKind {
  return mixed(chooseHeatBath(modules.heatBath, model, chains), modules.clusters);
}
