import type { RunSummary } from '../../shared/protocol/runs.ts';
import type { Figure, Line } from './figure.ts';
import type { Band, Mark } from './marks.ts';
import { faded, type Palette } from './palette.ts';
import type { Column, TraceTable } from './trace-table.ts';
import type { Range } from './view-range.ts';

/** ½ ln(1 + √2): the critical coupling of the infinite square lattice at h = 0. */
export const criticalCoupling = 0.44068679350977147;

/** The charts of a run, in the order in which they stand. */
export const traceFigures = ['couplings', 'field', 'moments', 'gradient'] as const;
export type TraceFigure = (typeof traceFigures)[number];

export const figureTitles: Readonly<Record<TraceFigure | 'path', string>> = {
  couplings: 'Coupling',
  field: 'Field',
  moments: 'Moments of the model against the data',
  gradient: 'Gradient against sampling noise',
  path: 'Path in the (J, h) plane',
};

/** Where a run's charts look: steps shown (null all), palette and pixels. */
export interface Sight {
  readonly steps: Range | null;
  readonly palette: Palette;
  readonly pixels: number;
}

type Parts = Pick<RunSummary, 'parameters' | 'observed' | 'result'>;

const momentNames: Readonly<Record<string, string>> = {
  J: '⟨b⟩',
  Jx: '⟨bx⟩',
  Jy: '⟨by⟩',
  h: '⟨m⟩',
};
const dataNames: Readonly<Record<string, string>> = { J: 'b̄', Jx: 'b̄x', Jy: 'b̄y', h: 'm̄' };

/** One of the four charts on the step axis. */
export function traceFigure(
  kind: TraceFigure,
  run: Parts,
  table: TraceTable,
  { steps, palette, pixels }: Sight,
): Figure {
  const whole = table.range ?? { min: 0, max: 1 };
  const x = steps ?? { min: whole.min, max: Math.max(whole.max, whole.min + 1) };
  const line = (column: Column, a: number, name: string, dashed = false): Line => ({
    name,
    colour: palette.series(run.parameters[a]),
    dashed,
    points: table.line(column, a, x.min, x.max, pixels),
  });
  const common = { xTitle: 'step', x, y: null };
  const chosen = run.parameters
    .map((name, a) => ({ name, a }))
    .filter(({ name }) =>
      kind === 'couplings' ? name !== 'h' : kind === 'field' ? name === 'h' : true,
    );
  if (kind === 'moments') {
    const marks = chosen.map(
      ({ name, a }): Mark => ({
        axis: 'y',
        value: run.observed[a],
        label: dataNames[name] ?? `data ${name}`,
        colour: palette.data,
      }),
    );
    const lines = chosen.map(({ name, a }) => line('moment', a, momentNames[name] ?? `⟨${name}⟩`));
    // the data's lines stay in sight while the model is still far from them
    const y = extent([...lines.flatMap(heights), ...marks.map(({ value }) => value)]);
    return { ...common, y, yTitle: 'mean', lines, notation: { marks, bands: [], names: true } };
  }
  if (kind === 'gradient') {
    const lines = chosen.flatMap(({ name, a }) => [
      line('gradient', a, `|g ${name}|`),
      line('noise', a, '', true),
    ]);
    const positive = lines.map((each) => ({ ...each, points: each.points.filter((p) => p.y > 0) }));
    return {
      ...common,
      yTitle: '|gradient|; dashed: noise',
      logarithmic: true,
      lines: positive,
      notation: { marks: [], bands: [], names: true },
    };
  }
  const lines = chosen.map(({ name, a }) => line('parameter', a, name));
  const bands = chosen.flatMap(({ name }) => errorBand(name, run, palette));
  const y = extent([...lines.flatMap(heights), ...bands.flatMap(({ low, high }) => [low, high])]);
  return {
    ...common,
    y,
    yTitle: chosen.map(({ name }) => name).join(', '),
    lines,
    notation: { marks: [], bands, names: true },
  };
}

/** The way of the first coupling and the field, with the critical coupling. */
export function pathFigure(
  run: Parts,
  table: TraceTable,
  palette: Palette,
  x: Range | null,
  y: Range | null,
): Figure {
  const field = run.parameters.indexOf('h');
  const points = table.path(0, field, 3000);
  const mark: Mark = {
    axis: 'x',
    value: criticalCoupling,
    label: 'J_c',
    colour: palette.data,
  };
  return {
    xTitle: run.parameters[0],
    yTitle: 'h',
    lines: [{ name: '', colour: palette.ink, points, dot: true }],
    notation: { marks: [mark], bands: [], names: false },
    x: x ?? extent(points.map((point) => point.x)),
    y: y ?? extent(points.map((point) => point.y)),
  };
}

/** θ̂ ± one standard error, once there is an estimate. */
function errorBand(name: string, { result }: Parts, palette: Palette): Band[] {
  const value = result?.estimate[name];
  const error = result?.standardError?.[name];
  if (typeof value !== 'number' || typeof error !== 'number') return [];
  return [{ low: value - error, high: value + error, colour: faded(palette.series(name), 0.22) }];
}

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
