import type { Chart, Scale } from 'chart.js';
import type { Figure } from './figure.ts';
import { labelSvg } from './label.ts';
import { dotRadius, dots, names } from './marks.ts';
import type { Palette } from './palette.ts';

const fontSize = 12;
const at = (value: number) => Number(value.toFixed(2));

/** A figure as SVG, with the axes and the layout that Chart.js gave it. */
export function figureSvg(figure: Figure, palette: Palette, chart: Chart): string {
  const { chartArea: area, scales, width, height } = chart;
  const { x, y } = scales;
  const text = (left: number, top: number, anchor: string, colour: string, content: string) =>
    `<text x="${at(left)}" y="${at(top)}" text-anchor="${anchor}" fill="${colour}">${labelSvg(content, fontSize)}</text>`;
  const line = (x1: number, y1: number, x2: number, y2: number, colour: string, dash = '') =>
    `<path d="M${at(x1)} ${at(y1)}L${at(x2)} ${at(y2)}" stroke="${colour}" fill="none"${dash}/>`;

  const grid = [
    ...ticks(x).flatMap(([place, label]) => [
      line(place, area.top, place, area.bottom, palette.line),
      text(place, area.bottom + 16, 'middle', palette.soft, label),
    ]),
    ...ticks(y).flatMap(([place, label]) => [
      line(area.left, place, area.right, place, palette.line),
      text(area.left - 6, place + 4, 'end', palette.soft, label),
    ]),
    line(area.left, area.bottom, area.right, area.bottom, palette.soft),
    line(area.left, area.top, area.left, area.bottom, palette.soft),
    text((area.left + area.right) / 2, height - 6, 'middle', palette.soft, figure.xTitle),
    `<text transform="translate(14 ${at((area.top + area.bottom) / 2)}) rotate(-90)" text-anchor="middle" fill="${palette.soft}">${labelSvg(figure.yTitle, fontSize)}</text>`,
  ];
  const bands = figure.notation.bands.map(({ low, high, colour }) => {
    const top = y.getPixelForValue(high);
    return `<rect x="${area.left}" y="${at(top)}" width="${at(area.width)}" height="${at(y.getPixelForValue(low) - top)}" fill="${colour}"/>`;
  });
  const marks = figure.notation.marks.map(({ axis, value, colour }) => {
    const place = scales[axis].getPixelForValue(value);
    const dash = ' stroke-dasharray="5 4"';
    return axis === 'y'
      ? line(area.left, place, area.right, place, colour, dash)
      : line(place, area.top, place, area.bottom, colour, dash);
  });
  const lines = figure.lines.map(({ points, colour, dashed }) => {
    const path = points
      .map(
        (p, k) => `${k ? 'L' : 'M'}${at(x.getPixelForValue(p.x))} ${at(y.getPixelForValue(p.y))}`,
      )
      .join('');
    const dash = dashed ? ' stroke-dasharray="2 3"' : '';
    return `<path d="${path}" stroke="${colour}" stroke-width="1.5" stroke-linejoin="round" fill="none"${dash}/>`;
  });
  const ends = dots(chart, figure).map(
    (dot) => `<circle cx="${at(dot.x)}" cy="${at(dot.y)}" r="${dotRadius}" fill="${dot.colour}"/>`,
  );
  const labels = names(chart, figure).map(({ x: left, y: top, anchor = 'start', colour, label }) =>
    text(left, top + 4, anchor, colour, label),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, system-ui, sans-serif" font-size="${fontSize}">`,
    `<rect width="${width}" height="${height}" fill="${palette.surface}"/>`,
    ...grid,
    `<clipPath id="plot"><rect x="${at(area.left)}" y="${at(area.top)}" width="${at(area.width)}" height="${at(area.height)}"/></clipPath>`,
    '<g clip-path="url(#plot)">',
    ...bands,
    ...marks,
    ...lines,
    ...ends,
    '</g>',
    ...labels,
    '</svg>',
    '',
  ].join('\n');
}

/** Places and labels of an axis. */
function ticks(scale: Scale): [number, string][] {
  return scale.ticks.map((tick, k) => [scale.getPixelForTick(k), String(tick.label ?? tick.value)]);
}
