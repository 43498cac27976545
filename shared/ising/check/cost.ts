import type { Problem } from '../fit/run.ts';
import { isBipartite, siteCount } from '../lattice.ts';
import { quickExact } from './check.ts';
import { infiniteCorrelationLength } from './correlation-length.ts';
import { isQuickMap, mapPoints } from './likelihood-map.ts';
import { drawingChains, plan } from './sets.ts';

/** Seconds on one ordinary core, measured: a spin update, a site measured, an image measured, a weight. */
const perUpdate = 0.4e-9;
const perReferenceUpdate = 8e-9;
const perSite = 60e-9;
const perImage = 15e-6;
const perWeight = 10e-9;
/** Seconds of a check that need nobody's consent. */
const quick = 1.5;

/**
 * Seconds that a check will take, about, on one core and in the reference machine's time: counted before it
 * is begun, so that no decision depends on a clock. Autocorrelation is guessed as 1 + ξ^2.1 sweeps, ξ that
 * of the infinite lattice, at most half the smaller side.
 */
export function checkSeconds(problem: Problem, theta: ArrayLike<number>): number {
  const { model, data } = problem;
  const { rows, cols } = model.lattice;
  const n = siteCount(model.lattice);
  const couplings = model.statistics.flatMap(({ bonds }, a) =>
    bonds.length > 0 ? [theta[a]] : [],
  );
  const J = couplings.reduce((sum, value) => sum + Math.abs(value), 0) / couplings.length;
  const length = Math.min(infiniteCorrelationLength(J), Math.min(rows, cols) / 2);
  const tau = 1 + length ** 2.1;
  const { images, sets } = plan(data.images);
  const settling = 64 + 40 * tau;
  const draws = Math.ceil(sets / Math.floor(drawingChains / images));
  const path = quickExact(problem) ? 0 : 2 + J * Math.sqrt(3 * n);
  const sweeps = settling + 2 * tau * draws + path * (512 + settling);
  const isFast = model.name === 'uniform' && isBipartite(model.lattice);
  const evaluations = isQuickMap(problem.exact) ? mapPoints * problem.exact.seconds : 0;
  return (
    sweeps * drawingChains * n * (isFast ? perUpdate : perReferenceUpdate) +
    images * sets * (n * perSite + perImage + (evaluations > 0 ? 0 : mapPoints * perWeight)) +
    (quickExact(problem)?.seconds ?? 0) +
    evaluations
  );
}

/** Whether a check takes about a second, so that it is made without being asked for. */
export function isQuickCheck(problem: Problem, theta: ArrayLike<number>): boolean {
  return checkSeconds(problem, theta) <= quick;
}
