/**
 * Functions of two variables with their first and second derivatives, as [f, f_x, f_y, f_xx, f_xy, f_yy]:
 * closed forms are written once and derive themselves.
 */
export type Jet = readonly [number, number, number, number, number, number];

export function constant(value: number): Jet {
  return [value, 0, 0, 0, 0, 0];
}

export function variables(x: number, y: number): [Jet, Jet] {
  return [
    [x, 1, 0, 0, 0, 0],
    [y, 0, 1, 0, 0, 0],
  ];
}

export function add(...terms: Jet[]): Jet {
  const sum: [number, number, number, number, number, number] = [0, 0, 0, 0, 0, 0];
  for (const term of terms) for (let k = 0; k < 6; k++) sum[k] += term[k];
  return sum;
}

export function scale(factor: number, f: Jet): Jet {
  const [v, x, y, xx, xy, yy] = f;
  return [factor * v, factor * x, factor * y, factor * xx, factor * xy, factor * yy];
}

export function times(f: Jet, g: Jet): Jet {
  return [
    f[0] * g[0],
    f[1] * g[0] + f[0] * g[1],
    f[2] * g[0] + f[0] * g[2],
    f[3] * g[0] + 2 * f[1] * g[1] + f[0] * g[3],
    f[4] * g[0] + f[1] * g[2] + f[2] * g[1] + f[0] * g[4],
    f[5] * g[0] + 2 * f[2] * g[2] + f[0] * g[5],
  ];
}

/** u(f) for a function of one variable with values u, u′, u″ at f. */
function chain(f: Jet, value: number, first: number, second: number): Jet {
  return [
    value,
    first * f[1],
    first * f[2],
    first * f[3] + second * f[1] * f[1],
    first * f[4] + second * f[1] * f[2],
    first * f[5] + second * f[2] * f[2],
  ];
}

export function exp(f: Jet): Jet {
  const e = Math.exp(f[0]);
  return chain(f, e, e, e);
}

export function log(f: Jet): Jet {
  return chain(f, Math.log(f[0]), 1 / f[0], -1 / f[0] ** 2);
}

/** log(1 + f). */
export function log1p(f: Jet): Jet {
  const d = 1 / (1 + f[0]);
  return chain(f, Math.log1p(f[0]), d, -d * d);
}

export function sqrt(f: Jet): Jet {
  const root = Math.sqrt(f[0]);
  return chain(f, root, 0.5 / root, -0.25 / (root * f[0]));
}

/** f^n for a whole number n ≥ 1. */
export function power(f: Jet, n: number): Jet {
  if (n === 1) return f;
  return chain(f, f[0] ** n, n * f[0] ** (n - 1), n * (n - 1) * f[0] ** (n - 2));
}

export function divide(f: Jet, g: Jet): Jet {
  const inverse = 1 / g[0];
  return times(f, chain(g, inverse, -(inverse ** 2), 2 * inverse ** 3));
}

/** e^f − 1. */
export function expm1(f: Jet): Jet {
  const e = Math.exp(f[0]);
  return chain(f, Math.expm1(f[0]), e, e);
}
