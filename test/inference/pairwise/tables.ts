import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Samples } from '../../../shared/models/pairwise/samples.ts';

export const folder = join(import.meta.dirname, '../../fixtures/tables');

/** Samples from rows of spins with their counts. */
export function samplesOf(
  rows: readonly (readonly number[])[],
  counts: readonly number[],
): Samples {
  return {
    names: rows[0].map((_, i) => `v${i + 1}`),
    spins: Int8Array.from(rows.flat()),
    weights: Float64Array.from(counts),
    total: counts.reduce((sum, count) => sum + count, 0),
  };
}

/** All states of n variables, the first variable's spin the highest digit of the state's number. */
export function statesOf(n: number): number[][] {
  return Array.from({ length: 2 ** n }, (_, k) =>
    Array.from({ length: n }, (_, i) => ((k >> (n - 1 - i)) & 1 ? 1 : -1)),
  );
}

/** 895 votes of nine justices, with their exact maximum likelihood by an independent program. */
export function supremeCourt() {
  const file = JSON.parse(readFileSync(join(folder, 'supreme-court.json'), 'utf8')) as {
    counts: number[];
    logLikelihood_nats: number;
    logZ: number;
    entropy_bits: { S1: number; S2: number; SN: number };
    h: number[];
    J_upper_rows: number[];
    standardError_h_then_J: number[];
    P_of_number_of_ones: { data: number[]; model: number[] };
  };
  const seen = statesOf(9).flatMap((state, k) =>
    file.counts[k] > 0 ? [{ state, count: file.counts[k] }] : [],
  );
  return {
    ...file,
    samples: samplesOf(
      seen.map(({ state }) => state),
      seen.map(({ count }) => count),
    ),
  };
}
