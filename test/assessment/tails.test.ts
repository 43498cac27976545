import { expect, it } from 'vitest';
import {
  chiSquareTail,
  noncentralTail,
  normalTail,
  solveFor,
} from '../../shared/assessment/tails.ts';

it('gives the tails of tables', () => {
  // M. Abramowitz, I. A. Stegun, tables 26.1 and 26.8
  expect(normalTail(1.959963985)).toBeCloseTo(0.025, 9);
  expect(normalTail(-1.281551566)).toBeCloseTo(0.9, 9);
  expect(normalTail(5)).toBeCloseTo(2.8665157e-7, 14);
  for (const [k, x] of [
    [1, 3.84146],
    [2, 5.99146],
    [3, 7.81473],
    [10, 18.307],
  ])
    expect(chiSquareTail(k, x)).toBeCloseTo(0.05, 5);
  expect(chiSquareTail(2, 60)).toBeCloseTo(Math.exp(-30), 25);
  expect(chiSquareTail(3, 0)).toBe(1);
});

it('gives the power of a test off its centre', () => {
  // one degree of freedom: |z + √λ| > √x
  for (const [x, lambda] of [
    [3.84, 10.5],
    [8, 4],
    [1, 60],
  ]) {
    const [a, b] = [Math.sqrt(x), Math.sqrt(lambda)];
    expect(noncentralTail(1, x, lambda)).toBeCloseTo(normalTail(a - b) + normalTail(a + b), 9);
  }
  // G. E. Haynam, Z. Govindarajulu, F. C. Leone (1970): power 0.9 at level 0.05
  for (const [k, critical, lambda] of [
    [1, 3.8415, 10.507],
    [2, 5.9915, 12.654],
    [3, 7.8147, 14.171],
  ])
    expect(solveFor(0.9, 100, (l) => noncentralTail(k, critical, l))).toBeCloseTo(lambda, 2);
});
