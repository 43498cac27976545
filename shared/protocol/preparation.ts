import { z } from 'zod';
import type { Rectangle } from '../data/image/region.ts';
import { takes } from './declare.ts';
import type { SourceFailure } from './failure.ts';
import { boundary, crop, nothing, pictureId, preparationOptions } from './schemas.ts';

/** How the whole set is prepared: options for all, and crops of single pictures that differ. */
export const preparation = z.strictObject({
  options: preparationOptions,
  /** Crop by picture id (as a decimal string, as JSON has it). */
  crops: z.record(z.string().regex(/^\d{1,9}$/), crop),
});

/** Crops as a fit file has them: its reader numbers pictures anew. */
export const cropsByPath = z.record(z.string(), crop);

export type Preparation = z.infer<typeof preparation>;

/** One picture as a fit would see it. */
export interface Preview {
  readonly rows: number;
  readonly cols: number;
  readonly windows: number;
  /** windows × n, ±1. */
  readonly spins: Int8Array;
  /** On the 0 … 255 scale; null for the adaptive threshold and for files of spins. */
  readonly threshold: number | null;
  /** 256 counts of the region's grey values; all 0 for files of spins. */
  readonly histogram: Uint32Array;
  /** Part of the picture that was used, in source pixels; null for files of spins. */
  readonly region: Rectangle | null;
  /** b and m of every window, window by window. */
  readonly moments: Float64Array;
  /** b̄ over the windows. */
  readonly bondMean: number;
  /** m̄ over the windows. */
  readonly magnetization: number;
  readonly warnings: readonly string[];
}

/** The whole set as a fit would see it. The share of up spins is (1 + m̄)/2. */
export interface PreparedSummary {
  readonly images: number;
  readonly rows: number;
  readonly cols: number;
  readonly bondMean: number;
  readonly magnetization: number;
  readonly failures: readonly SourceFailure[];
  readonly warnings: readonly string[];
}

export const preparationRequests = {
  get: takes(nothing).gives<Preparation>(),
  set: takes(preparation).gives<void>(),
  preview: takes(
    z.strictObject({ picture: pictureId, options: preparationOptions, boundary }),
  ).gives<Preview>(),
  /** Prepares every picture (with progress); a later call takes back an earlier one. */
  summary: takes(z.strictObject({ boundary })).gives<PreparedSummary>(),
};
