import { writeFileSync } from 'node:fs';
import { hardest, strongest } from '../../shared/assessment/score-sentences.ts';
import { type ScoreTest, scoreLevel } from '../../shared/assessment/scores.ts';
import { farthest } from '../../shared/assessment/sentences.ts';
import { plan } from '../../shared/assessment/sets.ts';
import type { SpinData } from '../../shared/data/dataset.ts';
import { comparedWith, fitted, type Shape } from '../assessment/fitted.ts';
import { drawLarger, type LargerModel } from '../assessment/larger-model.ts';

const shape: Shape = { rows: 12, cols: 12, boundary: 'free' };
const J = 0.3;
const images = 20;
/** By the alternative's δ and the coupling beside it. */
const alternatives: readonly (readonly [
  ScoreTest['kind'],
  (delta: number, J: number) => LargerModel,
])[] = [
  ['next-nearest', (J2, J) => ({ J: [J, J], J2 })],
  ['anisotropy', (delta, J) => ({ J: [J + delta / 2, J - delta / 2] })],
  ['trend-1', (a, J) => ({ J: [J, J], field: (x) => a * x })],
  ['trend-2', (a, J) => ({ J: [J, J], field: (x) => a * (1.5 * x * x - 0.5) })],
  ['spread', (variance, J) => ({ J: [J, J], spread: Math.sqrt(variance) })],
];

function testsOf(data: SpinData, seed: number) {
  const input = fitted(data, shape.boundary, 'pseudolikelihood', seed);
  if (!input) throw new Error('These data have an estimate.');
  const planned = plan(images);
  return comparedWith(input, planned.sets, planned.images);
}

interface Point {
  readonly kind: ScoreTest['kind'];
  /** In units of what the check says to find with 90 %. */
  readonly part: number;
  readonly delta: number;
  /** Shares of the data sets: the one test at 5 % alone; this test among all; any test; a statistic at 5 %, and at 2 %; the check. */
  readonly alone: number;
  readonly test: number;
  readonly tests: number;
  readonly statisticsAt5: number;
  readonly statistics: number;
  readonly check: number;
}

/** Measures the power curves: data sets a point, and the file to write. */
export function measurePower([count = '60', file]: readonly string[]): void {
  const sets = Number(count);
  const points: Point[] = [];
  const nothing = testsOf(drawLarger(shape, { J: [J, J] }, images, 1), 1).tests;
  for (const [kind, larger] of alternatives) {
    const of = (tests: readonly ScoreTest[]) => {
      const test = tests.find((one) => one.kind === kind);
      if (!test) throw new Error(`There is no test ${kind}.`);
      return test;
    };
    const { detectable, bias } = hardest(of(nothing));
    for (const part of kind === 'next-nearest' ? [0, 1 / 2, 1, 3 / 2] : [1 / 2, 1, 3 / 2]) {
      const delta = part * detectable;
      // so that the fitted model is the same whatever δ is, as the check's sentence has it
      const beside = J - part * (bias?.shift ?? 0);
      const count = { alone: 0, test: 0, tests: 0, statisticsAt5: 0, statistics: 0, check: 0 };
      for (let seed = 0; seed < sets; seed++) {
        const data = drawLarger(
          shape,
          larger(delta, beside),
          images,
          1000 * Math.round(6 * part) + seed + 7,
        );
        const { predictive, tests } = testsOf(data, seed);
        const one = of(tests);
        const any = strongest(tests) !== null;
        const out = farthest(predictive.comparisons) !== null;
        if (one.pValue < 0.05) count.alone++;
        if (one.adjustedP < scoreLevel) count.test++;
        if (any) count.tests++;
        if (predictive.overallP < 0.05) count.statisticsAt5++;
        if (out) count.statistics++;
        if (any || out) count.check++;
      }
      const share = (value: number) => Number((value / sets).toFixed(3));
      points.push({
        kind,
        part: Number(part.toFixed(3)),
        delta: Number(delta.toPrecision(3)),
        alone: share(count.alone),
        test: share(count.test),
        tests: share(count.tests),
        statisticsAt5: share(count.statisticsAt5),
        statistics: share(count.statistics),
        check: share(count.check),
      });
      console.log(JSON.stringify(points.at(-1)));
    }
  }
  if (file) writeFileSync(file, `${JSON.stringify({ shape, J, images, sets, points }, null, 1)}\n`);
}
