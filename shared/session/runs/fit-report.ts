import { imageSpins } from '../../data/dataset.ts';
import { chooseEstimator } from '../../inference/auto.ts';
import type { Diagnostics } from '../../inference/diagnostics.ts';
import { type Estimate, standardErrors } from '../../inference/estimate.ts';
import type { FitOptions } from '../../inference/options.ts';
import { priorSentences } from '../../inference/penalties/prior.ts';
import type { Problem } from '../../inference/run.ts';
import { Trace } from '../../inference/trace.ts';
import {
  effectiveImagesEach,
  sequenceErrors,
  shortSequenceSentence,
} from '../../inference/uncertainty/effective-images.ts';
import type { Bootstrap, Intervals, Profile } from '../../inference/uncertainty/intervals.ts';
import { misfitWarning } from '../../inference/uncertainty/misfit.ts';
import { type ModelSpecification, parameterNames } from '../../models/contract.ts';
import { type Lattice, siteCount } from '../../models/lattice/lattice.ts';
import { fieldPerSite, momentName, momentWord, notesField, term } from '../../models/names.ts';
import { zeroFieldModel } from '../../models/registry.ts';
import { type FitFile, fitFileSchema } from '../../protocol/fit-file.ts';

/** What a fit file says beside the estimate itself. */
export interface FitRecord {
  readonly program: { readonly name: string; readonly version: string };
  /** ISO 8601. */
  readonly created: string;
  readonly seconds: number;
  readonly method: string;
  readonly options: FitOptions;
  readonly sources: FitFile['data']['sources'];
  readonly preparation: FitFile['data']['preparation'];
  /** Warnings about the data, before those of the estimate. */
  readonly dataWarnings: readonly string[];
}

/**
 * The fit file of a finished fit.
 *
 * @throws ZodError if what was given makes no valid file
 */
export function fitFile(
  problem: Problem,
  estimate: Estimate,
  trace: Trace,
  record: FitRecord,
): FitFile {
  const { model, data, observed } = problem;
  const { rows, cols, boundary } = model.lattice;
  const { offsets, trend } = model.specification;
  const names = parameterNames(model);
  const p = names.length;
  const effective = effectiveImagesEach(observed);
  const { covariance, sandwich } = sequenceErrors(problem, estimate);
  const parameters = named(names, estimate.parameters, model.lattice);
  return fitFileSchema.parse({
    format: 'isinglass-fit',
    version: 1,
    program: record.program,
    created: record.created,
    seed: record.options.seed,
    seconds: record.seconds,
    model: {
      name: model.name,
      rows,
      cols,
      boundary,
      parameters: names,
      ...(offsets && { offsets }),
      ...(trend !== undefined && { trend }),
      convention: `p ∝ exp(${model.statistics.map(term).join(' + ')}), each bond once`,
    },
    data: {
      images: data.images,
      effectiveImages: Math.min(...effective),
      effectiveImagesEach: Object.fromEntries(
        names.map((name, a) => [momentName(name), effective[a]]),
      ),
      // each coupling's own mean, where there are several
      ...Object.fromEntries(
        model.statistics.map(({ extent }, a) => [momentName(names[a]), observed.mean[a] / extent]),
      ),
      bondMean: bondMean(problem),
      magnetization: data.spins.reduce((sum, spin) => sum + spin, 0) / data.spins.length,
      sources: record.sources,
      preparation: record.preparation,
    },
    method: record.method,
    methodReason: chooseEstimator(problem, record.options).reason,
    sampler: estimate.sampler ?? null,
    options: { ...record.options, model: shortest(record.options.model) },
    ...(estimate.changes && { changes: estimate.changes }),
    prior: priorWidths(names, record.options.prior),
    estimate: parameters,
    standardError: covariance && errors(names, covariance, model.lattice),
    sandwichError: sandwich && errors(names, sandwich, model.lattice),
    monteCarloError: named(names, estimate.monteCarloError, model.lattice),
    covariance: covariance && names.map((_, a) => Array.from(covariance.slice(a * p, (a + 1) * p))),
    logLikelihoodPerImage: estimate.logLikelihood,
    ...(estimate.bootstrap && { bootstrap: bootstrapOf(names, estimate.bootstrap, model.lattice) }),
    ...(estimate.profile &&
      isReached(estimate.profile) && {
        profile: profileOf(names, estimate.profile, model.lattice),
      }),
    ...(estimate.diagnostics && { diagnostics: diagnostics(names, estimate.diagnostics) }),
    exists: estimate.exists,
    converged: estimate.converged,
    warnings: [
      ...record.dataWarnings,
      ...sequenceWarnings(names, data.images, effective),
      ...estimate.warnings,
      ...changesWarning(estimate),
      ...intervalWarnings(estimate),
      ...priorSentences(problem, estimate, names),
      ...[
        misfitWarning(
          { ...estimate, covariance, sandwich },
          names,
          data.images,
          Math.min(...effective),
        ),
      ].filter((text) => text !== null),
    ],
    trace: traceRows(names, trace),
  });
}

