import { z } from 'zod';
import { mostBatches } from '../inference/estimators/averaging.ts';
import type { GradientSnapshot } from '../inference/estimators/gradient.ts';
import type { MleSnapshot } from '../inference/estimators/mle-state.ts';
import { mostChains } from '../inference/options.ts';
import { atMost } from './limits.ts';
import { alpha, changes, sweepsPerStep } from './schemas.ts';

/*
 * The states that fits go on from. A project's hashes tell damage; they cannot tell a state that somebody has made up,
 * and such a one must cost a sentence and no more: no endless slice, and no array larger than the file.
 */

const finite = z.number();
const count = z.int().min(0);
/** Where infinity, or the lack of a value, is meant. */
const anyNumber = z.custom<number>((value) => typeof value === 'number');
const float64 = z.instanceof(Float64Array);
/** So many numbers; NaN among them is what was not known. */
const numbers = (length: number) => float64.refine((array) => array.length === length);
const parameters = (p: number) => numbers(p).refine((array) => array.every(Number.isFinite));

/** Sweeps between two looks at what else there is to do. */
const sweeps = z.int().min(0).max(1_000_000);

const mixing = (sites: number) => {
  // single clusters visit about every site once
  const clusters = count.max(4 * sites);
  const updates = z.looseObject({ heatBath: sweeps, swendsenWang: sweeps, wolff: clusters });
  return z.looseObject({
    updates,
    work: finite,
    note: z.string().max(10_000),
    comparisons: count,
    done: finite,
    pilot: z
      .looseObject({
        missing: z.array(anyNumber).max(1024).nullable(),
        measured: z.array(z.looseObject({ updates, work: finite, tau: z.array(anyNumber) })).max(8),
        waiting: z.array(updates).max(8),
        warmUps: count,
        wolff: clusters,
        visited: finite,
        wanted: count,
        stride: sweeps.min(1),
        made: float64,
        sites: finite,
      })
      .nullable(),
    begun: z.looseObject({ parts: count, visited: finite }).optional(),
  });
};

const kernel = z.looseObject({
  version: z.literal(1),
  kernel: z.string().max(100),
  rows: count,
  cols: count,
  boundary: z.string().max(100),
  chains: count,
  parameters: z.array(finite).max(1024),
  state: z.instanceof(Uint8Array),
});

const series = (p: number) =>
  z
    .looseObject({
      statistics: z.literal(p),
      chains: count,
      measurements: count,
      values: float64,
      scores: float64.optional(),
    })
    .refine(({ measurements, chains, values, scores = values }) =>
      [values, scores].every(({ length }) => length === measurements * chains * p),
    );

const gradient = (p: number, sites: number): z.ZodType<GradientSnapshot> =>
  z.looseObject({
    theta: parameters(p),
    step: count,
    nextCheck: count,
    held: z.boolean().optional(),
    alpha,
    sweepsPerStep,
    swept: sweeps.optional(),
    outcome: z.enum(['running', 'converged', 'exhausted', 'diverged']),
    average: z
      .looseObject({
        steps: count,
        length: z.int().min(1),
        // of any number of chains: what does not fit those of the sampler begins anew
        sums: float64.refine(({ length }) => length % (mostBatches * p) === 0),
      })
      .refine(({ steps, length }) => steps < mostBatches * length)
      .optional(),
    changes: changes.optional(),
    trace: float64.optional(),
    mixing: mixing(sites).optional(),
    kernels: atMost(mostChains, 'kernels', kernel),
  });

const mle = (p: number, sites: number): z.ZodType<MleSnapshot> =>
  z.looseObject({
    centre: parameters(p),
    mirrored: z.boolean(),
    theta: parameters(p),
    stride: sweeps.min(1),
    waited: count.optional(),
    forget: count,
    forgotten: count,
    keep: count,
    stage: count,
    slices: count,
    unmixed: count,
    generator: z.instanceof(Uint32Array).refine((array) => array.length === 4),
    found: z
      .looseObject({
        theta: parameters(p),
        near: z.boolean(),
        mean: numbers(p),
        covariance: numbers(p * p),
        meanCovariance: numbers(p * p),
        monteCarlo: numbers(p * p),
        tau: numbers(p),
        slowness: numbers(p),
        drift: anyNumber,
      })
      .nullable(),
    outcome: z.enum(['running', 'converged', 'exhausted', 'diverged']),
    samples: series(p),
    rows: count.optional(),
    trace: float64.optional(),
    mixing: mixing(sites).optional(),
    kernels: atMost(mostChains, 'kernels', kernel),
  });

/**
 * Whether it is a state as `FitRun.snapshot` gives them: null begins anew.
 *
 * @param p number of the model's parameters
 * @param sites of the lattice
 */
export function isFitState(value: unknown, p: number, sites: number): boolean {
  return z
    .union([gradient(p, sites), mle(p, sites)])
    .nullable()
    .safeParse(value).success;
}
