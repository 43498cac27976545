import { isBipartite, type Lattice, siteCount } from '../models/lattice/lattice.ts';
import { gapEntries } from './gap-table.ts';
import type { HeatBathCode } from './wasm.ts';

/** Byte lanes of a site: chains side by side, or row blocks of one lattice. */
export const lanes = 32;

/** How a lattice lies in the lanes. */
export interface HeatBathShape {
  readonly lattice: Lattice;
  /** Rows of one lane. */
  readonly rows: number;
  /** Lanes in use as consecutive row blocks of one lattice, the last one's rows up to its end; null where every lane is a lattice. */
  readonly blocks: number | null;
  /** Rows that are updated before the other colour follows. */
  readonly blockRows: number;
  /** Whether couplings along rows and along columns differ. */
  readonly split: boolean;
}

/** Typed views of a heat-bath kernel's memory; nothing else knows where things lie. */
export interface HeatBathMemory {
  /** All that is random: both generators side by side, the one of second drawings, and its next update. */
  readonly generator: Uint8Array;
  /** a₀ a₁ b₀ b₁ c₀ c₁ n₀ n₁, then a b c n. */
  readonly generatorWords: BigUint64Array;
  /** 32 thresholds less 128: one a neighbour sum, or one a pair of sums, along + 5 across. */
  readonly threshold: Int8Array;
  /** What the 32 bits of a second drawing are compared with, in the same order. */
  readonly fraction: Uint32Array;
  /** `gapTable` of the gap from one second drawing to the next. */
  readonly gaps: Uint32Array;
  /** All spins with their halo. */
  readonly spins: Uint8Array;
  /** What was measured last of 32 chains: bonds (or bonds along rows), bonds along columns, Σ s. */
  readonly values: Int32Array;
  /** Sums of these over measurements, in the same order. */
  readonly sums: Float64Array;
  /** Sums of their products over chains and measurements, 3 × 3, the upper triangle. */
  readonly products: Float64Array;
  /** How often each sum of a site's four neighbours, 0 … 8, occurs: for each sum 32 chains. */
  readonly counts: Int32Array;
  /** Index in `spins` of lane 0 at a site. */
  site(row: number, col: number): number;
}

const page = 65536;
const generatorBytes = 104;
/** Of the four words and the counter of the second drawings. */
const secondGenerator = 64;
const tableEntries = 32;
/** Bonds along rows, or all of them; bonds along columns; Σ s. */
export const quantities = 3;
/** Sums of four neighbours' bytes. */
export const neighbourSums = 9;
/** Sites whose terms are summed at a time, or a row: small against the first-level cache, and a byte counts them (`countRoom`). */
const partSites = 248;

/** Lays a kernel's memory out and tells the kernel. Rows −1 and `rows` and a site at both ends are halo. */
export function layOut(code: HeatBathCode, shape: HeatBathShape): HeatBathMemory {
  const { lattice, rows, blocks, blockRows, split } = shape;
  const { cols } = lattice;
  const half = Math.ceil(cols / 2);
  const colourBytes = (half + 2) * lanes;
  const rowBytes = 2 * colourBytes;
  let end = Math.ceil(code.heapBase() / 64) * 64;
  const allocate = (bytes: number) => {
    const start = end;
    end += Math.ceil(bytes / 64) * 64;
    return start;
  };
  const generator = allocate(generatorBytes);
  const threshold = allocate(tableEntries);
  const fraction = allocate(4 * tableEntries);
  const gaps = allocate(gapEntries * 4);
  const laneSums = allocate(4 * lanes * 4);
  const values = allocate(quantities * lanes * 4);
  const sums = allocate((quantities * lanes + quantities ** 2) * 8);
  const partRows = Math.max(1, Math.floor(partSites / half));
  const part = allocate(2 * partRows * half * lanes);
  const counts = allocate(neighbourSums * lanes * 4);
  const spinBytes = (rows + 2) * rowBytes;
  const spins = allocate(spinBytes + 64);
  const missing = Math.ceil(end / page) - code.memory.buffer.byteLength / page;
  if (missing > 0) code.memory.grow(missing);
  const buffer = code.memory.buffer;
  const periodic = lattice.boundary === 'periodic';
  const used = blocks ?? 1;
  code.setShape(
    rows,
    cols,
    blockRows,
    periodic && lattice.rows > 1,
    periodic && cols > 1,
    blocks !== null,
    used - 1,
    lattice.rows - (used - 1) * rows,
    split,
  );
  code.setSpins(spins, rowBytes, colourBytes);
  code.setTables(generator, threshold, fraction);
  code.setGaps(generator + secondGenerator, gaps);
  code.setCounts(counts);
  // bonds are counted at odd sites, or, where equal colours are neighbours, right and below of all
  const n = siteCount(lattice);
  const twoColours = isBipartite(lattice);
  code.setMoments(
    part,
    partRows * half * lanes,
    partRows,
    laneSums,
    values,
    sums,
    (twoColours ? 4 : 2) / (split ? 2 : 1),
    twoColours ? Math.floor(n / 2) : n,
    n,
  );
  const view = new Uint8Array(buffer, spins, spinBytes);
  // ghosts wherever nothing is copied to
  view.fill(1);
  return {
    generator: new Uint8Array(buffer, generator, generatorBytes),
    generatorWords: new BigUint64Array(buffer, generator, 12),
    threshold: new Int8Array(buffer, threshold, tableEntries),
    fraction: new Uint32Array(buffer, fraction, tableEntries),
    gaps: new Uint32Array(buffer, gaps, gapEntries),
    spins: view,
    values: new Int32Array(buffer, values, quantities * lanes),
    sums: new Float64Array(buffer, sums, quantities * lanes),
    products: new Float64Array(buffer, sums + 8 * quantities * lanes, quantities ** 2),
    counts: new Int32Array(buffer, counts, neighbourSums * lanes),
    site: (row, col) =>
      (row + 1) * rowBytes + ((row + col) % 2) * colourBytes + (1 + (col >> 1)) * lanes,
  };
}
