import { siteCount } from '../../models/lattice/lattice.ts';
import { sfc32 } from '../../numerics/random.ts';
import type { Coupling } from './coupling.ts';
import { type Couplings, neighbourTable } from './lattice-model.ts';

/** Nanoseconds of one site, and sites whose random numbers are drawn at once. */
const siteWork = 12;
const most = 4096;

/** A site holds three spins in one number, each 0 (down), 2 (up) or 1 (absent): highest, middle, lowest. */
const down = 0;
const absent = 0x010101;
const middle = 0x000200;
const highest = 0x000002;
const lowest = 0x020000;

/**
 * Heat-bath sweeps of spins, all states moved by the same random numbers: s_k = 1 where a random number is below
 * 1/(1 + exp(−2 H_k)). More neighbours up along a ferromagnetic bond never turn a spin down, and along an
 * antiferromagnetic bond never up. The highest spin therefore follows the highest neighbours along the former and the
 * lowest along the latter. This holds for couplings and fields of any sign; how soon the bounds meet does depend on
 * them. Random numbers have 64 bits where the first 32 leave a spin open.
 *
 * Sources: J. G. Propp, D. B. Wilson, Random Struct. Algorithms 9, 223 (1996); antiferromagnetic bonds: O. Häggström,
 * K. Nelander, Stat. Neerl. 52, 360 (1998).
 */
export function spinCoupling(couplings: Couplings, seed: number, stream: number): Coupling {
  const { along, across, field } = couplings;
  const n = siteCount(couplings.lattice);
  const neighbours = neighbourTable(couplings.lattice);
  const generator = sfc32(seed, stream);
  const ties = sfc32(seed, stream + 1);
  const words = new Uint32Array(Math.min(n, most));
  const sites = new Int32Array(n + 1).fill(middle);
  sites[n] = absent;
  // for every pair of sums along and across: where the random number has to be for the spin to point up
  const whole = new Float64Array(25);
  const rest = new Float64Array(25);
  for (let a = 0; a < 5; a++) {
    for (let b = 0; b < 5; b++) {
      const local = along * (a - 2) + across * (b - 2) + field;
      const scaled = 2 ** 32 / (1 + Math.exp(-2 * local));
      whole[5 * a + b] = Math.floor(scaled);
      rest[5 * a + b] = (scaled - Math.floor(scaled)) * 2 ** 32;
    }
  }
  const turnsAlong = along < 0;
  const turnsAcross = across < 0;
  let tie = -1;
  const up = (word: number, entry: number): boolean => {
    if (word !== whole[entry]) return word < whole[entry];
    // one word for all three spins
    if (tie < 0) tie = ties.next();
    return tie < rest[entry];
  };
  return {
    name: 'spins',
    spread() {
      for (let k = 0; k < n; k++) sites[k] = (sites[k] & middle) | highest;
    },
    sweep() {
      for (let first = 0; first < n; first += words.length) {
        generator.fill(words);
        const end = Math.min(n, first + words.length);
        for (let k = first, w = 0; k < end; k++, w++) {
          const at = 4 * k;
          let a = sites[neighbours[at]] + sites[neighbours[at + 1]];
          let b = sites[neighbours[at + 2]] + sites[neighbours[at + 3]];
          if (turnsAlong) a = (a & 0xff00) | (a >>> 16) | ((a & 0xff) << 16);
          if (turnsAcross) b = (b & 0xff00) | (b >>> 16) | ((b & 0xff) << 16);
          const word = words[w];
          tie = -1;
          // five values each: no field of the sum spills into the next
          const entries = 5 * a + b;
          sites[k] =
            (up(word, entries & 0xff) ? highest : down) |
            (up(word, (entries >> 8) & 0xff) ? middle : down) |
            (up(word, entries >> 16) ? lowest : down);
        }
      }
      return siteWork * n;
    },
    met() {
      for (let k = 0; k < n; k++) {
        if ((sites[k] & highest) << 16 !== (sites[k] & lowest)) return false;
      }
      return true;
    },
    configuration: () =>
      Int8Array.from({ length: n }, (_, k) => ((sites[k] & middle) > 0 ? 1 : -1)),
  };
}
