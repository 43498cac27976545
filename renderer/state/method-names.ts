import type { Method } from '../../shared/ising/options.ts';

/** What the window calls the methods. */
export const methodNames: Readonly<Record<Method, string>> = {
  gradient: 'Eq. (4), in steps',
  auto: 'Automatic',
  exact: 'Exact',
  mle: 'Monte Carlo',
  pseudolikelihood: 'Pseudolikelihood',
};

/** The same of a method that a file names, which may be one of another version. */
export function methodName(method: string): string {
  return (methodNames as Readonly<Record<string, string>>)[method] ?? method;
}
