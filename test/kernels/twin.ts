import { gapTable, longestGap } from '../../shared/kernels/gap-table.ts';
import type { RowBlocks } from '../../shared/kernels/heat-bath.ts';
import { type Lattice, siteCount } from '../../shared/models/lattice/lattice.ts';
import { splitMix64 } from '../../shared/numerics/random.ts';
import { sfc64 } from './sfc64.ts';

const lanes = 32;

/**
 * The heat-bath kernel once more, slow and plain: 32 arrays of spins, neighbours by row and column, the
 * same random numbers in the same order. Lanes are lattices, or consecutive row blocks of one.
 */
export class Twin {
  /** Spins of each lane. */
  readonly spins: Int8Array[];
  /** Updates that were drawn a second time. */
  again = 0;
  private readonly bytes: () => Uint8Array;
  private readonly word: () => bigint;
  private readonly rows: number;
  private skip = 0;
  private epsilon = 1 / 256;
  private strong = false;
  /** Couplings along rows and along columns, and the field of a site. */
  private theta = [0, 0, 0];

  /** @param blocks row blocks of one lattice; null where every lane is a lattice */
  constructor(
    private readonly lattice: Lattice,
    seed: number,
    stream: number,
    private readonly blocks: RowBlocks | null,
    private readonly blockRows: number,
  ) {
    this.rows = blocks?.rows ?? lattice.rows;
    const word = splitMix64(seed, stream);
    const seeds = Array.from({ length: 9 }, word);
    const pair = [0, 1].map((k) => sfc64([seeds[k], seeds[2 + k], seeds[4 + k]]));
    this.bytes = () => new Uint8Array(BigUint64Array.from(pair, (next) => next()).buffer);
    this.word = sfc64(seeds.slice(6));
    this.spins = Array.from({ length: lanes }, () => new Int8Array(this.rows * lattice.cols));
    this.setParameters([0, 0, 0]);
    this.sweep();
  }

  /** @param theta (J, h) or (Jx, Jy, h) */
  setParameters(theta: number[]): void {
    const [along, across, field] = theta.length === 3 ? theta : [theta[0], ...theta];
    this.theta = [along, across, field / siteCount(this.lattice)];
    // on the torus no site has a single neighbour along or across
    const sums = this.lattice.boundary === 'free' ? [-2, -1, 0, 1, 2] : [-2, 0, 2];
    const all = sums.flatMap((x) => sums.map((y) => this.probability({ along: x, across: y })));
    let level = 1;
    while (level <= 32 && !all.every((p) => this.reaches(p, level / 8192, false))) level++;
    this.strong = level > 32;
    if (this.strong) {
      level = 1;
      while (!all.every((p) => this.reaches(p, level / 8192, true))) level++;
    }
    this.epsilon = level / 8192;
    this.skip = this.gap(this.word());
  }

  /** Whether some k lets a first byte and a second drawing make up p. */
  private reaches(p: number, epsilon: number, strong: boolean): boolean {
    return Array.from({ length: 257 }, (_, k) => k)
      .filter((k) => k !== (strong ? 255 : 256))
      .some((k) => p >= ((1 - epsilon) * k) / 256 && p <= ((1 - epsilon) * k) / 256 + epsilon);
  }

  /** Even sites, then odd ones, which follow block by block at a distance of one row; row 0 comes last. */
  sweep(): void {
    const { rows, blockRows } = this;
    if (blockRows >= rows) {
      for (const colour of [0, 1]) for (let row = 0; row < rows; row++) this.row(row, colour);
      return;
    }
    let next = 1;
    for (let first = 0; first < rows; first += blockRows) {
      const last = Math.min(first + blockRows, rows);
      for (let row = first; row < last; row++) this.row(row, 0);
      for (; next < (last === rows ? rows : last - 1); next++) this.row(next, 1);
    }
    this.row(0, 1);
  }

  /** The whole lattice of one lane, or of all blocks. */
  configuration(lane: number): Int8Array {
    if (this.blocks === null) return this.spins[lane];
    const all = this.spins.flatMap((block) => [...block]);
    return Int8Array.from(all.slice(0, siteCount(this.lattice)));
  }

  private row(row: number, colour: number): void {
    const { cols } = this.lattice;
    const { epsilon, strong } = this;
    for (let col = (row + colour) % 2; col < cols; col += 2) {
      const random = [...this.bytes(), ...this.bytes()];
      // what a lane draws does not depend on the others, except through the spins before this site
      const sums = random.map((_, lane) => this.neighbours(lane, row, col));
      for (let lane = 0; lane < lanes; lane++) {
        const p = this.probability(sums[lane]);
        let byte = (random[lane] + 128) % 256;
        if (strong) byte = Math.min(byte, 254);
        let whole = Math.floor((256 * p) / (1 - epsilon));
        if (!strong) whole = Math.min(whole, 255);
        else if (whole === 255) whole = 254;
        else whole = Math.min(whole, 256);
        let up = byte < (whole === 256 ? 255 : whole);
        if (this.skip === 0) {
          this.again++;
          const word = this.word();
          const q = (p - ((1 - epsilon) * whole) / 256) / epsilon;
          const below = Math.min(2 ** 32 - 1, Math.max(0, Math.round(q * 2 ** 32)));
          up = Number(word & 0xffffffffn) < below;
          this.skip = this.gap(word);
        } else this.skip--;
        this.spins[lane][row * cols + col] = up ? 1 : -1;
      }
    }
  }

  private gap(word: bigint): number {
    const table = gapTable(this.epsilon);
    let passed = 0;
    for (let u = Number(word >> 32n); ; u = Number(this.word() >> 32n)) {
      const cell = Math.floor(u / 2 ** 22);
      const gap = u % 2 ** 22 < Math.floor(table[cell] / 1024) ? cell : table[cell] % 1024;
      passed += gap;
      if (gap < longestGap) return passed;
    }
  }

  private probability({ along, across }: Sums): number {
    const [x, y, field] = this.theta;
    return 1 / (1 + Math.exp(-2 * (x * along + y * across + field)));
  }

  private neighbours(lane: number, row: number, col: number): Sums {
    const { rows, cols, boundary } = this.lattice;
    const q = (this.blocks === null ? 0 : lane * this.rows) + row;
    // what lies beyond the lattice is of no account
    if (q >= rows) return { along: 0, across: 0 };
    const at = (q: number, r: number) => {
      if (boundary === 'free') {
        if (q < 0 || q >= rows || r < 0 || r >= cols) return 0;
      } else if ((rows === 1 && q !== 0) || (cols === 1 && r !== 0)) return 0;
      const inside = (q + rows) % rows;
      const owner = this.blocks === null ? lane : Math.floor(inside / this.rows);
      return this.spins[owner][(inside % this.rows) * cols + ((r + cols) % cols)];
    };
    return { along: at(q, col - 1) + at(q, col + 1), across: at(q - 1, col) + at(q + 1, col) };
  }
}

/** Sums of a site's two neighbours in its row and of those in its column. */
interface Sums {
  readonly along: number;
  readonly across: number;
}
