import {
  Chart,
  LinearScale,
  LineElement,
  LogarithmicScale,
  PointElement,
  type Scale,
  ScatterController,
  type Tick,
  Tooltip,
} from 'chart.js';
import type { Point } from './extremes.ts';
import { dataset, type Line } from './line.ts';
import { type Notation, notationPlugin, titlePadding, titleSize } from './marks.ts';
import type { Palette } from './palette.ts';
import { readOutOptions, readOutPlugin } from './read-out.ts';
import { ticks } from './ticks.ts';
import type { Range } from './view-range.ts';

Chart.register(
  LinearScale,
  LogarithmicScale,
  LineElement,
  PointElement,
  ScatterController,
  Tooltip,
);

/** Everything that a figure shows; drawn on the screen and, at another size, into files. */
export interface Figure {
  readonly xTitle: string;
  readonly yTitle: string;
  readonly logarithmic?: boolean;
  readonly lines: readonly Line[];
  readonly notation: Notation;
  /** Null follows the lines. */
  readonly x: Range | null;
  readonly y: Range | null;
}

const family = '"Inter Variable", KaTeX_Main, system-ui, sans-serif';

/** Powers of ten alone; 1e−4 where there is no room for all zeros. */
function powerLabel(value: number): string {
  const exponent = Math.round(Math.log10(value));
  if (Math.abs(Math.log10(value) - exponent) > 1e-9) return '';
  return exponent < -3 ? `1e−${-exponent}` : value.toLocaleString('en');
}

/** A drawing of figures on one canvas. */
export interface Drawing {
  show(figure: Figure): void;
  readonly chart: Chart<'scatter', Point[]>;
  destroy(): void;
}

/** @param density device pixels per CSS pixel of a drawing for a file; null draws on the screen, with a read-out */
export function drawing(
  canvas: HTMLCanvasElement,
  palette: Palette,
  first: Figure,
  density: number | null,
): Drawing {
  const interactive = density === null;
  let figure = first;
  const scale = (range: Range | null, type: 'linear' | 'logarithmic') => ({
    type,
    min: range?.min,
    max: range?.max,
    // room for the words, which are written with indices below the line
    title: { display: true, text: '', padding: titlePadding, font: { size: titleSize } },
    // Chart.js leaves a narrow axis with a single number, from which no scale can be read
    afterBuildTicks: (axis: Scale) => {
      if (type === 'logarithmic') return;
      const count = axis.isHorizontal() ? axis.width / 50 : axis.height / 50;
      axis.ticks = ticks(axis.min, axis.max, Math.min(8, Math.max(2, count)));
    },
    grid: { color: palette.line, lineWidth: 0.5, tickLength: 4 },
    border: { color: palette.soft },
    ticks: {
      color: palette.soft,
      maxTicksLimit: type === 'logarithmic' ? 6 : 10,
      maxRotation: 0,
      includeBounds: false,
      font: { size: 11 },
      // an axis of nothing has no numbers
      callback: (value: number | string, k: number, all: readonly Tick[]) =>
        figure.lines.some(({ points }) => points.length > 0)
          ? (all[k].label ?? powerLabel(Number(value)))
          : '',
    },
  });
  const scales = () => ({
    x: scale(figure.x, 'linear'),
    y: {
      ...scale(figure.y, figure.logarithmic ? 'logarithmic' : 'linear'),
      // axes of charts above each other start at the same place
      afterFit: (axis: { width: number }) => {
        axis.width = 62;
      },
    },
  });
  const chart = new Chart<'scatter', Point[]>(canvas, {
    type: 'scatter',
    data: { datasets: figure.lines.map((line) => dataset(line, !interactive)) },
    options: {
      animation: false,
      responsive: interactive,
      devicePixelRatio: density ?? undefined,
      maintainAspectRatio: false,
      normalized: true,
      parsing: false,
      font: { family },
      events: interactive ? ['mousemove', 'mouseout'] : [],
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      layout: { padding: { top: 8, right: 44, left: 0, bottom: 0 } },
      plugins: {
        tooltip: readOutOptions(() => figure.xTitle, palette, family),
      },
      scales: scales(),
    },
    plugins: [notationPlugin(() => figure, palette, family), readOutPlugin(palette, family)],
  });
  return {
    chart,
    show(next) {
      figure = next;
      // datasets keep their identity so that nothing is rebuilt thirty times a second
      next.lines.forEach((line, k) => {
        chart.data.datasets[k] = Object.assign(
          chart.data.datasets[k] ?? {},
          dataset(line, !interactive),
        );
      });
      chart.data.datasets.length = next.lines.length;
      const { x, y } = chart.options.scales ?? {};
      if (x && y) {
        [x.min, x.max] = [next.x?.min, next.x?.max];
        [y.min, y.max] = [next.y?.min, next.y?.max];
      }
      chart.update('none');
    },
    destroy: () => chart.destroy(),
  };
}
