import { LineElement } from 'chart.js';
import { expect, it } from 'vitest';
import { dataset } from '../../renderer/charts/line.ts';

/** The places that Chart.js leads a line through which winds, or does not. */
function visited(winding: boolean, whole = false): { x: number; y: number }[] {
  const points = Array.from({ length: 90 }, (_, k) => ({
    x: 100 + 40 * Math.cos((k * Math.PI) / 45),
    y: 80 + 30 * Math.sin((k * Math.PI) / 45),
  }));
  const { borderDash } = dataset({ name: 'ellipse', colour: '#000', points, winding }, whole);
  const element = new LineElement({} as never);
  Object.assign(element, {
    options: { borderDash },
    _points: points,
    _pointsUpdated: true,
  });
  const found: { x: number; y: number }[] = [];
  const go = (x: number, y: number) => found.push({ x, y });
  const context = { moveTo: go, lineTo: go };
  element.pathSegment(context as never, { start: 0, end: points.length - 1 } as never, {} as never);
  return found.filter(({ x, y }) => points.some((point) => point.x === x && point.y === y));
}

it('leads a line that winds through every point, where one along x has one stroke for a pixel column', () => {
  expect(visited(true)).toHaveLength(90);
  expect(visited(false).length).toBeLessThan(90);
  // a file is larger than what Chart.js takes for its pixels
  expect(visited(false, true)).toHaveLength(90);
});
