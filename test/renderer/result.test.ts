import { describe, expect, it } from 'vitest';
import {
  correlation,
  ownConvention,
  quantities,
  toConvention,
} from '../../renderer/state/quantities.ts';
import { resultText } from '../../renderer/state/result-text.ts';
import { isStale } from '../../renderer/state/staleness.ts';
import { fixed } from '../../renderer/state/text.ts';
import type { Evidence } from '../../shared/assessment/evidence.ts';
import { defaultFitOptions, type FitOptions } from '../../shared/inference/options.ts';
import { errorAlone, roundToError, withError } from '../../shared/numerics/rounding.ts';
import { effectively, evidenceRows, logLikelihood } from '../../shared/protocol/fit-words.ts';
import type { FitResult } from '../../shared/protocol/runs.ts';

const result: FitResult = {
  format: 'isinglass-fit',
  version: 1,
  program: { name: 'isinglass', version: '0' },
  created: '2026-01-01T00:00:00.000Z',
  seed: 7,
  seconds: 1,
  model: {
    name: 'uniform',
    rows: 16,
    cols: 16,
    boundary: 'free',
    parameters: ['J', 'h'],
    convention: 'p ∝ …',
  },
  data: {
    images: 200,
    effectiveImages: 200,
    bondMean: 0.5456,
    magnetization: 0.5514,
    sources: [],
    preparation: null,
  },
  method: 'exact',
  options: {},
  estimate: { J: 0.34688, h: 20.953, hPerSite: 0.081847 },
  standardError: { J: 0.00314, h: 0.971 },
  sandwichError: { J: 0.0032, h: 0.929 },
  monteCarloError: { J: 0, h: 0 },
  covariance: [
    [4, -3],
    [-3, 9],
  ],
  logLikelihoodPerImage: null,
  exists: true,
  converged: true,
  warnings: ['Look twice.'],
};

