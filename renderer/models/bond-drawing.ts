import type { Offset } from '../../shared/models/lattice/offsets.ts';

/** A bond of a drawing: from the centre to an offset, with the class whose colour it has. */
export interface DrawnBond {
  readonly offset: Offset;
  readonly kind: number;
}

/** The bonds that each model's picture shows; those of `neighbourhood` are the specification's own. */
export const drawings: Readonly<Record<string, readonly DrawnBond[]>> = {
  uniform: [
    { offset: [0, 1], kind: 0 },
    { offset: [1, 0], kind: 0 },
  ],
  anisotropic: [
    { offset: [0, 1], kind: 0 },
    { offset: [1, 0], kind: 1 },
  ],
  'zero-field': [
    { offset: [0, 1], kind: 0 },
    { offset: [1, 0], kind: 0 },
  ],
  neighbourhood: [
    { offset: [0, 1], kind: 0 },
    { offset: [1, 0], kind: 0 },
    { offset: [1, 1], kind: 1 },
    { offset: [1, -1], kind: 1 },
  ],
};
