import { imageSpins } from '../data/dataset.ts';
import { type Estimate, standardErrors } from '../inference/estimate.ts';
import { exact } from '../inference/estimators/exact.ts';
import { pseudolikelihoodStart } from '../inference/estimators/pseudolikelihood.ts';
import { defaultFitOptions } from '../inference/options.ts';
import type { Problem, Progress } from '../inference/run.ts';
import { misfitWarning } from '../inference/uncertainty/misfit.ts';
import { isField, parameterNames } from '../models/contract.ts';
import { siteCount } from '../models/lattice/lattice.ts';
import { nearestNeighbours } from '../models/lattice/nearest-neighbours.ts';
import { splitMix64 } from '../numerics/random.ts';
import type { Sliced } from '../numerics/yielding.ts';
import type { Sampler, SamplerFactory } from '../sampling/sampler.ts';
import { criticalCoupling, measuredCorrelationLength } from './correlation-length.ts';
import { type Evidence, evidenceOf, pathStart } from './evidence.ts';
import { integrateLogZ } from './integration.ts';
import {
  exactMap,
  isQuickMap,
  type LikelihoodMap,
  mapAxes,
  reweightedMap,
} from './likelihood-map.ts';
import { type Position, positionOf } from './position.ts';
import { type Comparison, compare, type Predictive } from './predictive.ts';
import {
  alternativeTitles,
  reachOverall,
  reachSentence,
  scoreSentence,
  scoreVerdict,
  strongest,
} from './score-sentences.ts';
import { power, type ScoreTest, scoreLevel, scoreTests } from './scores.ts';
import {
  farthest,
  overallSentence,
  sentenceOf,
  statisticsLevel,
  titleOf,
  type Verdict,
  verdictOf,
} from './sentences.ts';
import {
  type Drawn,
  drawingChains,
  drawSets,
  plan,
  SetAccumulator,
  statisticsOfSets,
} from './sets.ts';
import { measurement } from './statistics.ts';

/** One comparison with its words. */
export interface Finding extends Comparison {
  readonly title: string;
  readonly verdict: Verdict;
  readonly sentence: string;
  /** Whether the check's own sentence names it; missing in files of before. */
  readonly isNamed?: boolean | undefined;
}

/** A score test with its words. */
export interface ScoreFinding extends ScoreTest {
  readonly title: string;
  readonly verdict: 'agrees' | 'differs';
  readonly sentence: string;
  /** What the test would have seen, and what that does to the fit. */
  readonly reach: string;
}

/** A point that the likelihood map marks, by its parameters. */
export interface Marked {
  readonly J: number;
  readonly hPerSite: number;
}

/** Whether the model describes the pictures, and what the likelihood looks like about the estimate. */
export interface Check {
  readonly seed: number;
  /** The answer; missing in files of before, where a finding that differs decides. */
  readonly verdict?: 'describes' | 'differs' | undefined;
  /** The same in some sentences. */
  readonly sentence: string;
  /** What the check would have seen; null where nothing can be said, missing in files of before. */
  readonly reach?: string | null | undefined;
  readonly overallP: number;
  readonly resolution: number;
  /** Sets that were drawn, and images of each. */
  readonly drawnSets: number;
  readonly imagesPerSet: number;
  readonly findings: readonly Finding[];
  /** Tests of what the model may lack; missing in files of before. */
  readonly scores?: readonly ScoreFinding[] | undefined;
  /** Chances of calling a model wrong that is right, and of seeing what is said to be seen; missing in files of before. */
  readonly levels?:
    | { readonly scores: number; readonly statistics: number; readonly power: number }
    | undefined;
  /** What the ratio of sandwich to standard error says, if anything (see `misfit.ts`). */
  readonly misfit: string | null;
  readonly evidence: Evidence;
  /** Null for models with other parameters than one coupling and one field. */
  readonly map: LikelihoodMap | null;
  readonly marks: { readonly pseudolikelihood: Marked | null; readonly exact: Marked | null };
  readonly position: Position;
  readonly warnings: readonly string[];
}

