/** How vectors lie about the origin: in no closed half space, which is `null`; or how they do, with a direction. */
export interface Separation {
  /** d ≠ 0 with x·d ≥ 0 for every vector: p integers. */
  readonly direction: readonly number[];
  /** x·d = 0 for all of them: they do not even span the space. */
  readonly isFlat: boolean;
}

/**
 * A direction d ≠ 0 with x·d ≥ 0 for every one of some integer vectors; null where there is none, hence where the
 * origin lies strictly inside their convex hull. Decided in integers, without rounding.
 *
 * By Stiemke's lemma there is none with x·d > 0 for some x exactly where Σ λ_i x_i = 0 has a solution of λ_i ≥ 1.
 * With λ = 1 + μ that is Σ μ_i x_i = −Σ x_i, μ ≥ 0, a linear program of p rows: the simplex method's first phase with
 * Bland's rule, on integers with a common denominator. Its dual is the direction.
 *
 * Source: E. Stiemke, Math. Ann. 76, 340 (1915); R. G. Bland, Math. Oper. Res. 2, 103 (1977); J. Edmonds, J. Res. NBS
 * 71B, 241 (1967), for elimination in integers.
 *
 * @param vectors of p integers each, p ≥ 1
 */
export function separation(vectors: readonly (readonly number[])[], p: number): Separation | null {
  const flat = normal(vectors, p);
  if (flat) return { direction: flat, isFlat: true };
  const direction = halfSpace(vectors, p);
  return direction && { direction, isFlat: false };
}

/** d ≠ 0 with x·d = 0 for all x, by elimination in integers; null where they span the space. */
function normal(vectors: readonly (readonly number[])[], p: number): number[] | null {
  const rows: bigint[][] = [];
  const pivots: number[] = [];
  for (const vector of vectors) {
    if (rows.length === p) return null;
    const row = vector.map(BigInt);
    rows.forEach((pivotRow, r) => {
      eliminate(row, pivotRow, pivots[r]);
    });
    const pivot = row.findIndex((value) => value !== 0n);
    if (pivot < 0) continue;
    // earlier rows lose the new pivot's column too
    for (const earlier of rows) eliminate(earlier, row, pivot);
    rows.push(row);
    pivots.push(pivot);
  }
  const free = Array.from({ length: p }, (_, a) => a).find((a) => !pivots.includes(a));
  if (free === undefined) return null;
  const scale = rows.reduce((product, row, r) => product * row[pivots[r]], 1n);
  const direction = new Array<bigint>(p).fill(0n);
  direction[free] = scale;
  rows.forEach((row, r) => {
    direction[pivots[r]] = (-scale * row[free]) / row[pivots[r]];
  });
  return reduced(direction);
}

/** row ← row · pivot − row[column] · pivotRow, in lowest terms. */
function eliminate(row: bigint[], pivotRow: readonly bigint[], column: number): void {
  const factor = row[column];
  if (factor === 0n) return;
  const pivot = pivotRow[column];
  row.forEach((value, a) => {
    row[a] = value * pivot - factor * pivotRow[a];
  });
  const divisor = row.reduce(commonDivisor, 0n);
  if (divisor > 1n) {
    row.forEach((value, a) => {
      row[a] = value / divisor;
    });
  }
}

/** d with x·d ≥ 0 for all x and > 0 for some; null where there is none. The vectors span the space. */
function halfSpace(vectors: readonly (readonly number[])[], p: number): number[] | null {
  const count = vectors.length;
  const wanted = Array.from({ length: p }, (_, a) => -vectors.reduce((sum, x) => sum + x[a], 0));
  // rows with a right-hand side of at least 0, each with an artificial variable
  const signs = wanted.map((value) => (value < 0 ? -1 : 1));
  const right = count + p;
  const rows = signs.map((sign, a) => [
    ...vectors.map((x) => BigInt(sign * x[a])),
    ...signs.map((_, b) => (a === b ? 1n : 0n)),
    BigInt(sign * wanted[a]),
  ]);
  const basis = signs.map((_, a) => count + a);
  // what a unit of each variable takes off the sum of the artificial ones; last, that sum itself
  const gains = rows[0].map((_, k) =>
    k >= count && k < right ? 0n : rows.reduce((sum, row) => sum + row[k], 0n),
  );
  let denominator = 1n;
  for (;;) {
    const entering = gains.findIndex((gain, k) => k < count && gain > 0n);
    if (entering < 0) break;
    const leaving = leavingRow(rows, basis, entering, right);
    const pivot = rows[leaving][entering];
    for (const row of [...rows, gains]) {
      if (row === rows[leaving]) continue;
      const factor = row[entering];
      row.forEach((value, k) => {
        row[k] = (value * pivot - factor * rows[leaving][k]) / denominator;
      });
    }
    basis[leaving] = entering;
    denominator = pivot;
  }
  if (gains[right] === 0n) return null;
  // the dual y_a = 1 + gain of the artificial variable, with y·x ≤ 0 for all x
  return reduced(signs.map((sign, a) => -BigInt(sign) * (denominator + gains[count + a])));
}

/** The row whose variable reaches 0 first; of several the one of the lowest number (Bland). */
function leavingRow(
  rows: readonly (readonly bigint[])[],
  basis: readonly number[],
  entering: number,
  right: number,
): number {
  let best = -1;
  rows.forEach((row, r) => {
    if (row[entering] <= 0n) return;
    if (best < 0) {
      best = r;
      return;
    }
    const [mine, other] = [row[right] * rows[best][entering], rows[best][right] * row[entering]];
    if (mine < other || (mine === other && basis[r] < basis[best])) best = r;
  });
  if (best < 0) throw new Error('The sum of artificial variables cannot fall without bound.');
  return best;
}

/** In lowest terms. */
function reduced(vector: readonly bigint[]): number[] {
  const divisor = vector.reduce(commonDivisor, 0n);
  return vector.map((value) => Number(value / (divisor || 1n)));
}

function commonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
