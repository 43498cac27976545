/**
 * Polynomials in p variables cut off after the second degree, as generating functions of counts:
 *
 *   G(x) = Σ_s w(s) Π_a (1 + x_a)^{U_a(s)}
 *
 * holds in its coefficients the total weight, the means E U_a and the factorial moments
 * E U_a(U_a − 1)/2 and E U_a U_b of integer counts U_a. One more event of kind a multiplies by (1 + x_a),
 * which is one addition a coefficient and never a subtraction: nothing cancels.
 */
export interface Monomials {
  readonly variables: number;
  /** Number of monomials, 1 + p + p(p + 1)/2; the first is 1. */
  readonly size: number;
  /** Index of x_a x_b; of x_a for b = −1. */
  index(a: number, b?: number): number;
  /**
   * Monomials in groups m, m·x_a, m·x_a² as far as the second degree goes: multiplying by a power of
   * (1 + x_a) mixes only those of one group.
   */
  groups(a: number): number[][];
  /** All triples i, j, k with monomial i · monomial j = monomial k. */
  readonly products: readonly (readonly [number, number, number])[];
}

export function monomials(variables: number): Monomials {
  const exponents: number[][] = [];
  const zero = new Array<number>(variables).fill(0);
  const plus = (base: number[], a: number) => base.map((e, k) => (k === a ? e + 1 : e));
  exponents.push(zero);
  for (let a = 0; a < variables; a++) exponents.push(plus(zero, a));
  for (let a = 0; a < variables; a++) {
    for (let b = a; b < variables; b++) exponents.push(plus(plus(zero, a), b));
  }
  const find = (wanted: number[]) =>
    exponents.findIndex((exponent) => exponent.every((e, k) => e === wanted[k]));

  const products: [number, number, number][] = [];
  exponents.forEach((left, i) => {
    exponents.forEach((right, j) => {
      const k = find(left.map((e, a) => e + right[a]));
      if (k >= 0) products.push([i, j, k]);
    });
  });
  return {
    variables,
    size: exponents.length,
    products,
    index: (a, b = -1) => find(b < 0 ? plus(zero, a) : plus(plus(zero, a), b)),
    groups: (a) =>
      exponents.flatMap((exponent, start) => {
        if (exponent[a] > 0) return [];
        const group = [start];
        for (let next = exponent; ; ) {
          next = plus(next, a);
          const k = find(next);
          if (k < 0) return [group];
          group.push(k);
        }
      }),
  };
}

/** Product of two cut-off polynomials. */
export function multiply(m: Monomials, f: Float64Array, g: Float64Array): Float64Array {
  const product = new Float64Array(m.size);
  for (const [i, j, k] of m.products) product[k] += f[i] * g[j];
  return product;
}

/** (1 + x_a)^count, cut off after the second degree. */
export function power(m: Monomials, a: number, count: number): Float64Array {
  const result = new Float64Array(m.size);
  result[0] = 1;
  result[m.index(a)] = count;
  result[m.index(a, a)] = (count * (count - 1)) / 2;
  return result;
}