/** What a check is made of. */
export interface CheckInput {
  readonly problem: Problem;
  readonly estimate: Pick<Estimate, 'parameters' | 'covariance' | 'sandwich'>;
  /** The method that gave it, and whether it had converged. */
  readonly method: string;
  readonly converged: boolean;
  readonly effectiveImages: number;
  readonly seed: number;
}

/**
 * Checks a fit in slices of some milliseconds: yields how far it is after each, returns the result.
 * The same seed gives the same result for any number of threads.
 *
 * @throws RangeError if the estimate has no finite parameters
 */
export function* check(input: CheckInput, samplers: SamplerFactory): Generator<Progress, Check> {
  const { problem, estimate, effectiveImages, seed } = input;
  const { model, data, observed } = problem;
  const theta = estimate.parameters;
  if (!theta.every(Number.isFinite)) {
    throw new RangeError('Only a fit with finite parameters can be checked.');
  }
  const names = parameterNames(model);
  const n = siteCount(model.lattice);
  const seeds = splitMix64(seed, 0xc4ec);
  const nextSeed = () => Number(seeds() >> 11n);
  const setPlan = plan(data.images);

  // what the model draws
  const measured = measurement(model);
  const sampler = samplers(model, drawingChains, nextSeed());
  let drawn: Drawn;
  try {
    let done = 0;
    const work = drawSets(sampler, theta, measured, setPlan, nextSeed(), (sets) => {
      done = sets;
    });
    let slices = 0;
    drawn = yield* reporting(work, () =>
      done > 0
        ? { phase: 'drawing sets of pictures', done, total: setPlan.sets }
        : { phase: 'bringing the chains to rest', done: ++slices, total: null },
    );
  } finally {
    sampler.close();
  }

  // the same of the data
  const ofData = new SetAccumulator(model, measured);
  for (let i = 0; i < data.images; i++) {
    ofData.add(imageSpins(data, i));
    if (i % 64 === 63) yield { phase: 'measuring the pictures', done: i + 1, total: data.images };
  }
  const statistics = statisticsOfSets(model, measured, data.images);
  const independent = Math.min(effectiveImages, data.images);
  const [fitted, others] = [ofData.fitted(), ofData.others()];
  const predictive = compare(statistics, drawn, fitted, others, independent);
  yield { phase: 'testing alternatives', done: 0, total: null };
  const errors = estimate.covariance && standardErrors(estimate.covariance);
  const tests = scoreTests(model, statistics, drawn, fitted, others, independent, errors);

  // what the likelihood is worth
  const magnetization = data.spins.reduce((sum, spin) => sum + spin, 0) / data.spins.length;
  const logZ = yield* logZAt(problem, theta, samplers, nextSeed);
  const evidence = evidenceOf(model, theta, observed.mean, data.images, magnetization, logZ);

  // what it looks like
  const marks = yield* markedPoints(input);
  const map = yield* mapOf(input, drawn, marks);

  const warnings: string[] = [];
  if (!drawn.settled) {
    warnings.push(
      'The chains had not come to rest after 16,384 sweeps: near the critical coupling the drawn sets may hang together, and p-values be too small.',
    );
  }
  if (effectiveImages < data.images) {
    warnings.push(
      `AIC and BIC take the ${data.images} images for independent, which are worth ${effectiveImages.toPrecision(3)}: differences between models mean that much less.`,
    );
  }
  const named = farthest(predictive.comparisons);
  return {
    seed,
    verdict: strongest(tests) === null && named === null ? 'describes' : 'differs',
    sentence: overallSentence(predictive, tests),
    reach: reachOverall(tests),
    overallP: predictive.overallP,
    resolution: predictive.resolution,
    drawnSets: drawn.sets,
    imagesPerSet: drawn.images,
    findings: predictive.comparisons.map((comparison) => ({
      ...comparison,
      title: titleOf(comparison),
      verdict: verdictOf(comparison),
      sentence: sentenceOf(comparison),
      isNamed: comparison === named,
    })),
    scores: tests.map((test) => ({
      ...test,
      title: alternativeTitles[test.kind],
      verdict: scoreVerdict(test),
      sentence: scoreSentence(test),
      reach: `${reachSentence(test)}.`,
    })),
    levels: { scores: scoreLevel, statistics: statisticsLevel, power },
    misfit: misfitWarning({ ...noEstimate, ...estimate }, names, data.images, effectiveImages),
    evidence,
    map,
    marks: {
      pseudolikelihood: marks.pseudolikelihood && marked(marks.pseudolikelihood, n),
      exact: marks.exact && marked(marks.exact, n),
    },
    position: where(input, predictive, drawn),
    warnings,
  };
}

