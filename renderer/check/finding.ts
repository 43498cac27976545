import type { FitResult } from '../../shared/protocol/runs.ts';

/** A run's check, one of its comparisons, and its map. */
export type CheckResult = NonNullable<FitResult['check']>;
export type Finding = CheckResult['findings'][number];
export type LikelihoodMap = NonNullable<CheckResult['map']>;