/** That seed and options alone do not bring a fit back whose settings were changed on the way. */
function changesWarning({ changes = [] }: Estimate): string[] {
  if (changes.length === 0) return [];
  const told = changes.map(({ step, alpha, sweepsPerStep }) => {
    const settings = [
      ...(alpha ? [`α = ${alpha.join(', ')}`] : []),
      ...(sweepsPerStep ? [`${sweepsPerStep} sweeps per step`] : []),
    ];
    return `${settings.join(' and ')} from step ${step + 1}`;
  });
  const shown = [...told.slice(0, 3), ...(told.length > 3 ? [`${told.length - 3} more`] : [])];
  return [
    `Settings were changed while the fit ran (${shown.join('; ')}), so that seed and options alone do not bring it back; all changes are in the fit file.`,
  ];
}

/** Widths by parameter, the field's per site; null without a prior. */
function priorWidths(names: readonly string[], prior: FitOptions['prior']): FitFile['prior'] {
  if (prior === null) return null;
  const entries = names.map((name, a) => [
    name === notesField ? fieldPerSite : name,
    prior[prior.length === 1 ? 0 : a],
  ]);
  return Object.fromEntries(entries);
}

function bootstrapOf(
  names: readonly string[],
  found: Bootstrap,
  l: Lattice,
): NonNullable<FitFile['bootstrap']> {
  const { unit, size, worth, replicates, inFull, without, error } = found;
  return {
    unit,
    block: [...size],
    blocks: worth,
    replicates,
    solvedBy: inFull ? 'a fit each' : 'a Newton step each',
    withoutEstimate: without,
    error: named(names, error, l),
    ...intervals(names, found, l),
  };
}

function profileOf(
  names: readonly string[],
  profile: Profile,
  l: Lattice,
): NonNullable<FitFile['profile']> {
  return { reason: profile.reason, by: profile.by, ...intervals(names, profile, l) };
}

/** Ends by parameter; what is out of reach is null. */
function intervals(names: readonly string[], found: Intervals, l: Lattice) {
  const byName = (ends: Intervals['interval95']) => {
    const [low, high] = [0, 1].map((end) =>
      named(
        names,
        ends.map((pair) => pair[end]),
        l,
      ),
    );
    return Object.fromEntries(
      Object.keys(low).map((name): [string, [number | null, number | null]] => [
        name,
        [low[name], high[name]],
      ]),
    );
  };
  return { interval68: byName(found.interval68), interval95: byName(found.interval95) };
}

/** What a person should know of the intervals beyond estimate ± error. */
function intervalWarnings({ bootstrap, profile }: Estimate): string[] {
  const without = bootstrap?.without ?? 0;
  return [
    ...(profile ? [`${profile.reason} ${profileAdvice(profile)}`] : []),
    ...(without > 0
      ? [
          `${without} of the bootstrap’s ${bootstrap?.replicates} data sets have no estimate and are left out: its errors are too small.`,
        ]
      : []),
  ];
}

/** Whether any end of a profile interval was found. */
function isReached({ interval68, interval95 }: Profile): boolean {
  return [...interval68, ...interval95].flat().some(Number.isFinite);
}

