import { expect, it } from 'vitest';
import { reachOverall } from '../../shared/assessment/score-sentences.ts';
import type { ScoreTest } from '../../shared/assessment/scores.ts';
import { checkVerdict } from '../../shared/protocol/check-words.ts';

it('takes the verdict of a check, and in files of before that of its findings', () => {
  const verdict = (check: object | undefined) => checkVerdict({ check } as never);
  expect(verdict(undefined)).toBe('none');
  // by a score test alone
  expect(verdict({ verdict: 'differs', findings: [] })).toBe('differs');
  expect(verdict({ verdict: 'describes', findings: [{ verdict: 'chance' }] })).toBe('describes');
  expect(verdict({ findings: [{ verdict: 'agrees' }, { verdict: 'differs' }] })).toBe('differs');
  expect(verdict({ findings: [{ verdict: 'agrees' }, { verdict: 'chance' }] })).toBe('describes');
});

it('says what would have shown of what has not', () => {
  const test = (adjustedP: number, errors: number): ScoreTest => ({
    kind: Math.abs(errors) > 4 ? 'next-nearest' : 'anisotropy',
    pValue: 0.5,
    adjustedP,
    directions: [
      {
        ...{ parameter: 'J2', estimate: 0, error: 0.01, detectable: 0.031 },
        bias: { parameter: 'J', shift: -0.05, errors },
      },
    ],
  });
  const [worst, other] = [test(0.6, -5), test(0.6, 0.3)];
  expect(reachOverall([worst, other])).toMatch(/^Coupling of diagonal.*±0\.031.* 5\.0 standard/);
  expect(reachOverall([{ ...worst, adjustedP: 0.01 }, other])).toMatch(/^Two couplings.* 0\.3 st/);
  expect(reachOverall([{ ...worst, adjustedP: 0.01 }])).toBeNull();
});
