import type { Model } from '../contract.ts';
import { siteCount } from './lattice.ts';

/** Neighbours of every site: those of site k stand at starts[k] … starts[k + 1] − 1. */
export interface NeighbourLists {
  readonly starts: Int32Array;
  readonly neighbours: Int32Array;
  /** The statistic of the bond to each neighbour. */
  readonly statistics: Int32Array;
}

/** Lists of neighbours from the bonds of all statistics, whatever the graph. */
export function neighbourLists(model: Model): NeighbourLists {
  const n = siteCount(model.lattice);
  const starts = new Int32Array(n + 1);
  for (const { bonds } of model.statistics) for (const site of bonds) starts[site + 1]++;
  for (let k = 0; k < n; k++) starts[k + 1] += starts[k];
  const free = starts.slice(0, n);
  const neighbours = new Int32Array(starts[n]);
  const statistics = new Int32Array(starts[n]);
  const add = (site: number, other: number, a: number) => {
    statistics[free[site]] = a;
    neighbours[free[site]++] = other;
  };
  model.statistics.forEach(({ bonds }, a) => {
    for (let e = 0; e < bonds.length; e += 2) {
      add(bonds[e], bonds[e + 1], a);
      add(bonds[e + 1], bonds[e], a);
    }
  });
  return { starts, neighbours, statistics };
}
