import { type Lattice, siteCount } from '../../shared/models/lattice/lattice.ts';
import { splitMix64 } from '../../shared/numerics/random.ts';
import { sfc64 } from './sfc64.ts';

/**
 * One chain of the cluster kernel once more, slow and plain: sites by row and column, clusters as lists,
 * the same random numbers in the same order.
 */
export class ClusterTwin {
  readonly spins: Int8Array;
  /** Bonds that were decided by 32 bits more. */
  ties = 0;
  private readonly draw: () => bigint;
  private readonly neighbours: number[][];
  private J = 0;
  private perSite = 0;

  constructor(
    private readonly lattice: Lattice,
    seed: number,
    stream: number,
  ) {
    const n = siteCount(lattice);
    this.draw = sfc64(Array.from({ length: 3 }, splitMix64(seed, 2 ** 32 + stream)));
    this.spins = new Int8Array(n).fill(-1);
    this.neighbours = Array.from({ length: n }, (_, k) => this.around(k));
    this.swendsenWang();
  }

  setParameters([J, h]: number[]): void {
    this.J = J;
    this.perSite = h / siteCount(this.lattice);
  }

  wolff(): void {
    const { spins, perSite } = this;
    const origin = Number(((this.draw() >> 32n) * BigInt(spins.length)) >> 32n);
    const most = perSite === 0 ? Number.POSITIVE_INFINITY : this.reach();
    const along = this.J >= 0 && spins[origin] * perSite > 0;
    const cluster = this.grow(origin, new Set(), along ? most : Number.POSITIVE_INFINITY);
    const exponent = cluster.reduce((sum, k) => sum + spins[k], 0) * Math.sign(perSite);
    if (exponent <= most) for (const k of cluster) spins[k] = -spins[k];
  }

  swendsenWang(): void {
    const { spins, perSite } = this;
    const seen = new Set<number>();
    for (let k = 0; k < spins.length; k++) {
      if (seen.has(k)) continue;
      const cluster = this.grow(k, seen, Number.POSITIVE_INFINITY);
      const exponent = cluster.reduce((sum, site) => sum + spins[site], 0) * Math.sign(perSite);
      const u = this.uniform();
      let less = 1;
      for (let i = 0; i < 28; i++) {
        if ((Math.abs(exponent) >> i) & 1) less *= this.power(i);
      }
      if (u * (1 + less) < (exponent > 0 ? less : 1)) {
        for (const site of cluster) spins[site] = -spins[site];
      }
    }
  }

  /** A cluster in the order of its growth; given up beyond `limit` sites. */
  private grow(origin: number, seen: Set<number>, limit: number): number[] {
    const { spins, J } = this;
    const scaled = (1 - Math.exp(-2 * Math.abs(J))) * 2 ** 16;
    const whole = Math.floor(scaled);
    const cluster = [origin];
    seen.add(origin);
    for (let k = 0; k < cluster.length && cluster.length <= limit; k++) {
      const site = cluster[k];
      const word = this.draw();
      const bits = [0n, 16n, 32n, 48n].map((shift) => Number((word >> shift) & 0xffffn));
      const active = bits.map((value) => {
        if (value !== whole) return value < whole;
        this.ties++;
        return Number(this.draw() >> 32n) < Math.round((scaled - whole) * 2 ** 32);
      });
      this.neighbours[site].forEach((other, direction) => {
        const satisfied =
          other >= 0 && !seen.has(other) && spins[site] * spins[other] * sign(J) > 0;
        if (satisfied && active[direction]) {
          cluster.push(other);
          seen.add(other);
        }
      });
    }
    return cluster;
  }

  private uniform(): number {
    return Number(this.draw() >> 11n) / 2 ** 53;
  }

  private power(i: number): number {
    return Math.exp(-2 * Math.abs(this.perSite) * 2 ** i);
  }

  private reach(): number {
    const u = this.uniform();
    let product = 1;
    let k = 0;
    for (let i = 27; i >= 0; i--) {
      if (product * this.power(i) > u) {
        product *= this.power(i);
        k += 2 ** i;
      }
    }
    return k;
  }

  /** Left, right, above, below; −1 beyond a free edge. */
  private around(k: number): number[] {
    const { rows, cols, boundary } = this.lattice;
    const [q, r] = [Math.floor(k / cols), k % cols];
    const at = (row: number, col: number) => {
      const beyond = row < 0 || row >= rows || col < 0 || col >= cols;
      const joined = boundary === 'periodic' && (row === q ? cols > 1 : rows > 1);
      if (beyond && !joined) return -1;
      return ((row + rows) % rows) * cols + ((col + cols) % cols);
    };
    return [at(q, r - 1), at(q, r + 1), at(q - 1, r), at(q + 1, r)];
  }
}

/** J = 0 favours nothing and joins nothing. */
function sign(J: number): number {
  return J < 0 ? -1 : 1;
}
