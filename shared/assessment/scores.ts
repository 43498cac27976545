import { isField, type Model } from '../models/contract.ts';
import { invert, SingularMatrixError } from '../numerics/symmetric.ts';
import { type Alternative, type AlternativeKind, alternativesTo } from './alternatives.ts';
import { type Conditional, conditioning, deviation, type SetMeans } from './conditioning.ts';
import type { Unfitted } from './statistics.ts';
import { chiSquareTail, noncentralTail, normalTail, solveFor } from './tails.ts';

/** Chance that any score test calls a model wrong that is right. */
export const scoreLevel = 0.03;
/** Chance with which a test sees an alternative of the size that it is said to see. */
export const power = 0.9;

/** One parameter δ of an alternative. */
export interface ScoreDirection {
  /** `J2`, `Jx-Jy`, `hPerSite`, `eta01` …, `varianceJ`. */
  readonly parameter: string;
  /** δ after one step from 0, and its standard error where δ = 0. */
  readonly estimate: number;
  readonly error: number;
  /** The δ that is found with probability `power`. */
  readonly detectable: number;
  /** What that δ does to the fitted coupling which it moves most, in its own standard errors; null without errors. */
  readonly bias: {
    readonly parameter: string;
    readonly shift: number;
    readonly errors: number;
  } | null;
}

/** Standard deviations beyond which no tail is looked for. */
const far = 60;
/** Those by which what is found with `power` lies beyond the critical value. */
const powerDeviations = solveFor(1 - power, far, normalTail);

/** Rao's test of δ = 0. */
export interface ScoreTest {
  readonly kind: AlternativeKind;
  /** Of this test alone. */
  readonly pValue: number;
  /** The same for the best of all score tests: below α by chance in a part α of all data sets. */
  readonly adjustedP: number;
  readonly directions: readonly ScoreDirection[];
}

/** A direction's score over the drawn sets and in the data. */
interface Measured extends Conditional {
  readonly parameter: string;
  /** Of the score or, for a spread, of its cube root. */
  readonly difference: number;
  readonly spread: number;
  /** ∂ log p/∂δ of an image less what is expected of it, and the same as a function of a difference. */
  readonly excess: number;
  readonly excessAt: (difference: number) => number;
  /** Its derivative at 0. */
  readonly scale: number;
}

/**
 * Score tests of alternatives that hold the model at δ = 0 (C. R. Rao, Proc. Camb. Phil. Soc. 44, 50, 1948):
 *
 *   S = Ū − E(Ū | T̄),   V = Var(S),   Q = Sᵀ V⁻¹ S,   δ̂ = V⁻¹ S/M,
 *
 * with U = ∂ log p/∂δ of an image. The score is freed of the fitted parameters' by its regression on T̄ over sets
 * drawn at θ̂, which gives E(Ū | T̄) and V too; b = dE(Ū | T̄)/dT̄ is what a δ moves the fitted parameters by,
 * θ̂ → θ + b δ. Tests are compared by χ²'s tail; that tail's smallest value over all tests is ranked among the
 * sets' own, which holds whatever the tests' dependence and U's distribution. The variance of couplings between
 * pictures is tested for being too large only, by its cube root, which is all but Gaussian (E. B. Wilson,
 * M. M. Hilferty, Proc. Natl. Acad. Sci. 17, 684, 1931).
 *
 * @param effectiveImages number of independent images M of the data
 * @param errors standard errors of the parameters; null without
 */
