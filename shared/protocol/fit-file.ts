import { z } from 'zod';
import { checkSchema } from './check-file.ts';
import { atMost, mostPictures, mostTraceRows } from './limits.ts';
import { parseJson } from './parse-json.ts';
import { changes } from './schemas.ts';
import { syntheticRecipe } from './synthetic.ts';

const count = z.int().min(0);
const number = z.number();
/** A number, or an array of numbers of any shape for parameters that differ from bond to bond. */
const value: z.ZodType<number | Values> = z.lazy(() => z.union([number, z.array(value)]));
type Values = (number | Values)[];
/** Low and high end by parameter; null where it is out of reach. */
const ends = z.record(z.string(), z.tuple([number.nullable(), number.nullable()]));
const optionalByParameter = z.record(z.string(), value.nullable()).nullable();

/** A file that was fitted; of a synthetic set, which is no file of anybody, also what it was drawn from. */
export const fittedSource = z.looseObject({
  path: z.string(),
  sha256: z.string(),
  windows: count,
  /** Later than the first files. */
  synthetic: syntheticRecipe.optional(),
});

/**
 * A fit file, `*.fit.json`: what one fit was made from and what it gave. Unknown members are kept, since
 * later versions add to it and never rename. `docs/fit-file.md` describes it.
 */
export const fitFileSchema = z.looseObject({
  format: z.literal('isinglass-fit'),
  version: z.literal(1),
  program: z.looseObject({ name: z.string(), version: z.string() }),
  created: z.iso.datetime(),
  seed: count,
  seconds: number.min(0),
  model: z.looseObject({
    name: z.string(),
    rows: count,
    cols: count,
    boundary: z.enum(['free', 'periodic']),
    parameters: z.array(z.string()),
    convention: z.string(),
  }),
  data: z.looseObject({
    images: count,
    effectiveImages: number,
    /** By moment; `effectiveImages` is the fewest. Later than the first files. */
    effectiveImagesEach: z.record(z.string(), number).optional(),
    bondMean: number,
    magnetization: number,
    sources: atMost(mostPictures, 'sources', fittedSource),
    preparation: z.record(z.string(), z.unknown()).nullable(),
  }),
  method: z.string(),
  /** Why `auto` took it, a sentence; null where it was asked for. Later than the first files. */
  methodReason: z.string().nullish(),
  /** What was sampled by, and why; null for methods that sample nothing, absent in older files. */
  sampler: z.string().nullish(),
  options: z.record(z.string(), z.unknown()),
  /** Settings of eq. (4) that were changed while it ran; absent where none were. */
  changes: changes.optional(),
  /** Standard deviations of the Gaussian prior about 0, the field's per site; null without, absent in older files. */
  prior: z.record(z.string(), number).nullish(),
  estimate: z.record(z.string(), value.nullable()),
  standardError: optionalByParameter,
  sandwichError: optionalByParameter,
  monteCarloError: optionalByParameter,
  /** Errors and percentile intervals from resampled blocks of the data; absent where there are too few. */
  bootstrap: z
    .looseObject({
      unit: z.enum(['images', 'tiles']),
      block: z.array(count),
      blocks: number,
      replicates: count,
      solvedBy: z.string(),
      withoutEstimate: count,
      error: z.record(z.string(), number.nullable()),
      interval68: ends,
      interval95: ends,
    })
    .optional(),
  /** Profile-likelihood intervals, and why estimate ± error is doubtful; absent where it is not. */
  profile: z
    .looseObject({ reason: z.string(), by: z.string(), interval68: ends, interval95: ends })
    .optional(),
  covariance: z.array(z.array(number)).nullable(),
  logLikelihoodPerImage: number.nullable(),
  /** Missing where the fit was not checked. */
  check: checkSchema.optional(),
  /** How well the chains were mixed, by moment; absent where nothing was sampled. */
  diagnostics: z
    .looseObject({
      chains: count,
      measurements: count,
      sweepsBetween: count,
      agree: z.boolean(),
      moments: z.record(
        z.string(),
        z
          .looseObject({
            splitRHat: number,
            effectiveSamples: number,
            autocorrelationTime: number,
            autocorrelationTimeError: number,
          })
          .nullable(),
      ),
    })
    .optional(),
  exists: z.boolean(),
  converged: z.boolean(),
  warnings: z.array(z.string()),
  trace: atMost(mostTraceRows, 'rows of a trace', z.looseObject({ step: count })),
});

export type FitFile = z.infer<typeof fitFileSchema>;

/** What was fitted, but for the list of its files. */
export type FitData = {
  readonly [Key in keyof FitFile['data'] as Key extends 'sources'
    ? never
    : Key]: FitFile['data'][Key];
};

/** A fit file that cannot be read; the message is a sentence. */
export class FitFileError extends Error {
  override readonly name = 'FitFileError';
}

/**
 * Reads a fit file.
 *
 * @param name what to call it in a sentence
 * @throws FitFileError if it is no fit file, is damaged, or was written by a newer version
 */
export function parseFitFile(text: string, name: string): FitFile {
  let content: unknown;
  try {
    content = parseJson(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FitFileError(
      `${name} is not a fit file: it is not JSON as this program writes it (${reason}).`,
    );
  }
  const head = z
    .looseObject({
      format: z.literal('isinglass-fit'),
      version: z.int(),
      program: z.looseObject({ name: z.string(), version: z.string() }),
    })
    .safeParse(content);
  if (!head.success) throw new FitFileError(`${name} is not a fit file of Isinglass.`);
  if (head.data.version !== 1) {
    const { program, version } = head.data;
    throw new FitFileError(
      `${name} was written by ${program.name} ${program.version} in version ${version} of the format; this program reads version 1. Open it with that program, or a newer one.`,
    );
  }
  const file = fitFileSchema.safeParse(content);
  if (!file.success) {
    const [issue] = file.error.issues;
    throw new FitFileError(`${name} is damaged: ${issue.path.join('.')}: ${issue.message}.`);
  }
  return file.data;
}
