import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reportOf } from '../../renderer/report/report.ts';
import { defaultFitOptions } from '../../shared/ising/options.ts';
import { parseFitFile } from '../../shared/protocol/fit-file.ts';

const path = new URL('../fixtures/formats/0.1.0/sample.fit.json', import.meta.url);

it('reports estimate, prior and bootstrap, and lets no name write markup', () => {
  const { trace, ...file } = parseFitFile(readFileSync(path, 'utf8'), 'the sample');
  const result = {
    ...file,
    prior: { J: 0.5, hPerSite: 2 },
    bootstrap: { error: { J: 0.0123, h: 4.56 } },
  };
  const run = {
    ...{ id: 'run', name: '<script>alert(1)</script>', created: file.created, state: 'ended' },
    ...{ options: defaultFitOptions, rows: 2, cols: 2, images: 1, parameters: ['J', 'h'] },
    ...{ observed: [], steps: trace.length, result, error: null, continuable: false },
  };
  const html = reportOf(run as never, [], [], '0.1.0');
  expect(html).toContain('width 0.5 on J, 2 on h/n');
  expect(html).toContain('<th>bootstrap</th>');
  expect(html).toContain('<td>0.012</td>');
  expect(html).not.toContain('<script');
});
