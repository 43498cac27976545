import { z } from 'zod';
import { maxSpins } from '../data/image/options.ts';
import { drawMethods } from '../sampling/drawing/methods.ts';
import { boundary, seed, side } from './schemas.ts';

const recipe = {
  rows: side,
  cols: side,
  boundary,
  J: z.number().min(-10).max(10),
  /** The notes' h (per-site field × n). */
  h: z.number().min(-1e7).max(1e7),
  count: z.int().min(1).max(100_000),
  /** Burn-in of each configuration from a random start, of a method that is asked for by name. */
  sweeps: z.int().min(1).max(1e6),
  seed,
};

/** A file of spins holds no more. */
const readable = [
  ({ rows, cols, count }: { rows: number; cols: number; count: number }) =>
    rows * cols * count <= maxSpins,
  { error: `rows × cols × count is more than ${maxSpins} spins` },
] as const;

const method = z.enum(drawMethods);

/** A synthetic data set: independent configurations at known parameters. */
export const syntheticOptions = z
  .strictObject({ ...recipe, method: method.default('auto') })
  .refine(...readable);

export type SyntheticOptions = z.infer<typeof syntheticOptions>;

/** The same as files hold it, to which later versions may add. Files of version 0.1.0 name no method: they drew by heat-bath. */
export const syntheticRecipe = z
  .looseObject({ ...recipe, method: method.default('heat-bath') })
  .refine(...readable);
