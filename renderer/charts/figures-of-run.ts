import { isFieldName, momentLetter, symbol } from '../../shared/models/names.ts';
import type { FitResult, RunSummary } from '../../shared/protocol/runs.ts';
import { shownEstimate } from '../../shared/protocol/shown-estimate.ts';
import type { Point } from './extremes.ts';
import type { Figure } from './figure.ts';
import type { Line } from './line.ts';
import type { Band, Mark } from './marks.ts';
import { faded, type Palette } from './palette.ts';
import type { Column, TraceTable } from './trace-table.ts';
import type { Range } from './view-range.ts';

/** ½ ln(1 + √2): the critical coupling of the infinite square lattice at h = 0. */
export const criticalCoupling = 0.44068679350977147;

/** Points of an ellipse. */
const ellipsePoints = 180;

/** The charts of a run, in the order in which they stand. */
const traceFigures = ['couplings', 'field', 'moments', 'gradient'] as const;
export type TraceFigure = (typeof traceFigures)[number];

/** Those, and the path in the plane. */
export type FigureName = TraceFigure | 'path';

const figureTitles: Readonly<Record<FigureName, string>> = {
  couplings: 'Coupling',
  field: 'Field',
  moments: 'Moments of the model against the data',
  gradient: 'Gradient against sampling noise',
  path: 'Path in the (J, h) plane',
};

/** The same of one run, whose first coupling may be one of two. */
export function figureTitle(
  kind: FigureName,
  { parameters }: Pick<RunSummary, 'parameters'>,
): string {
  return figureTitles[kind].replace(
    '(J, h)',
    `(${parameters[0] ?? 'J'}, ${symbol(parameters.find(isFieldName) ?? 'h')})`,
  );
}

/** Where a run's charts look: steps shown (null all), palette and pixels. */
export interface Sight {
  readonly steps: Range | null;
  readonly palette: Palette;
  readonly pixels: number;
}

type Parts = Pick<RunSummary, 'parameters' | 'observed' | 'result'>;

/** A letter under a bar: the data's mean. */
const dataName = (parameter: string) => momentLetter(parameter).replace(/^./u, '$&\u0304');

/** The charts that a run of these parameters has. */
export function chartsOf({ parameters }: Pick<RunSummary, 'parameters'>): FigureName[] {
  const fielded = parameters.length === 0 || parameters.some(isFieldName);
  return [...traceFigures, 'path' as const].filter(
    (kind) => fielded || (kind !== 'field' && kind !== 'path'),
  );
}

/** One of the four charts on the step axis. */
export function traceFigure(
  kind: TraceFigure,
  run: Parts,
  table: TraceTable,
  { steps, palette, pixels }: Sight,
): Figure {
  const whole = table.range ?? { min: 0, max: 1 };
  const x = steps ?? { min: whole.min, max: Math.max(whole.max, whole.min + 1) };
  const line = (column: Column, a: number, name: string, end = name): Line => ({
    name,
    end,
    colour: palette.series(run.parameters[a]),
    points: table.line(column, a, x, pixels),
  });
  const common = { xTitle: 'step', x };
  const chosen = run.parameters
    .map((name, a) => ({ name, a }))
    .filter(({ name }) =>
      kind === 'couplings' ? !isFieldName(name) : kind === 'field' ? isFieldName(name) : true,
    );
  if (kind === 'moments') {
    const known = chosen.filter(({ a }) => Number.isFinite(run.observed[a]));
    const marks = known.map(
      ({ name, a }): Mark => ({
        axis: 'y',
        value: run.observed[a],
        label: dataName(name),
        colour: palette.data,
      }),
    );
    const lines = chosen.map(({ name, a }) => line('moment', a, `⟨${momentLetter(name)}⟩`));
    // the data's lines stay in sight while the model is still far from them
    const y = extent([...lines.flatMap(heights), ...marks.map(({ value }) => value)]);
    return { ...common, y, yTitle: 'mean', lines, notation: { marks, bands: [] } };
  }
  if (kind === 'gradient') {
    const all = chosen.flatMap(({ name, a }) => [
      line('gradient', a, `gradient ${name}`, symbol(name)),
      { ...line('noise', a, `noise ${name}`, ''), dashed: true },
    ]);
    const lines = all.map((each) => ({ ...each, points: each.points.filter((p) => p.y > 0) }));
    return {
      ...common,
      y: decades(lines),
      yTitle: '|gradient|; dotted: noise',
      logarithmic: true,
      lines,
      notation: { marks: [], bands: [] },
    };
  }
  const lines = chosen.map(({ name, a }) => line('parameter', a, name, symbol(name)));
  const bands = chosen.flatMap(({ name }) => errorBand(name, run, palette));
  const y = extent([...lines.flatMap(heights), ...bands.flatMap(({ low, high }) => [low, high])]);
  const yTitle =
    chosen.length > 3 ? 'parameters' : chosen.map(({ name }) => symbol(name)).join(', ');
  return { ...common, y, yTitle, lines, notation: { marks: [], bands } };
}

