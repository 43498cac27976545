import type { FitFile } from '../../protocol/fit-file.ts';
import type { FitResult } from '../../protocol/runs.ts';
import type { Run } from './run-table.ts';

/** A fit file but for its trace. */
type SavedResult = Readonly<Record<string, unknown>> & Pick<FitFile, 'data'>;

/** What a fit gave, and apart from it the files that it was fitted to, since windows hear of a result with every change. */
export function takeApart(
  file: SavedResult,
): Pick<Run, 'sources'> & { readonly result: FitResult } {
  const { trace: _, ...whole } = file;
  const { sources, ...data } = file.data;
  return { result: { ...whole, data } as unknown as FitResult, sources };
}

/** Both together, as files have them; null without an estimate. */
export function wholeResult({ summary: { result }, sources }: Run): SavedResult | null {
  return result && ({ ...result, data: { ...result.data, sources } } as unknown as SavedResult);
}
