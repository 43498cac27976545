import { describe, expect, it } from 'vitest';
import { diagnose } from '../../shared/inference/diagnostics.ts';
import {
  effectiveImages,
  effectiveImagesEach,
  sequenceErrors,
  shortSequenceSentence,
} from '../../shared/inference/uncertainty/effective-images.ts';
import { sfc32, uniform } from '../../shared/numerics/random.ts';

/** First-order autoregressive chains with ρ(t) = decayᵗ, so that τ = ½ (1 + decay)/(1 − decay). */
function chainsOf(chains: number, measurements: number, decay: number, seed: number) {
  const generator = sfc32(seed);
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - uniform(generator))) * Math.cos(2 * Math.PI * uniform(generator));
  const values = new Float64Array(chains * measurements);
  for (let k = 0; k < values.length; k++) {
    const before = k < chains ? normal() : values[k - chains];
    values[k] = decay * before + Math.sqrt(1 - decay ** 2) * normal();
  }
  return { statistics: 1, chains, measurements, values };
}

describe('diagnostics of chains', () => {
  it('finds the autocorrelation time, the effective sample size and R̂ of chains at rest', () => {
    const series = chainsOf(64, 1000, 0.8, 1);
    const { statistics, agree } = diagnose(series, 2, null);
    const [found] = statistics;
    // τ = 4.5 measurements of two sweeps each
    expect(Math.abs((found?.tau ?? 0) - 9)).toBeLessThan(4 * (found?.tauError ?? 0));
    expect((found?.effectiveSamples ?? 0) / (64_000 / 9)).toBeCloseTo(1, 1);
    expect((found?.splitRHat ?? 0) ** 2 - 1).toBeCloseTo(9 / 500, 2);
    expect(agree).toBe(true);
  });

  it('takes many short chains at rest for what they are', () => {
    const { statistics, agree } = diagnose(chainsOf(64, 150, 0.8, 2), 1, null);
    expect(statistics[0]?.splitRHat).toBeGreaterThan(1.05);
    expect(agree).toBe(true);
  });

  it('says where chains disagree: half of them in another phase, or all of them stuck', () => {
    const apart = chainsOf(64, 400, 0.5, 3);
    apart.values.forEach((_, k) => {
      apart.values[k] += k % 64 < 32 ? 3 : -3;
    });
    expect(diagnose(apart, 1, null).agree).toBe(false);
    // the size alone is the same in both
    expect(diagnose(apart, 1, [true]).agree).toBe(true);
    expect(diagnose(chainsOf(64, 100, 0.999, 4), 1, null).agree).toBe(false);
  });
});

describe('effective number of images', () => {
  const observed = (decay: number, images: number, seed: number) => {
    const { values } = chainsOf(1, images, decay, seed);
    const mean = Float64Array.of(values.reduce((sum, value) => sum + value, 0) / images);
    return { images, values, mean, covariance: null };
  };

  it('is M/(2τ) for a sequence', () => {
    const average =
      Array.from({ length: 20 }, (_, k) => effectiveImages(observed(0.6, 2000, 10 + k))).reduce(
        (sum, value) => sum + value,
      ) / 20;
    // τ = 2, so that four images are worth one
    expect(average / 500).toBeGreaterThan(0.9);
    expect(average / 500).toBeLessThan(1.1);
  });

  it('is M for independent images, and for too few', () => {
    const lowered = Array.from({ length: 300 }, (_, k) =>
      effectiveImages(observed(0, 100, 100 + k)),
    ).filter((effective) => effective < 95);
    // by chance two standard deviations or more: 2.3 % of 300, give or take 2.6
    expect(lowered.length).toBeLessThanOrEqual(15);
    expect(effectiveImages(observed(0.9, 10, 1))).toBe(10);
  });

  it('sees in short sequences nearly what is there', () => {
    // (1 + 0.8)/(1 − 0.8) = 9 images are worth one; without the correction 6.3 are found
    const times = Array.from(
      { length: 400 },
      (_, k) => 60 / effectiveImages(observed(0.8, 60, 1000 + k)),
    );
    const average = times.reduce((sum, value) => sum + value) / times.length;
    expect(average).toBeGreaterThan(7.5);
    expect(average).toBeLessThan(10);
  });

  it('is each statistic’s own, and widens the errors of what follows from it alone', () => {
    const images = 2000;
    const [slow, fast] = [observed(0.6, images, 5).values, observed(0, images, 6).values];
    const values = Float64Array.from(
      { length: 2 * images },
      (_, k) => (k % 2 === 0 ? fast : slow)[k >> 1],
    );
    const both = { images, values, mean: new Float64Array(2), covariance: null };
    const each = effectiveImagesEach(both);
    expect(each[0] / images).toBeGreaterThan(0.85);
    expect(each[1] / (images / 4)).toBeGreaterThan(0.8);
    expect(each[1] / (images / 4)).toBeLessThan(1.25);
    const problem = { observed: both, penalty: new Float64Array(2) };
    const covariance = Float64Array.of(3, 0, 0, 5);
    const wide = sequenceErrors(problem, { covariance, sandwich: covariance });
    expect(wide.covariance?.[0]).toBeCloseTo((3 * images) / each[0], 10);
    expect(wide.covariance?.[3]).toBeCloseTo((5 * images) / each[1], 10);
    expect(wide.sandwich).toEqual(wide.covariance);
    // with a prior the slowest counts for all
    const held = sequenceErrors(
      { ...problem, penalty: Float64Array.of(1, 1) },
      { covariance, sandwich: null },
    );
    expect(held.covariance?.[0]).toBeCloseTo((3 * images) / each[1], 10);
  });

  it('says by what interval few of them are to be taken', () => {
    // Student's t at 97.5 %: 2.228 for 10 degrees of freedom, 2.571 for 5
    expect(shortSequenceSentence(60, 10)).toContain('± 2.2 errors');
    expect(shortSequenceSentence(60, 5)).toContain('± 2.6 errors');
    expect(shortSequenceSentence(60, 60)).toBeNull();
    expect(shortSequenceSentence(200, 40)).toBeNull();
  });
});