export function scoreTests(
  model: Model,
  statistics: readonly Unfitted[],
  drawn: SetMeans,
  dataFitted: ArrayLike<number>,
  dataOthers: ArrayLike<number>,
  effectiveImages: number,
  errors: ArrayLike<number> | null,
): ScoreTest[] {
  const { sets } = drawn;
  const places = new Map(statistics.map(({ name }, s) => [name, s]));
  const given = conditioning(drawn, dataFitted, effectiveImages);
  const measure = ({ kind, directions }: Alternative): Measured[] =>
    directions.flatMap(({ parameter, score }) => {
      const root = kind === 'spread' ? Math.cbrt : (value: number) => value;
      const measuredValue = (values: ArrayLike<number>, offset: number) =>
        root(
          Object.entries(score).reduce(
            (sum, [name, factor]) => sum + factor * values[offset + (places.get(name) ?? 0)],
            0,
          ),
        );
      const values = Float64Array.from({ length: sets }, (_, r) =>
        measuredValue(drawn.others, r * statistics.length),
      );
      const data = measuredValue(dataOthers, 0);
      const found = given(values);
      const spread = deviation(found.deviations);
      // a function of what was fitted cannot be told from it
      const least = 1e-6 * Math.max(deviation(values), Math.abs(found.prediction) * 1e-6);
      if (!Number.isFinite(data) || !(spread > least)) return [];
      // of two pictures or so even a boundless spread can look like none
      if (kind === 'spread' && powerDeviations * spread > 0.9 * found.prediction) return [];
      const difference = data - found.prediction;
      const scale = kind === 'spread' ? 3 * found.prediction ** 2 : 1;
      const excessAt = (d: number) =>
        kind === 'spread' ? (found.prediction + d) ** 3 - found.prediction ** 3 : d;
      const excess = excessAt(difference);
      return [{ ...found, parameter, difference, spread, excess, excessAt, scale }];
    });

  const rough = alternativesTo(model, new Set(places.keys())).flatMap(({ kind, directions }) => {
    const usable = independent(measure({ kind, directions }));
    if (usable === null) return [];
    const { measured, inverse } = usable;
    const k = measured.length;
    const tail = (at: (one: Measured) => number): number => {
      if (kind === 'spread') return normalTail(at(measured[0]) / measured[0].spread);
      const s = measured.map(at);
      let q = 0;
      for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) q += s[i] * inverse[i * k + j] * s[j];
      return chiSquareTail(k, q);
    };
    const ofData = tail(({ difference }) => difference);
    const ofSets = Float64Array.from({ length: sets }, (_, r) =>
      tail(({ deviations }) => deviations[r]),
    );
    return [{ kind, measured, inverse, ofData, ofSets }];
  });

  const smallest = new Float64Array(sets).fill(1);
  for (const { ofSets } of rough) {
    ofSets.forEach((tail, r) => {
      smallest[r] = Math.min(smallest[r], tail);
    });
  }
  const share = (tails: Float64Array, tail: number) =>
    (1 + tails.reduce((count, one) => count + (one <= tail ? 1 : 0), 0)) / (sets + 1);
  const critical =
    Float64Array.from(smallest).sort()[Math.max(0, Math.ceil(scoreLevel * (sets + 1)) - 2)];
  return rough.map(({ kind, measured, inverse, ofData, ofSets }) => {
    const k = measured.length;
    // a variance is known from one image less
    const images = kind === 'spread' ? effectiveImages - 1 : effectiveImages;
    return {
      kind,
      pValue: share(ofSets, ofData),
      adjustedP: share(smallest, ofData),
      directions: measured.map((one, i) => {
        const { parameter, spread, scale, slopes } = one;
        const step = measured.reduce((sum, { excess }, j) => sum + inverse[i * k + j] * excess, 0);
        const least = kind === 'spread' ? leastSpread(critical, one) : leastShift(critical, k, one);
        const detectable = least / (images * (scale * spread) ** 2);
        return {
          parameter,
          estimate: step / (images * scale ** 2),
          error: Math.sqrt(inverse[i * k + i]) / (images * scale),
          detectable,
          bias: biasOf(
            model,
            slopes.map((slope) => slope * scale * detectable),
            errors,
          ),
        };
      }),
    };
  });
}

/** The directions that can be told apart, and the inverse of their scores' covariance; null if there are none. */
function independent(measured: readonly Measured[]) {
  for (let left = measured; left.length > 0; ) {
    const k = left.length;
    const covariance = new Float64Array(k * k);
    left.forEach((one, i) => {
      left.forEach((other, j) => {
        const sum = one.deviations.reduce((sum, d, r) => sum + d * other.deviations[r], 0);
        covariance[i * k + j] = sum / (one.deviations.length - 1);
      });
    });
    try {
      return { measured: left, inverse: invert(covariance) };
    } catch (error) {
      if (!(error instanceof SingularMatrixError)) throw error;
      const { index } = error;
      left = left.filter((_, i) => i !== index);
    }
  }
  return null;
}

/** The least change of a score that a test with the smallest tail `critical` finds with its power. */
function leastShift(critical: number, k: number, { spread }: Measured): number {
  const x = solveFor(critical, far ** 2, (x) => chiSquareTail(k, x));
  return spread * Math.sqrt(solveFor(power, 4 * x + 100, (l) => noncentralTail(k, x, l)));
}

/** The same of a variance, whose own root varies in proportion to it. */
function leastSpread(critical: number, { prediction, spread, excessAt }: Measured): number {
  const z = solveFor(critical, far, normalTail);
  const root = (prediction + z * spread) / (1 - (powerDeviations * spread) / prediction);
  return excessAt(root - prediction);
}

/** The coupling that is moved most, by how much and how many of its errors. */
function biasOf(
  model: Model,
  shifts: Float64Array,
  errors: ArrayLike<number> | null,
): ScoreDirection['bias'] {
  if (errors === null) return null;
  const all = model.statistics.flatMap((each, a) => {
    const { parameter } = each;
    const bias = { parameter, shift: shifts[a], errors: shifts[a] / errors[a] };
    return !isField(each) && Number.isFinite(bias.errors) ? [bias] : [];
  });
  return all.reduce<ScoreDirection['bias']>(
    (most, next) => (most && Math.abs(most.errors) >= Math.abs(next.errors) ? most : next),
    null,
  );
}
