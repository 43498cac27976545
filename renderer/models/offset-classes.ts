import {
  canonical,
  mostOffsets,
  type Offset,
  sameOffset,
} from '../../shared/models/lattice/offsets.ts';

type Classes = readonly (readonly Offset[])[];

/** The class of an offset; −1 where it is in none. */
export function classOf(classes: Classes, offset: Offset): number {
  return classes.findIndex((offsets) => offsets.some((other) => sameOffset(other, offset)));
}

/**
 * Classes after a click on an offset: into the chosen class, or out of it where it was in that one. Empty classes
 * vanish, so that couplings are numbered without gaps; a click that would leave no offset, or take more than there may
 * be, changes nothing.
 *
 * @param chosen the class that clicks fill; one more than there are begins a new one
 */
export function toggled(classes: Classes, offset: Offset, chosen: number): Classes {
  const was = classOf(classes, offset);
  const without = classes.map((offsets) => offsets.filter((other) => !sameOffset(other, offset)));
  const next =
    was === chosen
      ? without
      : Array.from({ length: Math.max(without.length, chosen + 1) }, (_, kind) =>
          kind === chosen ? [...(without[kind] ?? []), canonical(offset)] : (without[kind] ?? []),
        );
  const kept = next.filter((offsets) => offsets.length > 0);
  return kept.length === 0 || kept.flat().length > mostOffsets ? classes : kept;
}
