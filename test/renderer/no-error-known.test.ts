import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { summary } from '../../electron/cli/summary.ts';
import { pathFigure, traceFigure } from '../../renderer/charts/figures-of-run.ts';
import type { Palette } from '../../renderer/charts/palette.ts';
import { TraceTable } from '../../renderer/charts/trace-table.ts';
import { reportOf } from '../../renderer/report/report.ts';
import { ownConvention, quantities } from '../../renderer/state/quantities.ts';
import { resultText } from '../../renderer/state/result-text.ts';
import { defaultFitOptions } from '../../shared/inference/options.ts';
import { parseFitFile } from '../../shared/protocol/fit-file.ts';

const path = new URL('../fixtures/formats/0.1.0/sample.fit.json', import.meta.url);
const { trace, ...sample } = parseFitFile(readFileSync(path, 'utf8'), 'the sample');
const known = {
  ...sample,
  ...{ method: 'mle', converged: true, exists: true, warnings: [] },
  estimate: { J: 0.473803, h: 47.0912, hPerSite: 0.0114969 },
  standardError: { J: 0.000056, h: 0.19, hPerSite: 0.19 / 4096 },
  sandwichError: null,
  monteCarloError: { J: 0.000004, h: 0.004, hPerSite: 0.004 / 4096 },
  covariance: [
    [0.000056 ** 2, 0],
    [0, 0.19 ** 2],
  ],
} as unknown as typeof sample;

/** Numbers behind ± that each place prints, and bands and ellipses of the charts. */
function errorsShown(result: typeof sample): number[] {
  const run = {
    ...{ id: 'run', name: 'run', created: result.created, state: 'ended', images: 1 },
    ...{ options: defaultFitOptions, rows: 64, cols: 64, parameters: ['J', 'h'] },
    ...{ observed: [0.5, 0.1], steps: 2, result, error: null, continuable: false },
  } as never;
  const palette = { series: () => '#000000', data: '', ink: '', accent: '' } as unknown as Palette;
  const table = new TraceTable([0.5, 0.1]);
  const sight = { steps: null, palette, pixels: 100 };
  const texts = [
    summary({ ...result, trace }),
    reportOf(run, { total: 0, sources: [] }, [], [], '0.1.0'),
    resultText(result),
    quantities(result, ownConvention)
      .map(({ text }) => text)
      .join(),
  ];
  const bands = (['couplings', 'field'] as const).map(
    (kind) => traceFigure(kind, run, table, sight).notation.bands.length,
  );
  const ellipse = pathFigure(run, table, palette, null, null).lines[1].points.length;
  return [
    ...texts.map((text) => text.match(/± *\d/g)?.length ?? 0),
    ...bands,
    Math.min(1, ellipse),
  ];
}

describe('a ± stands in every place or in none', () => {
  it('in all of them where the error is known', () => {
    expect(errorsShown(known)).toEqual([3, 3, 3, 2, 1, 1, 1]);
  });

  it('in none where the fit has not converged', () => {
    expect(errorsShown({ ...known, converged: false })).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('for the coupling alone where the Monte-Carlo error of the field is the larger one', () => {
    const rough = { J: 0.000004, h: 66, hPerSite: 66 / 4096 };
    expect(errorsShown({ ...known, monteCarloError: rough })).toEqual([1, 1, 1, 1, 1, 0, 0]);
  });
});
