import { z } from 'zod';
import type { Check } from '../ising/check/check.ts';
import { directions } from '../ising/check/correlations.ts';
import { families } from '../ising/check/statistics.ts';

const number = z.number();
const axis = z.looseObject({
  parameter: z.string(),
  min: number,
  max: number,
  count: z.int().min(2),
});
const marked = z.looseObject({ J: number, hPerSite: number }).nullable();

/** The member `check` of a fit file: whether the model describes the pictures (`docs/checks.md`). */
export const checkSchema: z.ZodType<Check> = z.looseObject({
  seed: z.int().min(0),
  sentence: z.string(),
  overallP: number,
  resolution: number,
  drawnSets: z.int(),
  imagesPerSet: z.int(),
  findings: z
    .array(
      z.looseObject({
        name: z.string(),
        title: z.string(),
        family: z.enum(families),
        direction: z.enum(directions).nullable(),
        distance: number.nullable(),
        data: number,
        model: number,
        low: number,
        high: number,
        z: number,
        pValue: number,
        adjustedP: number,
        verdict: z.enum(['agrees', 'chance', 'differs']),
        sentence: z.string(),
        isNamed: z.boolean().optional(),
      }),
    )
    .readonly(),
  misfit: z.string().nullable(),
  evidence: z.looseObject({
    logZ: z.looseObject({ value: number, error: number, method: z.string() }),
    logLikelihoodPerImage: number,
    logLikelihoodError: number,
    bitsPerPixel: number,
    bitsPerPixelError: number,
    independentBitsPerPixel: number,
    aic: number,
    bic: number,
    aicGain: number,
    criterionError: number,
  }),
  map: z
    .looseObject({
      x: axis,
      y: axis,
      values: z.array(number).readonly(),
      depths: z.looseObject({ '68': number, '95': number }),
      method: z.enum(['exact', 'reweighting']),
      continued: z.array(z.int()).readonly(),
    })
    .nullable(),
  marks: z.looseObject({ pseudolikelihood: marked, exact: marked }),
  position: z.looseObject({
    infiniteLength: number.nullable(),
    measuredLength: z.looseObject({ length: number, error: number }).nullable(),
    distance: number.nullable(),
    sentence: z.string(),
  }),
  warnings: z.array(z.string()).readonly(),
});
