import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reportOf } from '../../renderer/report/report.ts';
import { defaultFitOptions } from '../../shared/inference/options.ts';
import { parseFitFile } from '../../shared/protocol/fit-file.ts';

const path = new URL('../fixtures/formats/0.1.0/sample.fit.json', import.meta.url);

const { trace, ...file } = parseFitFile(readFileSync(path, 'utf8'), 'the sample');

/** A run of the sample, with what is different about its result. */
const report = (different: object) =>
  reportOf(
    {
      ...{ id: 'run', name: '<script>alert(1)</script>', created: file.created, state: 'ended' },
      ...{ options: defaultFitOptions, rows: 2, cols: 2, images: 1, parameters: ['J', 'h'] },
      ...{ observed: [], steps: trace.length, result: { ...file, ...different } },
      ...{ error: null, continuable: false },
    } as never,
    { total: file.data.sources.length, sources: file.data.sources },
    [],
    [],
    '0.1.0',
  );

it('reports estimate, prior and bootstrap, and lets no name write markup', () => {
  const html = report({
    prior: { J: 0.5, hPerSite: 2 },
    bootstrap: { error: { J: 0.0123, h: 4.56 } },
  });
  expect(html).toContain('width 0.5 on J, 2 on h/n');
  expect(html).toContain('<th>bootstrap</th>');
  expect(html).toContain('<td>0.012</td>');
  expect(html).not.toContain('<script');
});

it('says the preparation in the window’s words, and typesets symbols', () => {
  const words = (preparation: object) =>
    Array.from(
      report({ data: { ...file.data, preparation } }).matchAll(/<th scope="row">(.*?)<\/td>/g),
      ([, row]) => row.replace('</th><td>', ': '),
    ).slice(5);
  const preparation = {
    ...{ crop: { x: 1, y: 2, width: 30, height: 40 }, rows: 4, cols: 5, tile: null },
    ...{ resample: 'nearest', threshold: 'mean', invert: false },
    crops: { '<b>.png': { x: 0, y: 0, width: 8, height: 10 } },
  };
  expect(words(preparation)).toEqual([
    'edges: free edges',
    'crop: 30 × 40 pixels from x = 1, y = 2',
    'crop of its own: &#60;b&#62;.png: 8 × 10 pixels from x = 0, y = 0',
    'rows: 4',
    'columns: 5',
    'subsampling: nearest pixel',
    'threshold: mean grey',
    'sign: not inverted: bright is +1',
    expect.stringMatching(/^sources: 1, first d.csv/),
  ]);
  const tiled = { ...preparation, crops: {}, tile: 8, threshold: 128, invert: true };
  expect(words(tiled)).toEqual(
    expect.arrayContaining([
      'tiles: stride 8 pixels',
      'threshold: fixed at grey value 128',
      'sign: inverted: dark is +1',
    ]),
  );
  expect(words(tiled).join()).not.toContain('subsampling');
  // an option that this version does not know is not lost
  expect(words({ ...preparation, blur: 2 })).toContain('blur: 2');
  const html = report({ warnings: ['The likelihood kept rising as Jx → +∞'] });
  expect(html).toContain('as J<sub>x</sub> → +∞');
  expect(html).toContain('Σ<sub>⟨ij⟩</sub> s<sub>i</sub> s<sub>j</sub>');
});

it('carries the verdict of the check, a failed one as a warning', () => {
  const check = { verdict: 'differs', sentence: 'It lacks <J_2>.', reach: null, misfit: null };
  const words = { findings: [], warnings: ['The chains had not come to rest.'] };
  expect(report({ check: undefined })).toContain('was not checked');
  const failed = report({ check: { ...check, ...words } });
  expect(failed).toMatch(/<p class="warning">It lacks &#60;J<sub>2<\/sub>&#62;\.<\/p>/);
  expect(failed).toContain('<p class="warning">The chains had not come to rest.</p>');
  expect(failed).not.toContain('was not checked');
  const passed = report({ check: { ...check, ...words, verdict: 'describes' } });
  expect(passed).not.toContain('<p class="warning">It lacks');
});
