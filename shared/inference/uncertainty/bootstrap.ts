import { climb } from '../../numerics/newton.ts';
import { sfc32 } from '../../numerics/random.ts';
import { dot } from '../../numerics/symmetric.ts';
import { finish, type Sliced } from '../../numerics/yielding.ts';
import type { Estimate } from '../estimate.ts';
import { existence } from '../existence/existence.ts';
import type { Likelihood } from '../likelihood.ts';
import { posterior } from '../penalties/posterior.ts';
import { hasPrior } from '../penalties/prior.ts';
import type { Problem } from '../run.ts';
import { type Blocks, blocksOf } from './blocks.ts';
import { type Bootstrap, quantileIntervals } from './intervals.ts';
import { isSuspect } from './parabola.ts';

/** Replicates, and draws in all that may make them fewer. */
const mostReplicates = 1000;
const fewestReplicates = 200;
const mostDraws = 20_000_000;
/** Replicates between two yields. */
const slice = 50;
/** Seconds that fitting all replicates in full may take, of so many evaluations each. */
const patience = 1;
const evaluations = 4;
const mostSteps = 20;
/** Coupling or field per site beyond which a replicate has no estimate: its likelihood only rises. */
const largestField = 12;

/** Replicates that were drawn, most of which have no estimate: there is no error to give. */
export interface Unsolved {
  readonly without: number;
  readonly replicates: number;
}

/**
 * Block bootstrap of the estimate, from the sufficient statistics alone. Every replicate's mean
 *
 *   T* = T̄ + c (mean of K blocks drawn with replacement − mean of all blocks),
 *
 * with K the number of blocks that the data are worth; c² = K/(K − 1)/(1 − loss) for the mean that the blocks'
 * spread is taken about, and for what blocks of a sequence lose. It is fitted by one Newton step from θ̂,
 * θ* = θ̂ + H⁻¹(T* − T̄) with H the curvature of the log-posterior per image; in full where the likelihood may
 * be no parabola (few images, or near the hull's edge) and is exact, at a second for all.
 *
 * Source: B. Efron, Ann. Stat. 7, 1 (1979); A. C. Davison, D. V. Hinkley, Bootstrap Methods and their
 * Application (1997), sections 2.7 and 8.2.
 *
 * @param likelihood an exact one, or null
 * @returns null where there are too few blocks, the estimate has no errors, or it is a prior's alone; only their
 * number where most replicates have no estimate
 */
export function* bootstrap(
  problem: Problem,
  { parameters, covariance }: Pick<Estimate, 'parameters' | 'covariance'>,
  likelihood: Likelihood | null,
  effectiveImages: number,
  seed: number,
): Sliced<Bootstrap | Unsolved | null> {
  const { model, observed, penalty } = problem;
  // where only a prior gives an answer, replicates lie beyond what pictures can show, and say nothing of the data
  if (hasPrior(penalty) && existence(model, observed).exists === false) return null;
  const blocks = covariance && blocksOf(problem, effectiveImages);
  if (!covariance || !blocks) return null;
  const p = parameters.length;
  const replicates = Math.max(
    fewestReplicates,
    Math.min(mostReplicates, Math.floor(mostDraws / blocks.worth)),
  );
  const resampled = resample(blocks, p, seed);
  const inFull =
    likelihood?.isExact === true &&
    isSuspect(problem, effectiveImages) &&
    replicates * evaluations * likelihood.seconds <= patience;
  const values: Float64Array[] = [];
  for (let r = 0; r < replicates; r++) {
    const shift = resampled();
    if (inFull) {
      const target = observed.mean.map((value, a) => value + shift[a]);
      const found = solved(problem, likelihood, target, parameters);
      if (found) values.push(found);
    } else {
      // covariance = H⁻¹/M
      values.push(
        parameters.map(
          (value, a) =>
            value + observed.images * dot(covariance.subarray(a * p, (a + 1) * p), shift),
        ),
      );
    }
    if (r % slice === slice - 1) yield;
  }
  const without = replicates - values.length;
  if (without > replicates / 2) return { without, replicates };
  const { unit, size, worth } = blocks;
  return {
    unit,
    size,
    worth,
    replicates,
    inFull,
    without,
    error: Float64Array.from(parameters, (_, a) => spread(values, a)),
    ...quantileIntervals(values),
  };
}

/** Draws T* − T̄ of one replicate after the other. */
function resample(
  { sums, share, worth, loss }: Blocks,
  p: number,
  seed: number,
): () => Float64Array {
  const generator = sfc32(seed, 0xb007);
  const blocks = share.length;
  const whole = new Float64Array(p);
  for (let k = 0; k < sums.length; k++) whole[k % p] += sums[k];
  const all = share.reduce((sum, value) => sum + value, 0);
  const drawn = Math.max(2, Math.round(worth));
  const words = new Uint32Array(drawn);
  const scale = Math.sqrt(drawn / Math.max(1, worth - 1) / (1 - loss));
  const times = new Int32Array(blocks);
  const perWord = blocks / 2 ** 32;
  return () => {
    // how often every block is drawn
    times.fill(0);
    generator.fill(words);
    for (let k = 0; k < drawn; k++) times[Math.floor(words[k] * perWord)]++;
    const held = weighted(times, share, 0, 1);
    const total = Float64Array.from({ length: p }, (_, a) => weighted(times, sums, a, p));
    return total.map((value, a) => scale * (value / held - whole[a] / all));
  };
}

/** Σ_b times_b table_{b,column} of a table of so many columns. */
function weighted(times: Int32Array, table: Float64Array, column: number, columns: number): number {
  let sum = 0;
  for (let b = 0, k = column; b < times.length; b++, k += columns) sum += times[b] * table[k];
  return sum;
}

/** θ at which ⟨T⟩ + λθ is the target; null where there is no such θ near. */
function solved(
  { model, penalty }: Problem,
  likelihood: Likelihood,
  target: Float64Array,
  start: Float64Array,
): Float64Array | null {
  const climbed = finish(
    climb(
      function* (theta) {
        const moments = yield* likelihood.evaluate(theta);
        return moments && posterior(theta, moments, target, penalty);
      },
      start,
      // a step of at most one standard deviation of one image, and none below 10⁻⁴
      {
        settled: 5e-9,
        mostSteps,
        part: (_, gain) => Math.min(1, 1 / Math.sqrt(2 * gain)),
        isFar: (theta) =>
          model.statistics.some(({ weight }, a) => Math.abs(theta[a] * weight) > largestField),
      },
    ),
  );
  return climbed?.end === 'top' ? climbed.theta : null;
}

function spread(values: readonly Float64Array[], a: number): number {
  const mean = values.reduce((sum, value) => sum + value[a], 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value[a] - mean) ** 2, 0);
  return Math.sqrt(square / (values.length - 1));
}
