import { describe, expect, it } from 'vitest';
import { shownEstimate } from '../../shared/protocol/shown-estimate.ts';

const fitted = {
  exists: true,
  converged: true,
  estimate: { J: 0.473803, h: 47.0912, hPerSite: 0.0114969 },
  standardError: { J: 0.000056, h: 0.19, hPerSite: 0.19 / 4096 },
  sandwichError: null,
  monteCarloError: { J: 0.000004, h: 0.004, hPerSite: 0.004 / 4096 },
};
const parts = (change: Partial<typeof fitted>, name: string, factor?: number) => {
  const { value, error, withheld } = shownEstimate({ ...fitted, ...change }, name, factor);
  return [value, error, withheld !== null];
};

describe('an estimate as it is shown', () => {
  it('has its ± where the fit has converged, in any convention', () => {
    expect(parts({}, 'J')).toEqual(['0.473803', '0.000056', false]);
    expect(parts({}, 'h')).toEqual(['47.09', '0.19', false]);
    expect(parts({}, 'h', -1 / 4096)).toEqual(['-0.011497', '0.000046', false]);
  });

  it('has none where the fit has not converged, and no digits that nobody knows', () => {
    const stopped = {
      converged: false,
      monteCarloError: { J: 0.00001, h: 66, hPerSite: 66 / 4096 },
    };
    expect(parts(stopped, 'J')).toEqual(['0.4738', null, true]);
    expect(parts(stopped, 'h')).toEqual(['47', null, true]);
  });

  it('has none where the Monte-Carlo error is the larger part', () => {
    const rough = { monteCarloError: { J: 0.00001, h: 66, hPerSite: 66 / 4096 } };
    expect(parts(rough, 'h')).toEqual(['47', null, true]);
    expect(parts(rough, 'hPerSite')).toEqual(['0.011', null, true]);
    expect(parts(rough, 'J')).toEqual(['0.473803', '0.000056', false]);
    // the sandwich error stands in for a standard error that is missing, for this too
    const sandwich = { standardError: null as never, sandwichError: { h: 100 } as never };
    expect(parts({ ...rough, ...sandwich }, 'h')).toEqual(['47', '100', false]);
  });

  it('says nothing of an error where there is no estimate, or no method that gives one', () => {
    expect(parts({ exists: false, converged: false }, 'J')).toEqual(['0.4738', null, false]);
    expect(parts({ estimate: { J: null } as never }, 'J')).toEqual(['–', null, false]);
    expect(parts({ standardError: null as never }, 'J')).toEqual(['0.4738', null, false]);
  });
});
