import type { ChartDataset } from 'chart.js';
import type { Point } from './extremes.ts';

/** One line of a figure. */
export interface Line {
  /** Written where its value is read off. */
  readonly name: string;
  /** Written at its end; nothing by default. */
  readonly end?: string;
  readonly colour: string;
  readonly points: readonly Point[];
  readonly dashed?: boolean;
  /** A dot at the last point; none by default. */
  readonly dot?: boolean;
  /** Whether its x goes back and forth, as it does in a plane; it only grows by default. */
  readonly winding?: boolean;
}

/**
 * A line as Chart.js takes it.
 *
 * @param whole leads it through every point, as a file has to show it
 */
export function dataset(
  { name, colour, points, dashed, winding }: Line,
  whole = false,
): ChartDataset<'scatter', Point[]> {
  return {
    label: name,
    data: points as Point[],
    showLine: true,
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: dashed ? 1 : 1.5,
    // Chart.js draws the points of one pixel column as a vertical stroke, unless the line has dashes: without gaps here
    borderDash: dashed ? [2, 3] : winding || whole ? [1e6, 0] : [],
    pointRadius: 0,
    pointHitRadius: 0,
    pointHoverRadius: 3,
  };
}
