import { defaultPreparation, type PreparationOptions } from '../../shared/data/image/options.ts';
import type { Rectangle } from '../../shared/data/image/region.ts';
import type { FitOptions } from '../../shared/inference/options.ts';
import type { PictureInfo } from '../../shared/protocol/data.ts';
import type { Preparation } from '../../shared/protocol/preparation.ts';
import type { FitResult, FittedSource } from '../../shared/protocol/runs.ts';

/** Whether a result was made with other settings than those that the next fit would use. */
export function isStale(used: FitOptions, present: FitOptions): boolean {
  const relevant = ({ gradient, ...options }: FitOptions) =>
    // α and the like only matter to the method that has them
    options.method === 'gradient' ? { ...options, ...gradient } : options;
  const [a, b] = [new Map(Object.entries(relevant(used))), Object.entries(relevant(present))];
  return b.some(([name, value]) => JSON.stringify(a.get(name)) !== JSON.stringify(value));
}

/**
 * Whether the data of a result are known to be others than those that the next fit would use: other pictures, files
 * that have changed, or another preparation.
 */
export function comesFromOthers(
  { preparation }: FitResult['data'],
  sources: readonly FittedSource[],
  pictures: readonly PictureInfo[],
  present: Preparation,
): boolean {
  const used = new Map(sources.map((source) => [source.path, source]));
  const found = new Set<string>();
  const crops: Record<string, Rectangle> = {};
  for (const { id, name, origin, failure, missing, sha256, changed, synthetic } of pictures) {
    // as a fit file names it
    const path = [origin, name].find((candidate) => used.has(candidate));
    const source = path === undefined ? undefined : used.get(path);
    const crop = present.crops[id];
    if (!path || !source) {
      if (failure === null) return true;
      continue;
    }
    if (crop) crops[path] = crop;
    found.add(path);
    if (missing) continue;
    if (changed || (sha256 !== null && sha256 !== source.sha256)) return true;
    if (!same(synthetic, source.synthetic ?? null)) return true;
  }
  if (found.size < used.size) return true;
  if (preparation === null) return false;
  // what files of older versions do not say is as the defaults are
  const then: Readonly<Record<string, unknown>> = {
    ...{ ...defaultPreparation, crops: {} },
    ...preparation,
  };
  // sides that are left to the pictures are written down as they came out
  const left = ({ rows, cols }: PreparationOptions) => ({
    ...(rows === null && { rows: then.rows }),
    ...(cols === null && { cols: then.cols }),
  });
  const now = { ...present.options, ...left(present.options), crops };
  return Object.entries(now).some(([name, value]) => !same(then[name], value));
}

/** Whatever the order of their entries. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return a === b;
  const [one, other] = [a, b] as Readonly<Record<string, unknown>>[];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => same(one[key], other[key]));
}
