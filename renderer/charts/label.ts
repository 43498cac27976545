import { type Piece, pieces } from '../state/typeset.ts';

const lowScale = 0.75;
const lowDrop = 3;

/** Draws a label that begins at x (or has its middle or end there) at the height y; the font's size is in pixels. */
export function drawLabel(
  context: CanvasRenderingContext2D,
  label: string,
  { x, y, font, size, anchor = 'start' }: LabelPlace,
): void {
  context.textBaseline = 'middle';
  const fontOf = ({ style }: Piece) => `${style === 'low' ? lowScale * size : size}px ${font}`;
  const parts = pieces(label).map((piece) => {
    context.font = fontOf(piece);
    return { ...piece, font: context.font, measure: context.measureText(piece.text) };
  });
  const width = parts.reduce((sum, { measure }) => sum + measure.width, 0);
  let left = x - { start: 0, middle: width / 2, end: width }[anchor];
  for (const part of parts) {
    context.font = part.font;
    context.fillText(part.text, left, part.style === 'low' ? y + lowDrop : y);
    if (part.style === 'bar') {
      const top = y - part.measure.actualBoundingBoxAscent - 2;
      context.fillRect(left, Math.round(top), part.measure.width, 1);
    }
    left += part.measure.width;
  }
}

/** Which part of a label stands at its place, as SVG calls it. */
export type Anchor = 'start' | 'middle' | 'end';

interface LabelPlace {
  readonly x: number;
  readonly y: number;
  readonly font: string;
  readonly size: number;
  readonly anchor?: Anchor;
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** A label as the content of an SVG `text`. */
export function labelSvg(label: string, size: number): string {
  return pieces(label)
    .map(({ text, style }) => {
      if (style === 'plain') return escaped(text);
      if (style === 'bar') return `<tspan text-decoration="overline">${escaped(text)}</tspan>`;
      const font = `font-size="${lowScale * size}"`;
      return `<tspan dy="${lowDrop}" ${font}>${escaped(text)}</tspan><tspan dy="${-lowDrop}">\u200b</tspan>`;
    })
    .join('');
}