/** Seconds of an exact evaluation beyond which log Z is integrated instead. */
const patience = 2;

/** The exact method for log Z, where there is one and it is quick. */
export function quickExact({ exact: method }: Problem) {
  return method !== null && method.seconds <= patience ? method : null;
}

/** What `misfitWarning` reads of an estimate is its two covariances. */
const noEstimate: Estimate = {
  parameters: new Float64Array(),
  covariance: null,
  sandwich: null,
  monteCarloError: new Float64Array(),
  logLikelihood: null,
  exists: true,
  converged: true,
  warnings: [],
};

/** Drives a part of the work and tells how far it is after every slice. */
function* reporting<T>(work: Sliced<T>, progress: () => Progress): Generator<Progress, T> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    yield progress();
  }
}

function* logZAt(
  problem: Problem,
  theta: Float64Array,
  samplers: SamplerFactory,
  nextSeed: () => number,
): Generator<Progress, Evidence['logZ']> {
  const { model } = problem;
  const method = quickExact(problem);
  if (method !== null) {
    try {
      const evaluation = method.evaluate(theta);
      let operations = 0;
      for (;;) {
        const { done, value } = evaluation.next();
        if (done) return { value: value.logZ, error: 0, method: method.name };
        operations += value;
        const percent = Math.min(100, Math.round((100 * operations) / method.operations));
        yield { phase: method.name, done: percent, total: 100 };
      }
    } catch (error) {
      // a frustrated torus, or a coupling beyond the formula's arithmetic: integrated instead
      if (!(error instanceof RangeError)) throw error;
    }
  }
  const sampler: Sampler = samplers(model, drawingChains, nextSeed());
  try {
    let done = 0;
    const work = integrateLogZ(sampler, pathStart(model, theta), theta, nextSeed(), (part) => {
      done = Math.round(100 * part);
    });
    // the first point takes as long as others, and says how many there will be
    return yield* reporting(work, () => ({
      phase: 'integrating log Z',
      done,
      total: done > 0 ? 100 : null,
    }));
  } finally {
    sampler.close();
  }
}

/** Seconds of one evaluation in an exact fit that is made only to be marked. */
const mostSeconds = 0.1;

/**
 * The pseudolikelihood estimate, and the exact one where it is quick and not the estimate itself; nulls for
 * other models than (J, h).
 */
function* markedPoints({
  problem,
  method: used,
}: CheckInput): Generator<Progress, Record<'pseudolikelihood' | 'exact', Float64Array | null>> {
  if (!hasPlane(problem)) return { pseudolikelihood: null, exact: null };
  const pseudolikelihood = pseudolikelihoodStart(problem);
  const method = used === 'exact' ? null : problem.exact;
  if (method === null || method.seconds > mostSeconds) return { pseudolikelihood, exact: null };
  const run = exact.start(problem, { ...defaultFitOptions, seed: 0 }, () => {
    throw new Error('An exact fit draws nothing.');
  });
  while (!run.advance()) yield run.progress;
  const { parameters, exists } = run.estimate();
  return { pseudolikelihood, exact: exists ? parameters : null };
}

