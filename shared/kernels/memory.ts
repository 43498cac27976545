import type { HeatBathCode } from './wasm.ts';

/** Byte lanes of a site: chains side by side, or row blocks of one lattice. */
export const lanes = 32;

/** How a lattice lies in the lanes. */
export interface HeatBathShape {
  /** Rows of one lane. */
  readonly rows: number;
  readonly cols: number;
  readonly periodic: boolean;
  /** Lanes in use as consecutive row blocks of one lattice; null where every lane is a lattice. */
  readonly blocks: number | null;
  /** Rows that are updated before the other colour follows. */
  readonly blockRows: number;
}

/** Typed views of a heat-bath kernel's memory; nothing else knows where things lie. */
export interface HeatBathMemory {
  /** All that is random: both generators side by side, the one of second drawings, and its next update. */
  readonly generator: Uint8Array;
  /** a₀ a₁ b₀ b₁ c₀ c₁ n₀ n₁, then a b c n. */
  readonly generatorWords: BigUint64Array;
  /** 16 thresholds, one a neighbour sum, less 128. */
  readonly threshold: Int8Array;
  /** What the 32 bits of a second drawing are compared with, one a neighbour sum. */
  readonly fraction: Uint32Array;
  /** 2³² P(gap ≥ j) for j = 1 … 1024, and 0: the gap from one second drawing to the next. */
  readonly gaps: Uint32Array;
  /** Smallest gap of a random word with given ten upper bits. */
  readonly guide: Uint16Array;
  /** All spins with their halo. */
  readonly spins: Uint8Array;
  /** Per lane: Σ S over risen odd sites, Σ S over odd sites, 2 × risen odd sites, 2 × risen even sites. */
  readonly laneSums: Uint32Array;
  /** Index in `spins` of lane 0 at a site. */
  site(row: number, col: number): number;
}

const page = 65536;
/** Longest gap in the table; a longer one goes on with another drawing. */
export const longestGap = 1024;
const guideEntries = 1024;
const generatorBytes = 104;

/** Lays a kernel's memory out and tells the kernel. Rows −1 and `rows` and a site at both ends are halo. */
export function layOut(code: HeatBathCode, shape: HeatBathShape): HeatBathMemory {
  const { rows, cols, periodic, blocks, blockRows } = shape;
  const half = Math.ceil(cols / 2);
  const colourBytes = (half + 2) * lanes;
  const rowBytes = 2 * colourBytes;
  let end = 1024;
  const allocate = (bytes: number) => {
    const start = end;
    end += Math.ceil(bytes / 64) * 64;
    return start;
  };
  const generator = allocate(generatorBytes);
  const threshold = allocate(16);
  const fraction = allocate(9 * 4);
  const gaps = allocate((longestGap + 1) * 4);
  const guide = allocate(guideEntries * 2);
  const laneSums = allocate(4 * lanes * 4);
  const spinBytes = (rows + 2) * rowBytes;
  const spins = allocate(spinBytes + 64);
  const missing = Math.ceil(end / page) - code.memory.buffer.byteLength / page;
  if (missing > 0) code.memory.grow(missing);
  const buffer = code.memory.buffer;
  const wrapsRows = periodic && rows > 1 && blocks === null;
  code.setShape(
    rows,
    cols,
    blockRows,
    periodic && cols > 1,
    blocks !== null,
    wrapsRows ? rows - 1 : -1,
    wrapsRows ? 0 : rows,
    (blocks ?? lanes) - 1,
  );
  code.setAddresses(
    spins,
    rowBytes,
    colourBytes,
    generator,
    threshold,
    fraction,
    gaps,
    guide,
    laneSums,
  );
  const view = new Uint8Array(buffer, spins, spinBytes);
  // ghosts wherever nothing is copied to
  view.fill(1);
  return {
    generator: new Uint8Array(buffer, generator, generatorBytes),
    generatorWords: new BigUint64Array(buffer, generator, 12),
    threshold: new Int8Array(buffer, threshold, 16),
    fraction: new Uint32Array(buffer, fraction, 9),
    gaps: new Uint32Array(buffer, gaps, longestGap + 1),
    guide: new Uint16Array(buffer, guide, guideEntries),
    spins: view,
    laneSums: new Uint32Array(buffer, laneSums, 4 * lanes),
    site: (row, col) =>
      (row + 1) * rowBytes + ((row + col) % 2) * colourBytes + (1 + (col >> 1)) * lanes,
  };
}
