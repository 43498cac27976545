import { z } from 'zod';
import { alternativeKinds } from '../assessment/alternatives.ts';
import type { Check } from '../assessment/check.ts';
import { directions } from '../assessment/correlations.ts';
import { families } from '../assessment/statistics.ts';

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
  verdict: z.enum(['describes', 'differs']).optional(),
  sentence: z.string(),
  reach: z.string().nullable().optional(),
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
  scores: z
    .array(
      z.looseObject({
        kind: z.enum(alternativeKinds),
        title: z.string(),
        pValue: number,
        adjustedP: number,
        directions: z
          .array(
            z.looseObject({
              parameter: z.string(),
              estimate: number,
              error: number,
              detectable: number,
              bias: z
                .looseObject({ parameter: z.string(), shift: number, errors: number })
                .nullable(),
            }),
          )
          .min(1)
          .readonly(),
        verdict: z.enum(['agrees', 'differs']),
        sentence: z.string(),
        reach: z.string(),
      }),
    )
    .readonly()
    .optional(),
  levels: z.looseObject({ scores: number, statistics: number, power: number }).optional(),
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
    bicImages: number.optional(),
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
