import type { Model } from '../models/contract.ts';
import { type Lattice, siteCount } from '../models/lattice/lattice.ts';
import { nearestNeighbours } from '../models/lattice/nearest-neighbours.ts';
import { localFields, type Neighbourhood, tableEntry } from '../models/lattice/neighbourhood.ts';
import type { Generator } from '../numerics/random.ts';

/** Advances one chain by one sweep; `spins` has a row of ghosts 0 from index n on. */
type Sweep = (spins: Int8Array, generator: Generator) => void;

/** Makes the sweeps of one algorithm, at given θ. */
export type Algorithm = (
  model: Model,
  around: Neighbourhood,
) => (theta: ArrayLike<number>) => Sweep;

/**
 * Heat-bath on a checkerboard: every site in turn, first the even ones (q + r even), is drawn from
 *
 *   p(s_k = +1 | rest) = 1 / (1 + exp(−2 H_k)),  H_k = Σ_a θ_a ∂T_a/∂s_k,
 *
 * with a probability exact to 2⁻³¹. Sites are visited one after the other, so the order is valid on
 * lattices without a two-colouring too. Neighbours stand in a table, except in models that join nearest
 * neighbours only.
 *
 * Source: M. Creutz, L. Jacobs, C. Rebbi, Phys. Rev. Lett. 42, 1390 (1979).
 */
export const heatBath: Algorithm = (model, around) => {
  // a power of two entries and none before the origin: a masked index lies inside, a negative one too
  const thresholds = new Int32Array(2 ** Math.ceil(Math.log2(around.entries)));
  const words = new Uint32Array(siteCount(model.lattice));
  const sweep: Sweep =
    nearestNeighbours(model) !== null
      ? (spins, { state }) => nearestSweep(spins, state, model.lattice, around, thresholds)
      : (spins, generator) => {
          generator.fill(words);
          tableSweep(spins, words, model.lattice, around, thresholds);
        };
  return (theta) => {
    localFields(around, theta).forEach((field, entry) => {
      const index = (entry - around.origin) & (thresholds.length - 1);
      // less one, so that the sign of a difference tells "below"
      thresholds[index] = scaled(1 / (1 + Math.exp(-2 * field))) - 1;
    });
    return sweep;
  };
};

/** Any model: neighbours by the table. */
function tableSweep(
  spins: Int8Array,
  words: Uint32Array,
  { rows, cols }: Lattice,
  { neighbours, groups, strides }: Neighbourhood,
  thresholds: Int32Array,
): void {
  const mask = thresholds.length - 1;
  let next = 0;
  for (let colour = 0; colour < 2; colour++) {
    for (let row = 0; row < rows; row++) {
      const end = (row + 1) * cols;
      for (let site = row * cols + ((row + colour) & 1); site < end; site += 2) {
        const entry = tableEntry(spins, neighbours, strides, groups, 0, site) & mask;
        // +1 where the random number lies below the threshold, by the sign: a branch would be mispredicted
        spins[site] = ((thresholds[entry] - (words[next++] >>> 1)) >> 31) | 1;
      }
    }
  }
}

/** Nearest neighbours at fixed distances, and the generator (sfc32) in locals: three times as fast. */
function nearestSweep(
  spins: Int8Array,
  state: Uint32Array,
  { rows, cols, boundary }: Lattice,
  { strides, groups }: Neighbourhood,
  thresholds: Int32Array,
): void {
  // the sum along the row has stride 1
  const across = strides[groups - 1];
  const mask = thresholds.length - 1;
  const ghosts = rows * cols;
  const wrapsRows = boundary === 'periodic' && rows > 1;
  const wrapsCols = boundary === 'periodic' && cols > 1;
  let a = state[0] | 0;
  let b = state[1] | 0;
  let c = state[2] | 0;
  let counter = state[3] | 0;
  for (let colour = 0; colour < 2; colour++) {
    for (let row = 0; row < rows; row++) {
      const start = row * cols;
      const end = start + cols;
      // distances to the rows above and below, and the sites beyond both ends
      const above = row > 0 ? -cols : (wrapsRows ? ghosts - cols : ghosts) - start;
      const below = row < rows - 1 ? cols : (wrapsRows ? 0 : ghosts) - start;
      const beyond = wrapsCols ? start : ghosts;
      let site = start + ((row + colour) & 1);
      let left = spins[site > start ? start : wrapsCols ? end - 1 : ghosts];
      // all but the row's last site, then that one, whose right neighbour lies elsewhere
      let stop = end - 1;
      let ahead = 1;
      while (site < end) {
        // | 0 tells the compiler that nothing overflows
        for (; site < stop; site = (site + 2) | 0) {
          const word = (((a + b) | 0) + counter) | 0;
          counter = (counter + 1) | 0;
          a = b ^ (b >>> 9);
          b = (c + (c << 3)) | 0;
          c = (((c << 21) | (c >>> 11)) + word) | 0;
          const right = spins[(site + ahead) | 0];
          const rowSum = (left + right) | 0;
          const colSum = (spins[(site + above) | 0] + spins[(site + below) | 0]) | 0;
          const entry = (rowSum + Math.imul(across, colSum)) | 0;
          spins[site] = ((thresholds[entry & mask] - (word >>> 1)) >> 31) | 1;
          left = right;
        }
        stop = end;
        ahead = beyond - site;
      }
    }
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = counter;
}

/** A probability as the number of 31-bit words below it. */
export function scaled(probability: number): number {
  return Math.min(Math.round(probability * 2 ** 31), 2 ** 31 - 1);
}
