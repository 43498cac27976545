import { nearestNeighbours } from '../../models/lattice/nearest-neighbours.ts';
import type { Problem } from '../run.ts';

/** Images from which on a likelihood is a parabola, unless the data lie near the hull's edge. */
const enoughImages = 20;
/** Unsatisfied bonds, or minority spins, in all images that are enough for it. */
const enoughExceptions = 100;

/**
 * Whether the likelihood may be no parabola about the estimate: there are few images, or few exceptions from
 * what all bonds or spins of the data show, since they lie near the hull's edge.
 */
export function isSuspect({ model, observed }: Problem, images: number): boolean {
  if (images < enoughImages) return true;
  const exceptions = model.statistics.map(
    ({ extent, weight }, a) => (extent - Math.abs(observed.mean[a])) / weight / 2,
  );
  const nearest = nearestNeighbours(model);
  if (nearest !== null && nearest.along === nearest.across && nearest.field !== null) {
    const coupling = model.statistics[nearest.along];
    const field = model.statistics[nearest.field];
    // of the chord from the checkerboard to the uniform configuration, on tori the lower edge itself
    const chord = coupling.extent * (2 * Math.abs(observed.mean[nearest.field] / field.extent) - 1);
    exceptions.push((observed.mean[nearest.along] - chord) / 2);
  }
  return exceptions.some((number) => number * images < enoughExceptions);
}
