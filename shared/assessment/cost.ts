import type { Problem } from '../inference/run.ts';
import { isField } from '../models/contract.ts';
import { siteCount } from '../models/lattice/lattice.ts';
import { nearestNeighbours } from '../models/lattice/nearest-neighbours.ts';
import { quickExact } from './check.ts';
import { criticalCoupling, infiniteCorrelationLength } from './correlation-length.ts';
import { fewestSweeps } from './integration.ts';
import { isQuickMap, mapPoints } from './likelihood-map.ts';
import { drawingChains, gapTimes, plan } from './sets.ts';

/** Seconds on one ordinary core, measured: a spin update, a site measured, an image measured, a weight. */
const perUpdate = 0.4e-9;
const perSite = 60e-9;
const perImage = 15e-6;
const perWeight = 10e-9;
/** Seconds of a check that need nobody's consent. */
const quick = 1.5;

/** Autocorrelation in the work of heat-bath sweeps beyond which clusters take over, measured near J_c. */
const clustersTake = 150;
/** Points of an integration that begins at h = 0. */
const fewPoints = 4;

/**
 * Seconds that a check will take, about, on one core and in the reference machine's time: counted before it
 * is begun, so that no decision depends on a clock. Autocorrelation is guessed as 1 + ξ^2.1 sweeps, ξ that
 * of the infinite lattice, at most half the smaller side, as far as clusters do not shorten it.
 */
export function checkSeconds(problem: Problem, theta: ArrayLike<number>): number {
  const { model, data } = problem;
  const { rows, cols, boundary } = model.lattice;
  const n = siteCount(model.lattice);
  const couplings = model.statistics.flatMap((each, a) => (isField(each) ? [] : [theta[a]]));
  const J = couplings.reduce((sum, value) => sum + Math.abs(value), 0) / couplings.length;
  const guess = (coupling: number) => {
    const length = Math.min(infiniteCorrelationLength(coupling), Math.min(rows, cols) / 2);
    return Math.min(clustersTake, 1 + length ** 2.1);
  };
  const tau = guess(J);
  const { images, sets } = plan(data.images);
  const settling = (time: number) => 64 + 40 * time;
  const draws = Math.ceil(sets / Math.floor(drawingChains / images));
  // the path to log Z: a few points from h = 0 on a torus, else from J = 0, past the critical coupling or up to it
  const nearest = nearestNeighbours(model);
  const short = boundary === 'periodic' && nearest !== null && nearest.along === nearest.across;
  const points = quickExact(problem) ? 0 : short ? fewPoints : 2 + J * Math.sqrt(3 * n);
  const onPath = short ? tau : guess(Math.min(J, criticalCoupling));
  const sweeps =
    settling(tau) + gapTimes * tau * draws + points * (fewestSweeps + settling(onPath));
  const evaluations = isQuickMap(problem.exact, data.images)
    ? mapPoints * problem.exact.seconds
    : 0;
  return (
    sweeps * drawingChains * n * perUpdate +
    images * sets * (n * perSite + perImage + (evaluations > 0 ? 0 : mapPoints * perWeight)) +
    (quickExact(problem)?.seconds ?? 0) +
    evaluations
  );
}

/** Whether a check takes about a second, so that it is made without being asked for. */
export function isQuickCheck(problem: Problem, theta: ArrayLike<number>): boolean {
  return checkSeconds(problem, theta) <= quick;
}
