import type { FitOptions } from '../../shared/ising/options.ts';

/** Whether a result was made with other settings than those that the next fit would use. */
export function isStale(used: FitOptions, present: FitOptions): boolean {
  const relevant = ({ gradient, ...options }: FitOptions) =>
    // α and the like only matter to the method that has them
    options.method === 'gradient' ? { ...options, ...gradient } : options;
  const [a, b] = [new Map(Object.entries(relevant(used))), Object.entries(relevant(present))];
  return b.some(([name, value]) => JSON.stringify(a.get(name)) !== JSON.stringify(value));
}
