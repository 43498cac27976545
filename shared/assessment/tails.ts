/** log Γ(k/2) for a whole k > 0. */
function logGammaHalf(k: number): number {
  let sum = k % 2 === 0 ? 0 : Math.log(Math.PI) / 2;
  for (let j = k % 2 === 0 ? 2 : 1; j < k; j += 2) sum += Math.log(j / 2);
  return sum;
}

/**
 * Probability that χ² of k degrees of freedom exceeds x: Q(k/2, x/2), by the series of P below k/2 + 1 and by
 * the continued fraction of Q above.
 *
 * Source: M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions (1964), 6.5.29 and 6.5.31.
 */
export function chiSquareTail(k: number, x: number): number {
  if (!(x > 0)) return 1;
  const [a, y] = [k / 2, x / 2];
  const front = Math.exp(a * Math.log(y) - y - logGammaHalf(k));
  if (y < a + 1) {
    let [term, sum] = [1 / a, 1 / a];
    for (let j = 1; term > 1e-17 * sum; j++) {
      term *= y / (a + j);
      sum += term;
    }
    return 1 - front * sum;
  }
  // Lentz's method
  let b = y + 1 - a;
  let c = Number.POSITIVE_INFINITY;
  let d = 1 / b;
  let fraction = d;
  for (let j = 1; j < 1000; j++) {
    const an = -j * (j - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return front * fraction;
}

/** Probability that a standard normal variable exceeds z. */
export function normalTail(z: number): number {
  const half = chiSquareTail(1, z * z) / 2;
  return z > 0 ? half : 1 - half;
}

/** The same of χ² about a centre λ away: a mean over χ² of k + 2j degrees with Poisson weights of mean λ/2. */
export function noncentralTail(k: number, x: number, lambda: number): number {
  let [sum, weight] = [0, Math.exp(-lambda / 2)];
  for (let j = 0; j < 20 + 2 * lambda; j++) {
    sum += weight * chiSquareTail(k + 2 * j, x);
    weight *= lambda / 2 / (j + 1);
  }
  return sum;
}

/** Where a monotone function takes a value, between 0 and a bound that it is known to be below. */
export function solveFor(value: number, bound: number, f: (x: number) => number): number {
  let [low, high] = [0, bound];
  const rises = f(high) > f(low);
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (f(middle) < value === rises) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
