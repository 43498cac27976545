import type { Chart, Plugin } from 'chart.js';
import { type Anchor, drawLabel } from './label.ts';
import type { Palette } from './palette.ts';

/** A straight line across the chart at one value, named at its end. */
export interface Mark {
  readonly axis: 'x' | 'y';
  readonly value: number;
  readonly label: string;
  readonly colour: string;
}

/** A stretch of values, drawn behind everything. */
export interface Band {
  readonly low: number;
  readonly high: number;
  readonly colour: string;
}

/** What is drawn beside the lines: reference lines and bands. */
export interface Notation {
  readonly marks: readonly Mark[];
  readonly bands: readonly Band[];
}

/** As much of a figure as is written beside its lines. */
interface Noted {
  readonly xTitle: string;
  readonly yTitle: string;
  readonly notation: Notation;
  readonly lines: readonly { readonly end?: string; readonly dot?: boolean }[];
}

const lineHeight = 13;
const fontSize = 12;
export const dotRadius = 4;
export const titleSize = 12;
export const titlePadding = 2;

/** The Chart.js plug-in that draws the notation, which it asks for at every drawing. */
export function notationPlugin(
  current: () => Noted,
  { soft }: Palette,
  font: string,
): Plugin<'scatter'> {
  return {
    id: 'notation',
    beforeDatasetsDraw(chart) {
      inArea(chart, () => {
        for (const band of current().notation.bands) drawBand(chart, band);
        for (const mark of current().notation.marks) drawMark(chart, mark);
      });
    },
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      inArea(chart, () => {
        for (const { x, y, colour } of dots(chart, current())) {
          ctx.fillStyle = colour;
          ctx.beginPath();
          ctx.arc(x, y, dotRadius, 0, 2 * Math.PI);
          ctx.fill();
        }
      });
      ctx.save();
      for (const { label, colour, ...place } of names(chart, current())) {
        ctx.fillStyle = colour;
        drawLabel(ctx, label, { ...place, font, size: fontSize });
      }
      ctx.fillStyle = soft;
      drawTitles(chart, current(), font);
      ctx.restore();
    },
  };
}

/** The axes' titles, in the middle of the room that Chart.js has left for them. */
function drawTitles({ ctx, chartArea: area, scales }: Chart, noted: Noted, font: string): void {
  const style = { font, size: titleSize, anchor: 'middle' } as const;
  const from = titlePadding + 0.6 * titleSize;
  const x = (area.left + area.right) / 2;
  drawLabel(ctx, noted.xTitle, { ...style, x, y: scales.x.bottom - from });
  ctx.translate(scales.y.left + from, (area.top + area.bottom) / 2);
  ctx.rotate(-Math.PI / 2);
  drawLabel(ctx, noted.yTitle, { ...style, x: 0, y: 0 });
}

function inArea(chart: Chart, draw: () => void): void {
  const { ctx, chartArea: area } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(area.left, area.top, area.width, area.height);
  ctx.clip();
  draw();
  ctx.restore();
}

function drawBand({ ctx, chartArea: area, scales }: Chart, { low, high, colour }: Band): void {
  const top = scales.y.getPixelForValue(high);
  ctx.fillStyle = colour;
  ctx.fillRect(area.left, top, area.width, scales.y.getPixelForValue(low) - top);
}

function drawMark({ ctx, chartArea: area, scales }: Chart, { axis, value, colour }: Mark): void {
  const place = scales[axis].getPixelForValue(value);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.25;
  ctx.setLineDash([5, 4]);
  ctx.beginPath();
  if (axis === 'y') {
    ctx.moveTo(area.left, place);
    ctx.lineTo(area.right, place);
  } else {
    ctx.moveTo(place, area.top);
    ctx.lineTo(place, area.bottom);
  }
  ctx.stroke();
}

/** Where the lines that have a dot at their end have it. */
export function dots(
  { data, scales }: Chart,
  { lines }: Noted,
): { x: number; y: number; colour: string }[] {
  return lines.flatMap(({ dot }, k) => {
    const { borderColor, data: points } = data.datasets[k];
    const last = points.at(-1) as { x: number; y: number } | undefined;
    if (!dot || !last) return [];
    const [x, y] = [scales.x.getPixelForValue(last.x), scales.y.getPixelForValue(last.y)];
    return { x, y, colour: String(borderColor) };
  });
}

/** A name and its place. */
interface Name {
  readonly label: string;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
  readonly anchor?: Anchor;
}

/** Every name that a figure has in its chart, none over another. */
export function names(chart: Chart, noted: Noted): Name[] {
  return [...endNames(chart, noted), ...verticalNames(chart, noted.notation)];
}

/** The names of lines and of horizontal marks, moved apart where they would cover each other. */
function endNames(chart: Chart, { notation, lines }: Noted): Name[] {
  const { chartArea: area, scales, data } = chart;
  const ends = notation.marks
    .filter(({ axis }) => axis === 'y')
    .map(({ label, colour, value }) => ({ label, colour, y: scales.y.getPixelForValue(value) }));
  lines.forEach(({ end }, k) => {
    const { borderColor, data: points } = data.datasets[k];
    const last = points.at(-1);
    if (!end || typeof last !== 'object' || last === null) return;
    const y = scales.y.getPixelForValue((last as { y: number }).y);
    ends.push({ label: end, colour: String(borderColor), y });
  });
  const x = area.right + 6;
  const inside = ends
    .filter(({ y }) => Number.isFinite(y))
    .map((end) => ({ ...end, x, y: Math.min(area.bottom - 4, Math.max(area.top + 4, end.y)) }))
    .sort((a, b) => a.y - b.y);
  for (let k = 1; k < inside.length; k++) {
    inside[k].y = Math.max(inside[k].y, inside[k - 1].y + lineHeight);
  }
  // what was pushed out below goes up again
  let floor = area.bottom + lineHeight / 2;
  for (let k = inside.length - 1; k >= 0; k--) {
    inside[k].y = Math.min(inside[k].y, floor);
    floor = inside[k].y - lineHeight;
  }
  return inside;
}

/** The names of vertical marks; of one that lies outside, at the edge behind which it is. */
function verticalNames({ chartArea: area, scales }: Chart, { marks }: Notation): Name[] {
  return marks
    .filter(({ axis }) => axis === 'x')
    .map(({ value, label, colour }) => {
      const x = scales.x.getPixelForValue(value);
      const common = { colour, y: area.top + 8 };
      if (x < area.left) return { ...common, label: `← ${label}`, x: area.left + 4 };
      if (x > area.right)
        return { ...common, label: `${label} →`, x: area.right - 4, anchor: 'end' };
      return x > (area.left + area.right) / 2
        ? { ...common, label, x: x - 4, anchor: 'end' }
        : { ...common, label, x: x + 4 };
    });
}