function profileAdvice(profile: Profile): string {
  const { interval68, interval95 } = profile;
  if (!isReached(profile)) {
    return 'Its profile intervals are out of reach too, so that ± is the only error there is, and may be far off: more images, or the method exact on a small lattice, would tell.';
  }
  const isWhole = [...interval68, ...interval95].flat().every(Number.isFinite);
  return isWhole
    ? 'Take the profile-likelihood intervals.'
    : 'Take the profile-likelihood intervals as far as they go; more images, or the method exact on a small lattice, would close the others.';
}

/** What the images of a sequence are worth, in the model's statistics. */
function sequenceWarnings(
  names: readonly string[],
  images: number,
  effective: Float64Array,
): string[] {
  const fewest = Math.min(...effective);
  if (fewest === images) return [];
  const [first, ...others] = names.map((name, a) => [
    effective[a].toPrecision(3),
    momentWord(name),
  ]);
  const worth = [
    `${first[0]} independent ones in ${first[1]}`,
    ...others.map(([n, word]) => `${n} in ${word}`),
  ];
  return [
    `Neighbouring images of the ${images} resemble each other: they are worth as much as ${worth.join(', ')}, and the errors are those of so many. Images that are further apart in time or space would say more.`,
    ...[shortSequenceSentence(images, fewest)].filter((text) => text !== null),
  ];
}

/** A specification as version 0.1.0 wrote it where the name says all. */
function shortest(specification: ModelSpecification): ModelSpecification | string {
  return Object.keys(specification).length === 1 ? specification.name : specification;
}

function diagnostics(names: readonly string[], found: Diagnostics): FitFile['diagnostics'] {
  const { chains, measurements, stride, agree, statistics } = found;
  const moments = statistics.map((one, a) => [
    momentName(names[a]),
    one && {
      splitRHat: one.splitRHat,
      effectiveSamples: one.effectiveSamples,
      autocorrelationTime: one.tau,
      autocorrelationTimeError: one.tauError,
    },
  ]);
  return {
    chains,
    measurements,
    sweepsBetween: stride,
    agree,
    moments: Object.fromEntries(moments),
  };
}

/** b̄ over all nearest-neighbour bonds, whatever pairs the model couples. */
function bondMean({ model: { lattice }, data }: Problem): number {
  const [statistic] = zeroFieldModel(lattice).statistics;
  let sum = 0;
  for (let i = 0; i < data.images; i++) sum += statistic.sum(imageSpins(data, i)) / data.images;
  return sum / statistic.extent;
}

/** Values by parameter, h also per site; what is not finite is null, since JSON has no such numbers. */
function named(
  names: readonly string[],
  values: ArrayLike<number>,
  l: Lattice,
): Record<string, number | null> {
  const entries = names.flatMap((name, a): [string, number | null][] => {
    const finite = Number.isFinite(values[a]) ? values[a] : null;
    if (name !== notesField) return [[name, finite]];
    return [
      [name, finite],
      [fieldPerSite, finite === null ? null : finite / siteCount(l)],
    ];
  });
  return Object.fromEntries(entries);
}

function errors(names: readonly string[], matrix: Float64Array, l: Lattice) {
  return named(names, standardErrors(matrix), l);
}

/** A trace as the fit file has it. */
export function traceRows(names: readonly string[], trace: Trace): FitFile['trace'] {
  return Array.from({ length: trace.rows }, (_, row) => {
    const { step, parameters, moments } = trace.at(row);
    const values = names.flatMap((name, a): [string, number][] => [
      [name, parameters[a]],
      [momentName(name), moments[a]],
    ]);
    return { step, ...Object.fromEntries(values) };
  });
}

/** The trace that a fit file holds; files keep no noise, so that it reads as 0. */
export function readTrace(file: FitFile): Trace {
  const names = file.model.parameters;
  const trace = new Trace(names.length);
  const at = (row: Record<string, unknown>, key: string) => {
    const value = row[key];
    return typeof value === 'number' ? value : Number.NaN;
  };
  for (const row of file.trace) {
    trace.push({
      step: row.step,
      parameters: names.map((name) => at(row, name)),
      moments: names.map((name) => at(row, momentName(name))),
      noise: names.map(() => 0),
    });
  }
  return Trace.from(trace.p, trace.slice(), file.trace.at(-1)?.step);
}
