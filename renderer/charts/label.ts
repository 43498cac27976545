/** A piece of a label: as it stands, with a bar over it (a mean), or below the line (an index). */
interface Piece {
  readonly text: string;
  readonly style: 'plain' | 'bar' | 'low';
}

/** `b̄` (a letter and U+0304) has a bar, `_c` is an index; fonts place the mark badly over tall letters. */
function pieces(label: string): Piece[] {
  return Array.from(label.matchAll(/(.)\u0304|_(.)|(.+?)(?=.\u0304|_|$)/gsu), (match) => {
    const [, bar, low, plain] = match;
    if (bar !== undefined) return { text: bar, style: 'bar' };
    return low === undefined ? { text: plain, style: 'plain' } : { text: low, style: 'low' };
  });
}

const lowScale = 0.75;
const lowDrop = 3;

/** Draws a label that begins at x (or ends there), its middle at y; the font's size is in pixels. */
export function drawLabel(
  context: CanvasRenderingContext2D,
  label: string,
  { x, y, font, size, end = false }: LabelPlace,
): void {
  context.textBaseline = 'middle';
  const fontOf = ({ style }: Piece) => `${style === 'low' ? lowScale * size : size}px ${font}`;
  const parts = pieces(label).map((piece) => {
    context.font = fontOf(piece);
    return { ...piece, font: context.font, measure: context.measureText(piece.text) };
  });
  let left = end ? x - parts.reduce((sum, { measure }) => sum + measure.width, 0) : x;
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

interface LabelPlace {
  readonly x: number;
  readonly y: number;
  readonly font: string;
  readonly size: number;
  /** The label ends at x. */
  readonly end?: boolean;
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
