import { z } from 'zod';
import { mostChannels } from '../data/image/channel.ts';
import {
  maxSpins,
  type PreparationOptions,
  resamplings,
  thresholdRules,
} from '../data/image/options.ts';
import { type FitOptions, fewestChains, methods, mostChains } from '../inference/options.ts';
import type { ModelSpecification } from '../models/contract.ts';
import { mostOffsets } from '../models/lattice/offsets.ts';
import { largestTrend } from '../models/lattice/trend.ts';
import { modelNames } from '../models/registry.ts';

/** No parameters. */
export const nothing = z.strictObject({}).default({});

/** The number of a picture in the data set, given by the host. */
export const pictureId = z.int().min(0);

/** The name of a run, given by the host. */
export const runId = z.string().regex(/^[a-z0-9-]{1,64}$/);

export const boundary = z.enum(['free', 'periodic']);

/** A side of a lattice that is to be drawn. */
export const side = z.int().min(1).max(4096);
/** A side of one that pictures or files of spins give. */
const preparedSide = z.int().min(1).max(maxSpins);

/** A seed: an integer 0 … 2⁵³ − 1. */
export const seed = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Step sizes α of eq. (4), one a parameter or one for all. */
export const alpha = z.array(z.number().positive().max(1e6)).min(1).max(64).readonly();

export const sweepsPerStep = z.int().min(1).max(1_000_000);

/** Settings of eq. (4) that were changed on the way, each after so many steps. */
export const changes = z
  .array(
    z.strictObject({
      step: z.int().min(0),
      alpha: alpha.optional(),
      sweepsPerStep: sweepsPerStep.optional(),
    }),
  )
  .readonly();

/** Threads that sample at once. */
export const threads = z.int().min(1).max(256);

const offset = z.tuple([z.int().min(-4096).max(4096), z.int().min(-4096).max(4096)]).readonly();

const modelName = z.string().refine((name) => modelNames.some((known) => known === name));

/**
 * A model's specification. The name alone stands for a model that needs nothing else, as in files of
 * version 0.1.0.
 */
export const modelSpecification = z.union([
  modelName.transform((name): ModelSpecification => ({ name })),
  z.strictObject({
    name: modelName,
    offsets: z
      .array(z.array(offset).min(1).max(mostOffsets).readonly())
      .min(1)
      .max(mostOffsets)
      .readonly()
      .optional(),
    trend: z.int().min(0).max(largestTrend).optional(),
  }),
]) satisfies z.ZodType<ModelSpecification>;

/** Options of a fit (see `shared/inference/options.ts`). */
export const fitOptions = z.strictObject({
  model: modelSpecification,
  boundary,
  method: z.enum(methods),
  seed,
  steps: z.int().min(1),
  gradient: z.strictObject({
    alpha,
    decay: z.number().min(0),
    sweepsPerStep,
    chains: z.int().min(fewestChains).max(mostChains),
    start: z.array(z.number()).min(1).max(64).readonly().nullable(),
  }),
  prior: z.array(z.number().positive().max(1e6)).min(1).max(64).readonly().nullable().default(null),
}) satisfies z.ZodType<FitOptions>;

/** A rectangle in source pixels. */
export const crop = z.strictObject({
  x: z.int().min(0),
  y: z.int().min(0),
  width: z.int().min(1),
  height: z.int().min(1),
});

/** How pictures become spins (see `shared/data/image/options.ts`). */
export const preparationOptions = z.strictObject({
  crop: crop.nullable(),
  rows: preparedSide.nullable(),
  cols: preparedSide.nullable(),
  tile: z.int().min(1).nullable(),
  resample: z.enum(resamplings),
  // absent in files of older versions
  channel: z
    .union([z.enum(['mean', 'luminance']), z.int().min(1).max(mostChannels)])
    .nullable()
    .default(null),
  threshold: z.union([z.enum(thresholdRules), z.number().min(0).max(255)]),
  invert: z.boolean(),
}) satisfies z.ZodType<PreparationOptions>;
