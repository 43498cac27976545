import { notesField } from '../../shared/models/names.ts';
import { errorAlone } from '../../shared/numerics/rounding.ts';
import { checkVerdict } from '../../shared/protocol/check-words.ts';
import { effectively, priorWidths } from '../../shared/protocol/fit-words.ts';
import type { FitResult, RunSources, RunSummary } from '../../shared/protocol/runs.ts';
import { edgeNames, nameOf } from '../state/option-names.ts';
import { correlation, ownConvention, quantities } from '../state/quantities.ts';
import { counted, dateTime, fixed, significant } from '../state/text.ts';
import { pieces } from '../state/typeset.ts';
import { preparationWords } from './preparation-words.ts';

/** A drawing of a report, complete in itself. */
export interface ReportDrawing {
  readonly title: string;
  readonly svg: string;
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Words with symbols as a page writes them. */
const typeset = (words: string) =>
  pieces(words)
    .map(({ text, style: kind }) => {
      if (kind === 'low') return `<sub>${text}</sub>`;
      return kind === 'bar' ? `<span class="mean">${text}</span>` : escaped(text);
    })
    .join('');

/** An equation in plain text: what is summed over stands below the line too. */
const equation = (words: string) =>
  typeset(words)
    .replace(/_&#60;(\w+)&#62;/g, '<sub>⟨$1⟩</sub>')
    .replace(/_(\w+)/g, '<sub>$1</sub>');

const style = `
body { max-width: 780px; margin: 32px auto; font: 14px/1.5 system-ui, sans-serif; color: #1d1c19; }
h1 { font-size: 22px; } h2 { font-size: 16px; margin: 24px 0 8px; }
table { border-collapse: collapse; } th, td { padding: 3px 12px 3px 0; text-align: left; vertical-align: top; }
figure { display: inline-block; width: 380px; margin: 0 4px 8px 0; } figure svg { width: 100%; height: auto; }
figcaption { color: #57544d; font-size: 12px; } sub { font-size: 75%; line-height: 0; } .mean { text-decoration: overline 1px; } .warning { border-left: 3px solid #a3260f; padding-left: 8px; }
@page { size: A4; margin: 11mm; }
@media print {
  body { max-width: none; margin: 0; font-size: 10.5px; line-height: 1.4; }
  h1 { font-size: 18px; margin: 0 0 6px; } h2 { font-size: 13px; margin: 9px 0 3px; } p { margin: 3px 0; }
  th, td { padding: 1px 10px 1px 0; }
  figure { width: 32%; margin: 0 1% 4px 0; } figure svg { max-height: 40mm; } figcaption { font-size: 9.5px; }
}`;

const methods: Readonly<Record<string, string>> = {
  gradient:
    'The parameters were moved along the gradient of the log-likelihood, J ← J − α(⟨b⟩ − b̄) and h ← h − α(⟨m⟩ − m̄), with the model’s moments sampled by heat-bath on persistent Markov chains; the estimate is the average over the later half of the steps.',
  exact:
    'The likelihood was maximised exactly: its normalisation and derivatives were computed by summing over all configurations.',
  mle: 'The likelihood was maximised by Newton steps whose moments and covariances were sampled by Markov-chain Monte Carlo.',
  pseudolikelihood:
    'The pseudolikelihood, the product of every spin’s probability given its neighbours, was maximised.',
};

const figure = ({ title, svg }: ReportDrawing) =>
  `<figure>${svg}<figcaption>${typeset(title)}</figcaption></figure>`;

/** What the check says, or that there was none. */
function checkParagraphs(result: FitResult): string {
  const { check } = result;
  if (!check) {
    return '<p>Whether the model describes the pictures was not checked.</p>';
  }
  const kind = checkVerdict(result) === 'differs' ? ' class="warning"' : '';
  const words = [check.sentence, check.reach].filter((text) => typeof text === 'string').join(' ');
  return [
    `<p${kind}>${typeset(words)}</p>`,
    ...[...(check.misfit ? [check.misfit] : []), ...check.warnings].map(
      (warning) => `<p class="warning">${typeset(warning)}</p>`,
    ),
  ].join('\n');
}

/** A one-page report of a run, complete in itself: no script, nothing to load. */
export function reportOf(
  run: RunSummary,
  { total, sources: [first] }: RunSources,
  pictures: readonly ReportDrawing[],
  charts: readonly ReportDrawing[],
  version: string,
): string {
  const { result } = run;
  if (!result) throw new Error('A run without an estimate has no report.');
  const row = (name: string, value: string) =>
    `<tr><th scope="row">${escaped(name)}</th><td>${value}</td></tr>`;
  const plain = (name: string, value: string) => row(name, escaped(value));
  const own = quantities(result, ownConvention);
  const perSite = quantities(result, { ...ownConvention, field: 'per-site' });
  const values = [...own, ...perSite.filter(({ parameter }) => parameter === notesField)].map(
    ({ symbol, text, standard, sandwich, bootstrap, monteCarlo }) =>
      `<tr><th scope="row">${typeset(symbol)}</th><td>${escaped(text)}</td>${[standard, sandwich, ...(result.bootstrap ? [bootstrap] : []), monteCarlo].map((e) => `<td>${e === null ? '–' : errorAlone(e)}</td>`).join('')}</tr>`,
  );
  const rho = result.converged ? correlation(result) : null;
  const worth = effectively(result.data);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(run.name)}</title><style>${style}</style></head><body>
<h1>${escaped(run.name)}</h1>
<p>${escaped(result.program.name)} ${escaped(result.program.version)}, ${escaped(dateTime(result.created))}; report by version ${escaped(version)}.</p>
${result.exists ? '' : '<p class="warning">No finite estimate exists for these data.</p>'}
${[...new Set(own.map(({ withheld }) => withheld))].map((withheld) => (withheld ? `<p class="warning">${escaped(withheld)}</p>` : '')).join('')}
<table><thead><tr><th></th><th>estimate</th><th>standard error</th><th>sandwich error</th>${result.bootstrap ? '<th>bootstrap</th>' : ''}<th>Monte Carlo</th></tr></thead><tbody>${values.join('')}</tbody></table>
<p>${equation(result.model.convention)}. Errors are one standard deviation; the standard error takes the model for right and the images for independent, the sandwich error only the latter.${rho === null ? '' : ` Correlation of ${typeset(own[0].symbol)} and ${typeset(own.at(-1)?.symbol ?? '')}: ${fixed(rho, 3)}.`}</p>
${result.warnings.map((warning) => `<p class="warning">${typeset(warning)}</p>`).join('\n')}
${result.exists ? checkParagraphs(result) : ''}
<h2>Data and preparation</h2>
${pictures.map(figure).join('\n')}
<table><tbody>
${row('images', typeset(`${result.data.images.toLocaleString('en')} of ${run.rows} × ${run.cols}${worth ? `, effectively ${worth}` : ''}`))}
${row('moments', typeset(`b̄ = ${fixed(result.data.bondMean, 4)}, m̄ = ${fixed(result.data.magnetization, 4)}`))}
${plain('edges', nameOf(edgeNames, result.model.boundary))}
${preparationWords(result.data.preparation ?? {})
  .map(([name, value]) => plain(name, value))
  .join('\n')}
${plain('sources', `${total}${first ? `, first ${first.path} (SHA-256 ${first.sha256})` : ''}`)}
</tbody></table>
<h2>Method</h2>
<p>${typeset(methods[result.method] ?? result.method)}${result.prior ? ` A Gaussian prior about 0 was added to the log-likelihood, of width ${typeset(priorWidths(result.prior))}.` : ''}</p>
<p>Seed ${result.seed}, ${counted(run.steps, 'step')}, ${significant(result.seconds, 3)} s.</p>
<h2>The fit</h2>
${charts
  .map(({ title, svg }, k) => ({
    title,
    // names within a page are there once
    svg: svg.replaceAll('"plot"', `"plot${k}"`).replaceAll('#plot)', `#plot${k})`),
  }))
  .map(figure)
  .join('\n')}
</body></html>
`;
}
