import type { Model } from '../models/contract.ts';
import { siteCount } from '../models/lattice/lattice.ts';
import type { KernelKind } from '../sampling/kernel.ts';
import { graphHeatBath } from './graph-heat-bath.ts';
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
 * The fastest exact heat-bath kernel for so many chains: 32 lattices side by side where they are of use, one
 * lattice in row blocks where fewer are asked for and its rows fill most lanes. Other models have the reference
 * kernel where a table holds all neighbourhoods, and the general one where none does.
 */
export function chooseHeatBath(module: KernelModule, model: Model, chains: number): KernelKind {
  const many = heatBathChains(module);
  if (!many.supports(model)) {
    return referenceHeatBath.supports(model) ? referenceHeatBath : graphHeatBath;
  }
  // what is computed for nothing: chains that nobody asked for, idle lanes, rows beyond the last
  const costOfMany = Math.ceil(chains / lanes) * lanes;
  const costOfOne = (chains * lanes * rowBlocks(model.lattice).rows) / model.lattice.rows;
  const room = siteCount(model.lattice) <= largest;
  if (room && costOfMany <= costOfOne && costOfMany <= chains * costOfReference) return many;
  return costOfOne <= chains * costOfReference ? heatBathLattice(module) : referenceHeatBath;
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
