import { defaultFitOptions, type FitOptions } from '../../inference/options.ts';
import { fitOptions } from '../../protocol/schemas.ts';

/**
 * Options of a fit as a file has them; what its version did not know yet takes its default.
 *
 * @throws ZodError where a value is none that this version knows
 */
export function readFitOptions(stored: { readonly [name: string]: unknown }): FitOptions {
  const { gradient, ...options } = stored;
  return fitOptions.parse({
    ...defaultFitOptions,
    ...options,
    gradient: { ...defaultFitOptions.gradient, ...(gradient as object) },
  });
}