describe('a result as it is shown', () => {
  it('is rounded to its error, with every digit at hand', () => {
    const [J, h] = quantities(result, ownConvention);
    expect([J.value, J.error, J.exact]).toEqual(['0.3469', '0.0031', '0.34688']);
    expect([h.value, h.error]).toEqual(['20.95', '0.97']);
    expect(withError(-1234.5, 100)).toBe('-1235 ± 100');
    expect(withError(7.74, 9.96)).toBe('8 ± 10');
    expect(withError(0.1234, 0.0996)).toBe('0.12 ± 0.10');
    expect(withError(-0.004, 1.1)).toBe('0.0 ± 1.1');
    expect([fixed(-0.00001, 4), fixed(-0.0001, 4)]).toEqual(['0.0000', '−0.0001']);
    expect(roundToError(0.123456, null)).toEqual({ value: '0.1235', error: null });
    expect([2.04, 0.008, 173.4, 6.3e-7, 0].map(errorAlone)).toEqual([
      '2.0',
      '0.0080',
      '173',
      '6.3e-7',
      '0',
    ]);
  });

  it('has AIC and BIC to a tenth, of which a difference of 2 counts, however well they are known', () => {
    const logZ = { value: 207.56412, error: 0, method: 'transfer matrix' };
    const evidence = {
      ...{ logZ, logLikelihoodPerImage: -144.4, logLikelihoodError: 0, aicGain: 0 },
      ...{ bitsPerPixel: 0.914, bitsPerPixelError: 0, independentBitsPerPixel: 0.99886 },
      ...{ aic: 17337.74, bic: 17360.68, criterionError: 0 },
    };
    const shown = (of: Evidence) => evidenceRows(of).map(([, text]) => text);
    expect(shown(evidence)).toEqual(['0.9140', '0.9989', '17337.7', '17360.7', '207.56']);
    const sampled = { ...evidence, bitsPerPixelError: 0.00013, criterionError: 2.3 };
    expect(shown(sampled).slice(0, 3)).toEqual(['0.91400 ± 0.00013', '0.9989', '17337.7 ± 2.3']);
    // what a method does not give, its check does
    const check = { evidence: { ...evidence, logLikelihoodError: 0.021 } } as FitResult['check'];
    expect(logLikelihood({ ...result, check }, 2)).toBe('-144.400 ± 0.021');
    expect(logLikelihood({ ...result, logLikelihoodPerImage: -144.4, check }, 2)).toBe('-144.40');
    expect(logLikelihood(result, 2)).toBeNull();
  });

  it('leaves an end of the profile interval open that is out of reach, in every convention', () => {
    const profile = {
      reason: '',
      by: '',
      interval68: {},
      interval95: { J: [0.34, null], h: [null, null] },
    };
    const open = { ...result, profile } as unknown as FitResult;
    expect(quantities(open, ownConvention).map((q) => q.profile)).toEqual([
      ['0.3400', 'out of reach'],
      null,
    ]);
    const minus = quantities(open, { ...ownConvention, sign: 'minus' });
    expect(minus[0].profile).toEqual(['out of reach', '−0.3400']);
  });

  it('says how many images a sequence is worth, by moment, and nothing where all count', () => {
    expect(effectively(result.data)).toBeNull();
    const effectiveImagesEach = { bondMean: 14.57, magnetization: 6.791 };
    const data = { ...result.data, images: 100, effectiveImages: 6.791, effectiveImagesEach };
    expect(effectively(data)).toBe('14.6 in b, 6.79 in m');
  });

  it('is rewritten, errors too, in the notes’ sign, ordered pairs and per site', () => {
    const shown = toConvention({ sign: 'notes', bonds: 'ordered', field: 'perSite' });
    const [J, h] = quantities(result, shown);
    expect(J.exact).toBe('−0.17344');
    expect(J.standard).toBeCloseTo(0.00157, 12);
    expect(h.symbol).toBe('h/n');
    expect(Number(h.exact.replace('−', '-'))).toBeCloseTo(-20.953 / 256, 12);
    expect(h.standard).toBeCloseTo(0.971 / 256, 12);
  });

  it('says so where there is no finite value', () => {
    const none = { ...result, estimate: { J: null, h: null } } as unknown as FitResult;
    expect(quantities(none, ownConvention)[0]).toMatchObject({ value: '–', error: null });
  });

  it('has the correlation of its covariance', () => {
    expect(correlation(result)).toBeCloseTo(-0.5, 12);
    expect(correlation({ ...result, covariance: null })).toBeNull();
  });

  it('is complete as text', () => {
    const text = resultText(result);
    for (const part of [
      'J = 0.3469 ± 0.0031',
      'h/n = 0.0818 ± 0.0038',
      'seed 7',
      '! Look twice.',
    ]) {
      expect(text).toContain(part);
    }
  });
});

describe('a result whose error is not known', () => {
  const unknown = { ...result, converged: false, warnings: [] };
  it('has no ± in the card, the table and what is copied', () => {
    for (const { error, standard, sandwich, text, withheld } of quantities(
      unknown,
      ownConvention,
    )) {
      expect([error, standard, sandwich]).toEqual([null, null, null]);
      expect([text.includes('not known'), withheld === null]).toEqual([true, false]);
    }
    const digits = /± *\d/;
    expect([resultText(unknown), resultText(result)].map((text) => digits.test(text))).toEqual([
      false,
      true,
    ]);
  });
});

describe('staleness', () => {
  const used: FitOptions = { ...defaultFitOptions, method: 'gradient', seed: 1 };
  it('follows every setting that the method reads, and no other', () => {
    const { gradient, ...others } = used;
    const reordered = { gradient, ...others };
    expect(isStale(used, reordered)).toBe(false);
    expect(isStale(used, { ...used, boundary: 'periodic' })).toBe(true);
    const alpha = { ...used, gradient: { ...used.gradient, alpha: [0.2] } };
    expect(isStale(used, alpha)).toBe(true);
    expect(isStale({ ...used, method: 'exact' }, { ...alpha, method: 'exact' })).toBe(false);
  });
});
