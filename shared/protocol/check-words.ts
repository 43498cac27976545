export { biasWords, detectableWords, scoreEstimates } from '../assessment/score-sentences.ts';

import type { FitFile } from './fit-file.ts';

/** What a run's check says of its model: `none` where it was not made. */
export type CheckVerdict = 'describes' | 'differs' | 'none';

/** Files of before have findings only, of which one that differs decides. */
export function checkVerdict({ check }: Pick<FitFile, 'check'>): CheckVerdict {
  if (!check) return 'none';
  if (check.verdict) return check.verdict;
  return check.findings.some(({ verdict }) => verdict === 'differs') ? 'differs' : 'describes';
}

/** The verdict in a table. */
export const verdictWords: Readonly<Record<CheckVerdict, string>> = {
  describes: 'check passed',
  differs: 'check failed',
  none: 'not checked',
};