/** The way of the first coupling and the field, with the critical coupling and, at its end, a 68 % region. */
export function pathFigure(
  run: Parts,
  table: TraceTable,
  palette: Palette,
  x: Range | null,
  y: Range | null,
): Figure {
  const field = run.parameters.findIndex(isFieldName);
  const points = field < 0 ? [] : table.path;
  // with two couplings the critical line is no value of the first
  const marks: Mark[] =
    run.parameters[0] === 'J'
      ? [{ axis: 'x', value: criticalCoupling, label: 'J_c', colour: palette.data }]
      : [];
  const region = field < 0 ? [] : errorEllipse(run, field);
  return {
    xTitle: run.parameters[0] ?? 'J',
    yTitle: symbol(run.parameters[field] ?? 'h'),
    lines: [
      { name: 'h', colour: palette.ink, points, dot: true, winding: true },
      { name: '68 % region: h', colour: palette.accent, points: region, winding: true },
    ],
    notation: { marks, bands: [] },
    ...wholePlane(run, table),
    ...(x && { x }),
    ...(y && { y }),
  };
}

/** All of the path and of its end's region. */
export function wholePlane(run: Parts, table: TraceTable): { x: Range | null; y: Range | null } {
  const field = run.parameters.findIndex(isFieldName);
  if (field < 0) return { x: null, y: null };
  const points = [...table.path, ...errorEllipse(run, field)];
  return {
    x: couplingRange(
      run,
      points.map(({ x }) => x),
    ),
    y: extent(points.map(({ y }) => y)),
  };
}

/** All values, and the critical coupling too where that does not make the path small. */
function couplingRange(run: Parts, values: readonly number[]): Range | null {
  const own = extent(values);
  if (!own || run.parameters[0] !== 'J') return own;
  const width = own.max - own.min;
  const near = criticalCoupling > own.min - width && criticalCoupling < own.max + width;
  return near ? extent([...values, criticalCoupling]) : own;
}

/** Where the first coupling and the field lie together with 68 %: Δθᵀ C⁻¹ Δθ = −2 ln 0.32. */
function errorEllipse({ result, parameters }: Parts, field: number): Point[] {
  const [first, second] = [parameters[0], parameters[field]];
  const centre = [result?.estimate[first], result?.estimate[second]].map(Number);
  const known = result && hasError(result, first) && hasError(result, second);
  if (!known || !result.covariance || !centre.every(Number.isFinite)) return [];
  const { covariance: c } = result;
  // C = L Lᵀ
  const l00 = Math.sqrt(c[0][0]);
  const l10 = c[field][0] / l00;
  const l11 = Math.sqrt(Math.max(0, c[field][field] - l10 * l10));
  const radius = Math.sqrt(-2 * Math.log(0.32));
  return Array.from({ length: ellipsePoints + 1 }, (_, k) => {
    const [u, v] = [Math.cos, Math.sin].map((of) => radius * of((2 * Math.PI * k) / ellipsePoints));
    return { x: centre[0] + l00 * u, y: centre[1] + l10 * u + l11 * v };
  });
}

/** A logarithmic axis down to a hundredth of the noise: what lies below is chance. */
function decades(lines: readonly Line[]): Range | null {
  const all = lines.flatMap(heights);
  const noise = lines.filter(({ dashed }) => dashed).flatMap(heights);
  const high = Math.max(...all.map((value) => value));
  const low = Math.max(Math.min(...all), noise.length > 0 ? Math.min(...noise) / 100 : 0);
  return all.length > 0 && low < high ? { min: low / 1.5, max: high * 1.5 } : null;
}

/** θ̂ ± one standard error, once there is an estimate. */
function errorBand(name: string, { result }: Parts, palette: Palette): Band[] {
  const value = result?.estimate[name];
  const error = result?.standardError?.[name];
  if (!result || typeof value !== 'number' || typeof error !== 'number') return [];
  if (!hasError(result, name)) return [];
  return [{ low: value - error, high: value + error, colour: faded(palette.series(name), 0.22) }];
}

/** Whether a parameter has a ±, which bands and ellipses show too. */
const hasError = (result: FitResult, name: string) => shownEstimate(result, name).error !== null;

const heights = (line: Line) => line.points.map((point) => point.y);

/** From the smallest to the largest value with some air; null for no value. */
export function extent(values: readonly number[]): Range | null {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (min > max) return null;
  const air = 0.06 * (max - min) || Math.max(1e-6, 0.05 * Math.abs(max));
  return { min: min - air, max: max + air };
}
