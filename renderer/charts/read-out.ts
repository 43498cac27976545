import type { Plugin, TooltipItem } from 'chart.js';
import { signed } from '../state/text.ts';
import { drawLabel } from './label.ts';
import type { Palette } from './palette.ts';

const size = 12;
const lineHeight = 16;
const padding = 6;
/** Digits of a value that is read off. */
const digits = 6;
/** Chart.js makes the room for the words; they are drawn here, where indices stand below the line. */
const unseen = 'transparent';

const value = (x: number) =>
  signed(Number.isInteger(x) ? x.toLocaleString('en') : x.toPrecision(digits));

/** What Chart.js says of the point that is pointed at. */
export function readOutOptions(xTitle: () => string, { ink }: Palette, family: string) {
  const font = { family, size, weight: 'normal', lineHeight: `${lineHeight}px` } as const;
  return {
    animation: false as const,
    displayColors: false,
    backgroundColor: ink,
    ...{ titleColor: unseen, titleFont: font, titleSpacing: 0, titleMarginBottom: 0 },
    ...{ bodyColor: unseen, bodyFont: font, bodySpacing: 0 },
    padding,
    callbacks: {
      title: ([item]: TooltipItem<'scatter'>[]) =>
        item && item.parsed.x !== null ? `${xTitle()} = ${value(item.parsed.x)}` : '',
      label: ({ dataset: { label }, parsed: { y } }: TooltipItem<'scatter'>) =>
        `${label} = ${y === null ? '–' : value(y)}`,
    },
  };
}

/** The Chart.js plug-in that writes it. */
export function readOutPlugin({ surface }: Palette, font: string): Plugin<'scatter'> {
  return {
    id: 'readOut',
    afterTooltipDraw({ ctx }, { tooltip }) {
      const lines = [...tooltip.title, ...tooltip.body.flatMap((part) => part.lines)];
      ctx.save();
      ctx.fillStyle = surface;
      for (const [k, line] of lines.entries()) {
        const y = tooltip.y + padding + (k + 0.5) * lineHeight;
        drawLabel(ctx, line, { x: tooltip.x + padding, y, font, size });
      }
      ctx.restore();
    },
  };
}
