import type { Chart, Plugin } from 'chart.js';

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

/** What is drawn beside the lines: reference lines, bands, and every line's name at its end. */
export interface Notation {
  readonly marks: readonly Mark[];
  readonly bands: readonly Band[];
  readonly names: boolean;
}

const lineHeight = 13;

/** The Chart.js plug-in that draws the notation, which it asks for at every drawing. */
export function notationPlugin(current: () => Notation, font: string): Plugin<'scatter'> {
  return {
    id: 'notation',
    beforeDatasetsDraw(chart) {
      inArea(chart, () => {
        for (const band of current().bands) drawBand(chart, band);
        for (const mark of current().marks) drawMark(chart, mark);
      });
    },
    afterDatasetsDraw(chart) {
      chart.ctx.save();
      chart.ctx.font = font;
      chart.ctx.textBaseline = 'middle';
      nameEnds(chart, current());
      nameVerticals(chart, current());
      chart.ctx.restore();
    },
  };
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

/** A name at the right edge of a chart. */
interface EndName {
  readonly label: string;
  readonly colour: string;
  readonly y: number;
}

/** The names of lines and marks with their places, moved apart where they would cover each other. */
export function endNames(chart: Chart, { marks, names }: Notation): EndName[] {
  const { chartArea: area, scales, data } = chart;
  const ends = marks
    .filter(({ axis }) => axis === 'y')
    .map(({ label, colour, value }) => ({ label, colour, y: scales.y.getPixelForValue(value) }));
  for (const { label, borderColor, data: points } of names ? data.datasets : []) {
    const end = points.at(-1);
    if (!label || typeof end !== 'object' || end === null) continue;
    const y = scales.y.getPixelForValue((end as { y: number }).y);
    ends.push({ label, colour: String(borderColor), y });
  }
  const inside = ends
    .filter(({ y }) => Number.isFinite(y))
    .map((end) => ({ ...end, y: Math.min(area.bottom - 4, Math.max(area.top + 4, end.y)) }))
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

function nameEnds(chart: Chart, notation: Notation): void {
  for (const { label, colour, y } of endNames(chart, notation)) {
    chart.ctx.fillStyle = colour;
    chart.ctx.fillText(label, chart.chartArea.right + 6, y);
  }
}

function nameVerticals({ ctx, chartArea: area, scales }: Chart, { marks }: Notation): void {
  for (const { axis, value, label, colour } of marks) {
    if (axis !== 'x') continue;
    const x = scales.x.getPixelForValue(value);
    if (x < area.left || x > area.right) continue;
    ctx.fillStyle = colour;
    ctx.textAlign = x > (area.left + area.right) / 2 ? 'right' : 'left';
    ctx.fillText(label, ctx.textAlign === 'right' ? x - 4 : x + 4, area.top + 8);
    ctx.textAlign = 'left';
  }
}
