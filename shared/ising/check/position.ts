import { criticalCoupling, infiniteCorrelationLength } from './correlation-length.ts';

/** Where an estimate lies in the phase diagram of the infinite lattice. */
export interface Position {
  /** ξ at h = 0 and this coupling on the infinite lattice; null at J_c, where it has no bound. */
  readonly infiniteLength: number | null;
  /** ξ of the fitted model as drawn, from its connected correlation along rows and columns; null if too short to measure. */
  readonly measuredLength: { readonly length: number; readonly error: number } | null;
  /** (|J| − J_c) over the standard error of J; null without one. */
  readonly distance: number | null;
  readonly sentence: string;
}

/** A coupling this many standard errors from J_c, a field this many from 0, counts as there. */
const same = 2;

/**
 * @param J mean coupling, with its standard error or null
 * @param h field per site, with its standard error or null
 */
export function positionOf(
  J: { readonly value: number; readonly error: number | null },
  h: { readonly value: number; readonly error: number | null } | null,
  measuredLength: Position['measuredLength'],
): Position {
  const distance =
    J.error === null || J.error === 0 ? null : (Math.abs(J.value) - criticalCoupling) / J.error;
  const length = infiniteCorrelationLength(J.value);
  const infiniteLength = Number.isFinite(length) ? length : null;
  const hasField =
    h !== null && (h.error === null ? h.value !== 0 : Math.abs(h.value) > same * h.error);
  return {
    infiniteLength,
    measuredLength,
    distance,
    sentence: words(J.value, hasField, distance, infiniteLength, measuredLength),
  };
}

function words(
  J: number,
  hasField: boolean,
  distance: number | null,
  infiniteLength: number | null,
  measured: Position['measuredLength'],
): string {
  const critical = J < 0 ? '−J_c' : 'J_c';
  const value = criticalCoupling.toFixed(4);
  const far = distance === null ? '' : ` by ${Math.abs(distance).toPrecision(2)} standard errors`;
  const drawn =
    measured === null
      ? ''
      : ` Correlations of the fitted model fall off over ${measured.length.toPrecision(2)} ± ${measured.error.toPrecision(1)} sites.`;
  if (hasField && J >= 0) {
    const side = J < criticalCoupling ? 'below' : 'above';
    return `With a field there is no phase transition; J lies ${side} ${critical} = ${value}, where one would be without it.${drawn}`;
  }
  if (distance !== null && Math.abs(distance) < same) {
    return `J cannot be told from ${critical} = ${J < 0 ? '−' : ''}${value}: the pictures look critical, with structure on all scales.${drawn}`;
  }
  const reach =
    infiniteLength === null
      ? ''
      : `, where correlations reach ${infiniteLength.toPrecision(2)} sites on the infinite lattice`;
  if (Math.abs(J) < criticalCoupling) {
    return `J lies on the disordered side of ${critical} = ${J < 0 ? '−' : ''}${value}${far}${reach}.${drawn}`;
  }
  const order = J < 0 ? 'a checkerboard' : 'one colour';
  return `J lies on the ordered side of ${critical} = ${J < 0 ? '−' : ''}${value}${far}: ${order} prevails over any distance, and what differs from it reaches ${infiniteLength?.toPrecision(2) ?? '–'} sites.${drawn}`;
}