function* mapOf(
  { problem, estimate, method: used, converged, effectiveImages }: CheckInput,
  drawn: Drawn,
  marks: Record<'pseudolikelihood' | 'exact', Float64Array | null>,
): Generator<Progress, LikelihoodMap | null> {
  if (!hasPlane(problem) || estimate.covariance === null) return null;
  const { model, observed, data } = problem;
  const n = siteCount(model.lattice);
  const theta = estimate.parameters;
  const axes = mapAxes(
    theta,
    standardErrors(estimate.covariance),
    n,
    Object.values(marks).filter((mark) => mark !== null),
  );
  const method = problem.exact;
  let done = 0;
  const total = axes[0].count * axes[1].count;
  const progress = () => ({ phase: 'likelihood map', done, total });
  if (isQuickMap(method, data.images)) {
    const work = exactMap(method, axes, n, problem, effectiveImages, (points) => {
      done = points;
    });
    return yield* reporting(work, progress);
  }
  const slope = [0, 1].map((a) => {
    let sum = 0;
    for (let k = a; k < drawn.values.length; k += 2) sum += drawn.values[k];
    return observed.mean[a] - sum / (drawn.values.length / 2);
  });
  const work = reweightedMap(
    drawn.values,
    theta,
    converged && used !== 'pseudolikelihood' ? null : [slope[0], slope[1]],
    problem.penalty,
    axes,
    n,
    effectiveImages,
  );
  return yield* reporting(work, progress);
}

/** Whether the parameters are one coupling and one field. */
function hasPlane({ model }: Problem): boolean {
  const [first, second, ...more] = model.statistics;
  return (
    more.length === 0 &&
    first?.structure.kind === 'offsets' &&
    second?.structure.kind === 'uniform-field'
  );
}

function marked(theta: Float64Array, sites: number): Marked {
  return { J: theta[0], hPerSite: theta[1] / sites };
}

/** The position in the phase diagram, with the correlation length of the drawn sets. */
function where({ problem, estimate }: CheckInput, predictive: Predictive, drawn: Drawn): Position {
  const { model } = problem;
  const { rows, cols } = model.lattice;
  const n = siteCount(model.lattice);
  const { parameters, covariance } = estimate;
  const errors = covariance && standardErrors(covariance);
  const couplings = model.statistics.flatMap((each, a) => (isField(each) ? [] : [a]));
  const field = model.statistics.findIndex(isField);
  const [first, second] = couplings;
  const isNearest = nearestNeighbours(model) !== null;
  return positionOf({
    isNearest,
    couplings: couplings.map((a) => parameters[a]),
    error: second === undefined && errors ? errors[first] : null,
    field: field < 0 ? null : { value: parameters[field] / n, error: errors && errors[field] / n },
    isRow: rows === 1 || cols === 1,
    // two couplings have a length each
    measuredLength:
      isNearest && second === undefined
        ? measuredLength(predictive, drawn, parameters[first])
        : null,
  });
}

/** ξ from the model's connected correlation along rows and columns, staggered where J < 0. */
function measuredLength(
  { comparisons }: Predictive,
  drawn: Drawn,
  J: number,
): Position['measuredLength'] {
  // beyond J_c the mean of two phases hides what is connected within one
  if (Math.abs(J) >= criticalCoupling) return null;
  const along = (direction: string) =>
    comparisons.filter((c) => c.direction === direction && c.distance);
  const [across, down] = [along('rows'), along('columns')];
  if (across.length === 0 || across.length !== down.length) return null;
  const p = drawn.fitted.length / drawn.sets;
  let [sum, square] = [0, 0];
  for (let r = 0; r < drawn.sets; r++) {
    const m = drawn.fitted[r * p + p - 1];
    sum += m / drawn.sets;
    square += (m * m) / drawn.sets;
  }
  const background = p > 1 ? sum * sum : 0;
  const sharp = Math.sqrt(drawn.sets);
  const distances = across.map((c) => c.distance ?? 0);
  const errors = across.map((c, k) => (c.high - c.low + down[k].high - down[k].low) / (8 * sharp));
  const noise =
    p > 1 ? (2 * Math.abs(sum) * Math.sqrt(Math.max(0, square - sum * sum))) / sharp : 0;
  return measuredCorrelationLength(
    distances,
    across.map((c, k) => {
      const sign = J < 0 && distances[k] % 2 === 1 ? -1 : 1;
      return sign * ((c.model + down[k].model) / 2 - background);
    }),
    errors.map((error) => Math.hypot(error, noise)),
  );
}
