import { withError } from '../numerics/rounding.ts';
import {
  chainCorrelationLength,
  criticalCoupling,
  infiniteCorrelationLength,
} from './correlation-length.ts';

/** Where an estimate lies in the phase diagram of the infinite lattice, or of an endless row. */
export interface Position {
  /** ξ at h = 0 and this coupling on the infinite lattice; null at J_c, where it has no bound, and with two couplings. */
  readonly infiniteLength: number | null;
  /** ξ of the fitted model as drawn, from its connected correlation along rows and columns; null if it cannot be measured. */
  readonly measuredLength: { readonly length: number; readonly error: number } | null;
  /** (|J| − J_c) over the standard error of J; null without either. */
  readonly distance: number | null;
  readonly sentence: string;
}

/** A coupling this many standard errors from J_c, a field this many from 0, counts as there. */
const same = 2;
/** Standard error of J beyond which near and far from J_c are the same. */
const vague = criticalCoupling / 8;
const value = criticalCoupling.toFixed(4);

/** What of a fitted model says where it lies. */
interface Place {
  /** Whether it is a model of nearest neighbours with at most a uniform field, whose transition is known. */
  readonly isNearest: boolean;
  /** One coupling, or that along the rows and that along the columns. */
  readonly couplings: readonly number[];
  /** Standard error of the one coupling; null where there is none, or two couplings. */
  readonly error: number | null;
  /** Field per site with its standard error or null; null for a model without. */
  readonly field: { readonly value: number; readonly error: number | null } | null;
  /** Whether the lattice is a single row or column. */
  readonly isRow: boolean;
  readonly measuredLength: Position['measuredLength'];
}

export function positionOf(place: Place): Position {
  const { couplings, error, isNearest, isRow, measuredLength } = place;
  const [J] = couplings;
  const isSquare = isNearest && couplings.length === 1 && !isRow;
  const distance = isSquare && error ? (Math.abs(J) - criticalCoupling) / error : null;
  const length = isSquare ? infiniteCorrelationLength(J) : chainCorrelationLength(J);
  const infiniteLength =
    (isSquare || (isNearest && isRow)) && Number.isFinite(length) ? length : null;
  const drawn = measuredLength
    ? ` Correlations of the fitted model fall off over ${inSites(measuredLength)} sites.`
    : '';
  return {
    infiniteLength,
    measuredLength,
    distance,
    sentence: `${words(place, distance, infiniteLength)}${drawn}`,
  };
}

/** The error is only what the number of drawn sets leaves open. */
function inSites({ length, error }: NonNullable<Position['measuredLength']>): string {
  return error > length / 20 ? withError(length, error) : `about ${length.toPrecision(2)}`;
}

function words(
  { couplings, error, field, isNearest, isRow }: Place,
  distance: number | null,
  infiniteLength: number | null,
): string {
  const [J, other] = couplings;
  if (!isNearest) {
    return 'Where this model has a phase transition is not known here: J_c is that of nearest neighbours without a field, or with one that is the same everywhere.';
  }
  if (isRow) {
    const sites = infiniteLength === null ? '' : `, over ${infiniteLength.toPrecision(2)} sites`;
    return `A single row has no phase transition: whatever the coupling, correlations fall off${sites} without a field.`;
  }
  if (other !== undefined) {
    const product = Math.sinh(2 * Math.abs(J)) * Math.sinh(2 * Math.abs(other));
    const side = product < 1 ? 'disordered' : 'ordered';
    return `The couplings lie on the ${side} side of the phase transition without a field: sinh 2|Jx| · sinh 2|Jy| is ${product.toPrecision(2)}, and 1 at the transition.`;
  }
  const critical = J < 0 ? `−J_c = −${value}` : `J_c = ${value}`;
  const hasField =
    field !== null &&
    (field.error === null ? field.value !== 0 : Math.abs(field.value) > same * field.error);
  if (hasField && J >= 0) {
    const side = J < criticalCoupling ? 'below' : 'above';
    return `With a field there is no phase transition; J lies ${side} ${critical}, where one would be without it.`;
  }
  if (distance !== null && Math.abs(distance) < same) {
    return error !== null && error > vague
      ? `J is too uncertain to say on which side of ${critical} it lies.`
      : `J cannot be told from ${critical}: the pictures look critical, with structure on all scales.`;
  }
  const far = distance === null ? '' : ` by ${Math.abs(distance).toPrecision(2)} standard errors`;
  if (Math.abs(J) < criticalCoupling) {
    const reach =
      infiniteLength === null
        ? ''
        : `, where correlations reach ${infiniteLength.toPrecision(2)} sites on the infinite lattice`;
    return `J lies on the disordered side of ${critical}${far}${reach}${hasField ? ' without a field' : ''}.`;
  }
  if (hasField) {
    return `J lies beyond ${critical}${far}, where a checkerboard prevails without a field; a field moves the transition to stronger couplings.`;
  }
  const order = J < 0 ? 'a checkerboard' : 'one colour';
  const patches =
    infiniteLength === null
      ? ''
      : `, but for patches of about ${infiniteLength.toPrecision(2)} sites`;
  return `J lies on the ordered side of ${critical}${far}: without a field and on an infinite lattice ${order} would prevail${patches}.`;
}
