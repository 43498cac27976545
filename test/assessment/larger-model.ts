import type { SpinData } from '../../shared/data/dataset.ts';
import { lattice } from '../../shared/models/lattice/lattice.ts';
import { sfc32, uniform } from '../../shared/numerics/random.ts';
import type { Shape } from './fitted.ts';

/** What score tests look for, in one model; what is left out is 0. */
export interface LargerModel {
  /** Along rows and columns. */
  readonly J: readonly [number, number];
  /** Of diagonal neighbours. */
  readonly J2?: number;
  /** Field per site at (x, y), both −1 … 1. */
  readonly field?: (x: number, y: number) => number;
  /** Standard deviation of both couplings between pictures, Gaussian. */
  readonly spread?: number;
}

const sweeps = 200;

/** Images drawn by heat-bath from all +1 or all −1, one site after the other: plain, and independent of the kernels. */
export function drawLarger(
  { rows, cols, boundary }: Shape,
  { J, J2 = 0, field = () => 0, spread = 0 }: LargerModel,
  images: number,
  seed: number,
): SpinData {
  lattice(rows, cols, boundary);
  const random = sfc32(seed, 0x1a46e);
  const n = rows * cols;
  const wraps = boundary === 'periodic';
  const place = (k: number, side: number) => (side > 1 ? (2 * k) / (side - 1) - 1 : 0);
  const fields = Float64Array.from({ length: n }, (_, i) =>
    field(place(i % cols, cols), place(Math.floor(i / cols), rows)),
  );
  const kinds = [
    [0, 1],
    [0, -1],
    [1, 0],
    [-1, 0],
    [1, 1],
    [-1, -1],
    [1, -1],
    [-1, 1],
  ];
  const neighbours = Array.from({ length: n }, (_, i) =>
    kinds.map(([down, right]) => {
      let [q, r] = [Math.floor(i / cols) + down, (i % cols) + right];
      if (wraps) [q, r] = [(q + rows) % rows, (r + cols) % cols];
      const outside = q < 0 || q >= rows || r < 0 || r >= cols;
      const j = q * cols + r;
      return outside || j === i ? -1 : j;
    }),
  );
  const spins = new Int8Array(images * n);
  for (let image = 0; image < images; image++) {
    // Box and Muller
    const normal =
      Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
    const [Jx, Jy] = J.map((value) => value + spread * normal);
    const couplings = [Jx, Jx, Jy, Jy, J2, J2, J2, J2];
    const s = spins.subarray(image * n, (image + 1) * n).fill(uniform(random) < 0.5 ? 1 : -1);
    for (let sweep = 0; sweep < sweeps; sweep++) {
      for (let i = 0; i < n; i++) {
        let local = fields[i];
        for (let e = 0; e < 8; e++) {
          const j = neighbours[i][e];
          if (j >= 0) local += couplings[e] * s[j];
        }
        s[i] = uniform(random) < 1 / (1 + Math.exp(-2 * local)) ? 1 : -1;
      }
    }
  }
  return { rows, cols, images, spins };
}
