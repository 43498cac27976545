import { siteCount } from '../lattice.ts';
import type { Model } from '../model.ts';
import { enumeration, largestEnumeration } from './enumeration.ts';
import type { ExactMethod } from './method.ts';
import { transferMatrix, widestTransferMatrix } from './transfer-matrix.ts';

/** The cheapest exact method for a model; null where there is none. */
export function exactMethodFor(model: Model): ExactMethod | null {
  const enumerated = siteCount(model.lattice) <= largestEnumeration ? enumeration(model) : null;
  const transfer = transferMatrix(model);
  if (enumerated === null || transfer === null) return enumerated ?? transfer;
  return transfer.cost < enumerated.cost ? transfer : enumerated;
}

/** Why `exactMethodFor` gave none, in a sentence. */
export function whyNotExact({ name, lattice: { rows, cols, boundary } }: Model): string {
  return `No exact method applies to the ${name} model on ${rows} × ${cols} with ${boundary} edges: enumeration goes up to ${largestEnumeration} sites, the transfer matrix takes the uniform model with free edges and a shorter side of at most ${widestTransferMatrix}. Use --method mle.`;
}
