import { type Lattice, siteCount } from '../../shared/ising/lattice.ts';
import { splitMix64 } from '../../shared/ising/rng.ts';

const mask = (1n << 64n) - 1n;
const lanes = 32;

/** sfc64 in plain integers, two generators in turn, as 16 bytes a step. */
function bytes16(seed: number, stream: number): () => Uint8Array {
  const word = splitMix64(seed, stream);
  const [a0, a1, b0, b1, c0, c1] = Array.from({ length: 6 }, word);
  const states = [
    [a0, b0, c0, 1n],
    [a1, b1, c1, 1n],
  ];
  return () => {
    const out = new BigUint64Array(2);
    states.forEach((state, k) => {
      const [a, b, c, counter] = state;
      const t = (a + b + counter) & mask;
      out[k] = t;
      const turned = ((c << 24n) | (c >> 40n)) & mask;
      state.splice(0, 4, b ^ (b >> 11n), (c + (c << 3n)) & mask, (turned + t) & mask, counter + 1n);
    });
    return new Uint8Array(out.buffer);
  };
}

/**
 * The many-chains heat-bath kernel once more, slow and plain: 32 arrays of spins, neighbours by index,
 * the same random bytes in the same order.
 */
export class Twin {
  readonly spins: Int8Array[];
  private readonly next: () => Uint8Array;
  private theta = [0, 0];

  constructor(
    private readonly lattice: Lattice,
    seed: number,
    stream: number,
  ) {
    this.next = bytes16(seed, stream);
    this.spins = Array.from({ length: lanes }, () => new Int8Array(siteCount(lattice)));
    this.sweep();
  }

  setParameters(theta: number[]): void {
    this.theta = theta;
  }

  sweep(): void {
    this.half(0);
    this.half(1);
  }

  private half(colour: number): void {
    const { rows, cols } = this.lattice;
    const undecided: { site: number; lane: number; scaled: number }[] = [];
    for (let row = 0; row < rows; row++) {
      for (let col = (row + colour) % 2; col < cols; col += 2) {
        const random = [...this.next(), ...this.next()];
        for (let lane = 0; lane < lanes; lane++) {
          const field = this.theta[0] * this.neighbours(lane, row, col);
          const scaled =
            256 / (1 + Math.exp(-2 * (field + this.theta[1] / siteCount(this.lattice))));
          const r = (random[lane] + 128) % 256;
          const site = row * cols + col;
          if (r === 255) undecided.push({ site, lane, scaled });
          else this.spins[lane][site] = r < Math.min(255, Math.floor(scaled)) ? 1 : -1;
        }
      }
    }
    let words: ArrayLike<number> = [];
    undecided.forEach(({ site, lane, scaled }, k) => {
      if (k % 4 === 0) words = new Uint32Array(this.next().buffer);
      const rest = Math.round((scaled - Math.min(255, Math.floor(scaled))) * 2 ** 32);
      this.spins[lane][site] = words[k % 4] < Math.min(2 ** 32 - 1, rest) ? 1 : -1;
    });
  }

  private neighbours(lane: number, row: number, col: number): number {
    const { rows, cols, boundary } = this.lattice;
    const at = (q: number, r: number) => {
      if (boundary === 'free') {
        return q < 0 || q >= rows || r < 0 || r >= cols ? 0 : this.spins[lane][q * cols + r];
      }
      if ((rows === 1 && q !== 0) || (cols === 1 && r !== 0)) return 0;
      return this.spins[lane][((q + rows) % rows) * cols + ((r + cols) % cols)];
    };
    return at(row - 1, col) + at(row + 1, col) + at(row, col - 1) + at(row, col + 1);
  }
}
