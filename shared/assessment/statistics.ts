import type { Model } from '../models/contract.ts';
import { siteCount } from '../models/lattice/lattice.ts';
import { dot } from '../numerics/symmetric.ts';
import { clusterCounter } from './clusters.ts';
import { type Direction, directions, distances, pairCounter } from './correlations.ts';
import { countRuns, runClasses } from './runs.ts';
import { trendsOf } from './trends.ts';

export const families = ['correlation', 'shape', 'runs', 'clusters', 'spread', 'trend'] as const;
export type Family = (typeof families)[number];

/** One statistic that a fit does not match by itself, as a mean over images. */
export interface Unfitted {
  /** As fit files spell it: `rows-2`, `plaquette`, `runs-columns-3-4`. */
  readonly name: string;
  readonly family: Family;
  readonly direction: Direction | null;
  /** Of a correlation, in steps. */
  readonly distance: number | null;
}

/** What is measured of one image. */
export interface Measurement {
  readonly statistics: readonly Unfitted[];
  /** Writes one value a statistic. */
  measure(spins: ArrayLike<number>, out: Float64Array): void;
}

/**
 * The statistics of one image, all of them numbers of order one whose mean over images is compared:
 *
 * - G_e(d), the mean of s_i s_j at distance d along e (`rows-2`, `falling-3`);
 * - `next-nearest`, both diagonals at distance 1; `plaquette`, the mean product around a square;
 * - runs of equal spins along rows and columns: mean length n/N, and N_c/n for every class c of lengths;
 * - clusters of equal spins: numbers of bright and dark ones per site, mean size n/N in sites, share of
 *   the picture that the largest bright and dark one take, bonds around the largest one per site of it.
 *
 * - of the family `trend`, which only score tests look at: Σ_k φ_k s_k for the shapes of `trends.ts`.
 *
 * The perimeter of all clusters together is (1 − b) n_B/2, and is therefore fitted.
 */
export function measurement(model: Model): Measurement {
  const l = model.lattice;
  const n = siteCount(l);
  const statistics: Unfitted[] = [];
  const declare = (name: string, family: Family, direction: Direction | null = null, d = 0) =>
    statistics.push({ name, family, direction, distance: d || null });

  const along = directions.filter((direction) => distances(l, direction).length > 0);
  const pairs = along.flatMap((direction) =>
    distances(l, direction).map((distance) => ({ direction, distance })),
  );
  for (const { direction, distance } of pairs)
    declare(`${direction}-${distance}`, 'correlation', direction, distance);
  const isPlane = l.rows > 1 && l.cols > 1;
  if (isPlane) {
    declare('next-nearest', 'shape');
    declare('plaquette', 'shape');
  }
  const lines = (['rows', 'columns'] as const).filter(
    (way) => (way === 'rows' ? l.cols : l.rows) > 1,
  );
  for (const way of lines) {
    declare(`run-length-${way}`, 'runs', way);
    for (const [low, high] of runClasses) declare(runName(way, low, high), 'runs', way);
  }
  for (const name of [
    'clusters-bright',
    'clusters-dark',
    'cluster-size',
    'largest-bright',
    'largest-dark',
    'perimeter',
  ])
    declare(name, 'clusters');

  const trends = trendsOf(l);
  for (const { name } of trends) declare(name, 'trend');

  const counter = pairCounter(l);
  const clustersOf = clusterCounter(l);
  const counts = new Float64Array(runClasses.length);
  return {
    statistics,
    measure(spins, out) {
      let k = 0;
      counter.take(spins);
      for (const { direction, distance } of pairs) out[k++] = counter.pairMean(direction, distance);
      if (isPlane) {
        out[k++] = (counter.pairMean('falling', 1) + counter.pairMean('rising', 1)) / 2;
        out[k++] = counter.plaquetteMean();
      }
      for (const way of lines) {
        out[k++] = n / countRuns(l, spins, way, counts);
        for (const count of counts) out[k++] = count / n;
      }
      const clusters = clustersOf(spins);
      out[k++] = clusters.bright / n;
      out[k++] = clusters.dark / n;
      out[k++] = n / (clusters.bright + clusters.dark);
      out[k++] = clusters.largestBright / n;
      out[k++] = clusters.largestDark / n;
      out[k++] = clusters.perimeter;
      for (const { shape } of trends) out[k++] = dot(shape, spins);
    },
  };
}

function runName(way: 'rows' | 'columns', low: number, high: number): string {
  const lengths = high === low ? `${low}` : Number.isFinite(high) ? `${low}-${high}` : `${low}-up`;
  return `runs-${way}-${lengths}`;
}
