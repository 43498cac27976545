import { isField, type Model } from '../models/contract.ts';
import { kaufman } from '../models/lattice/exact/kaufman.ts';
import { siteCount } from '../models/lattice/lattice.ts';
import { nearestNeighbours } from '../models/lattice/nearest-neighbours.ts';
import { dot } from '../numerics/symmetric.ts';

/** log Z(θ) and how it was found. */
export interface LogZ {
  readonly value: number;
  /** One standard deviation; 0 where it is exact. */
  readonly error: number;
  /** "transfer matrix, …", "thermodynamic integration from J = 0, 23 points". */
  readonly method: string;
}

/** How well a model predicts its data, in numbers that can be compared between models of the same data. */
export interface Evidence {
  readonly logZ: LogZ;
  /** ℓ = θ̂·T̄ − log Z. */
  readonly logLikelihoodPerImage: number;
  readonly logLikelihoodError: number;
  /** −ℓ/(n ln 2): what a pixel costs in a code made from the model; 1 for a coin. */
  readonly bitsPerPixel: number;
  readonly bitsPerPixelError: number;
  /** The same for independent pixels of the same brightness, J = 0: the entropy of their share. */
  readonly independentBitsPerPixel: number;
  /** 2p − 2Mℓ. */
  readonly aic: number;
  /** p ln(Mn) − 2Mℓ: an observation is a pixel, so that one image has a BIC too. */
  readonly bic: number;
  /** p ln M − 2Mℓ: an observation is an image; missing in files of before. */
  readonly bicImages?: number | undefined;
  /** AIC of independent pixels less that of the model: above 0 where couplings are worth their parameters. */
  readonly aicGain: number;
  /** Error of all of these, 2M times that of ℓ. */
  readonly criterionError: number;
}

/**
 * Evidence from log Z.
 *
 * Sources: H. Akaike, IEEE Trans. Autom. Control 19, 716 (1974); G. Schwarz, Ann. Stat. 6, 461 (1978).
 *
 * @param magnetization m̄ over all pixels
 */
export function evidenceOf(
  model: Model,
  theta: ArrayLike<number>,
  observedMean: ArrayLike<number>,
  images: number,
  magnetization: number,
  logZ: LogZ,
): Evidence {
  const n = siteCount(model.lattice);
  const p = theta.length;
  const likelihood = dot(theta, observedMean) - logZ.value;
  const entropy = binaryEntropy((1 + magnetization) / 2);
  const aic = 2 * p - 2 * images * likelihood;
  // a model without a field has nothing to fit where pixels are independent
  const hasField = model.statistics.some(isField);
  const independent = hasField ? 2 + 2 * images * n * entropy : 2 * images * n * Math.LN2;
  return {
    logZ,
    logLikelihoodPerImage: likelihood,
    logLikelihoodError: logZ.error,
    bitsPerPixel: -likelihood / (n * Math.LN2),
    bitsPerPixelError: logZ.error / (n * Math.LN2),
    independentBitsPerPixel: entropy / Math.LN2,
    aic,
    bic: p * Math.log(images * n) - 2 * images * likelihood,
    bicImages: p * Math.log(images) - 2 * images * likelihood,
    aicGain: independent - aic,
    criterionError: 2 * images * logZ.error,
  };
}

/** −q ln q − (1 − q) ln(1 − q). */
function binaryEntropy(q: number): number {
  const term = (x: number) => (x > 0 ? -x * Math.log(x) : 0);
  return term(q) + term(1 - q);
}

/** log Z at J = 0, where sites are independent: Σ_k log 2 cosh h_k. */
export function independentLogZ(model: Model, theta: ArrayLike<number>): number {
  const fields = new Float64Array(siteCount(model.lattice));
  model.statistics.forEach(({ sites, siteWeights, weight }, a) => {
    for (let k = 0; k < sites.length; k++) {
      fields[sites[k]] += weight * theta[a] * (siteWeights?.[k] ?? 1);
    }
  });
  // log 2 cosh x without overflow
  return fields.reduce((sum, x) => sum + Math.abs(x) + Math.log1p(Math.exp(-2 * Math.abs(x))), 0);
}

/** Where an integration to θ begins, with the exact log Z there. */
export interface PathStart {
  readonly theta: Float64Array;
  readonly logZ: number;
  readonly name: string;
}

/**
 * The nearest point to θ with a known log Z: the same coupling without field on a torus (Kaufman), or no
 * coupling and the same field.
 */
export function pathStart(model: Model, theta: Float64Array): PathStart {
  const layout = nearestNeighbours(model);
  const { rows, cols, boundary } = model.lattice;
  const uniform = layout !== null && layout.along === layout.across && layout.field !== null;
  if (uniform && boundary === 'periodic' && rows > 2 && cols > 2) {
    try {
      const J = theta[layout.along];
      const zeroField = Float64Array.from(theta, (value, a) => (a === layout.field ? 0 : value));
      return { theta: zeroField, logZ: kaufman(rows, cols, J).logZ, name: 'h = 0 (Kaufman)' };
    } catch (error) {
      // a frustrated torus, or a coupling beyond the formula's arithmetic
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return {
    theta: Float64Array.from(theta, (value, a) => (isField(model.statistics[a]) ? value : 0)),
    logZ: independentLogZ(model, theta),
    name: 'J = 0',
  };
}
