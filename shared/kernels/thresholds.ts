/** Smallest probabilities of a second drawing differ by this much, so that few tables of gaps are ever made. */
const step = 1 / 8192;

/** How a random byte, and seldom 32 further bits, turn spins up with given probabilities. */
export interface Thresholds {
  /** ε, the probability of a second drawing. */
  readonly epsilon: number;
  /** Some probability is so near 1 that its threshold lies above all bytes: the byte 255 then counts as 254. */
  readonly strong: boolean;
  /** k of each probability, 0 … 256: up where the byte is below. */
  readonly wholes: readonly number[];
  /** q of each probability: that of the second drawing. */
  readonly seconds: readonly number[];
}

/**
 * Probabilities as mixtures with whole k and one ε for all,
 *
 *   P = (1 − ε) k/256 + ε q,   0 ≤ q ≤ 1,
 *
 * with the least multiple ε of 2⁻¹³ for which that is possible. 1/256 always is unless some P is near 1; then k = 255
 * is given up for 256, and 1/128 is.
 *
 * @param probabilities P(up) of every entry of a table
 * @param occurs whether an entry is ever looked up; q of others may be wrong
 */
export function thresholds(
  probabilities: readonly number[],
  occurs: (entry: number) => boolean,
): Thresholds {
  const used = probabilities.filter((_, entry) => occurs(entry));
  for (const strong of [false, true]) {
    for (let level = 1; level <= (strong ? 64 : 32); level++) {
      const epsilon = level * step;
      const whole = (p: number) => wholeBelow(p / (1 - epsilon), strong);
      const second = (p: number) => (p - ((1 - epsilon) * whole(p)) / 256) / epsilon;
      if (used.every((p) => second(p) <= 1)) {
        return {
          epsilon,
          strong,
          wholes: probabilities.map(whole),
          seconds: probabilities.map((p) => Math.min(1, second(p))),
        };
      }
    }
  }
  throw new RangeError(`Some of ${used.join(', ')} is no probability.`);
}

/** The greatest k that may be with k/256 ≤ share. */
function wholeBelow(share: number, strong: boolean): number {
  const whole = Math.min(256, Math.floor(256 * share));
  if (whole < 255) return whole;
  if (!strong) return 255;
  return whole === 256 ? 256 : 254;
}
