/** A piece of a contour in units of the grid: column and row of both ends. */
export type Segment = readonly [number, number, number, number];

/**
 * The contour at one level of values on a grid, `columns` of them a row: straight pieces through every cell
 * that the level crosses, its ends by linear interpolation; a saddle is cut by the mean of its corners.
 */
export function contour(values: readonly number[], columns: number, level: number): Segment[] {
  const segments: Segment[] = [];
  const rows = values.length / columns;
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const corners = [
        [i, j],
        [i + 1, j],
        [i + 1, j + 1],
        [i, j + 1],
      ] as const;
      const heights = corners.map(([x, y]) => values[y * columns + x] - level);
      // where the level crosses the cell's sides, in order around it
      const crossings = corners.flatMap(([x, y], k) => {
        const [a, b] = [heights[k], heights[(k + 1) % 4]];
        if (a > 0 === b > 0) return [];
        const [nextX, nextY] = corners[(k + 1) % 4];
        const t = a / (a - b);
        return [[x + t * (nextX - x), y + t * (nextY - y)] as const];
      });
      const mean = heights.reduce((sum, height) => sum + height, 0) / 4;
      // at a saddle the pieces go around the corners that differ from the middle
      const turned = crossings.length === 4 && heights[0] > 0 === mean > 0;
      const from = turned ? 0 : crossings.length === 4 ? 1 : 0;
      for (let k = 0; k < crossings.length; k += 2) {
        const [start, end] = [crossings[(from + k) % 4], crossings[(from + k + 1) % 4]];
        if (start && end) segments.push([...start, ...end]);
      }
    }
  }
  return segments;
}
