/// <reference path="./webassembly.d.ts" />

/** A compiled kernel file; the same one serves every thread. */
export type KernelModule = WebAssembly.Module;

/** What the heat-bath file exports: shape, tables and addresses set once, then sweeps. */
export interface HeatBathCode {
  readonly memory: WebAssembly.Memory;
  /** Where the file's own constants end. */
  heapBase(): number;
  setShape(
    rows: number,
    cols: number,
    blockRows: number,
    wrapsRows: boolean,
    wrapsCols: boolean,
    blocks: boolean,
    lastLane: number,
    lastRows: number,
    split: boolean,
  ): void;
  setSpins(spins: number, rowBytes: number, colourBytes: number): void;
  setTables(generator: number, threshold: number, fraction: number): void;
  setGaps(generator: number, gaps: number): void;
  setMoments(
    part: number,
    partBytes: number,
    partRows: number,
    laneSums: number,
    values: number,
    sums: number,
    degree: number,
    termSites: number,
    sites: number,
  ): void;
  setCounts(counts: number): void;
  /** Copies what the torus or the next block repeats, after spins were written from outside. */
  refresh(colour: number, firstRow: number, lastRow: number): void;
  /** Whether some probability is so near 1 that one update in 128 is drawn anew. */
  setStrong(strong: boolean): void;
  /** Draws anew when the next second drawing is due. */
  redraw(): void;
  sweeps(number: number): void;
  clearMoments(): void;
  /** Sweeps, and adds to the moments after every `stride`-th of them. */
  run(measurements: number, stride: number): void;
  /** Counts the neighbours' sums of all lanes, where these are lattices. */
  countSums(): void;
}

/** What the transfer matrix's file exports: its loops, for one to three coefficients by their addresses. */
export interface ColumnsCode {
  readonly memory: WebAssembly.Memory;
  /** Where it may gather states: 3 × 2^10 numbers. */
  setAddress(gathered: number): void;
  bonds1(a: number, bytes: number, first: number, last: number, q: number): void;
  bonds2(a: number, b: number, bytes: number, first: number, last: number, q: number): void;
  bonds3(
    a: number,
    b: number,
    c: number,
    bytes: number,
    first: number,
    last: number,
    q: number,
  ): void;
  diagonal1(a: number, kinds: number, states: number, numbers: number, weights: number): void;
  diagonal2(
    a: number,
    b: number,
    kinds: number,
    states: number,
    numbers: number,
    weights: number,
  ): void;
  diagonal3(
    a: number,
    b: number,
    c: number,
    kinds: number,
    states: number,
    numbers: number,
    weights: number,
  ): void;
}

/** Compiles a kernel file. @throws WebAssembly.CompileError if the bytes are no valid module */
export function compile(bytes: Uint8Array): KernelModule {
  return new WebAssembly.Module(bytes);
}

/** A heat-bath kernel with a memory of its own. */
export function heatBathCode(module: KernelModule): HeatBathCode {
  return new WebAssembly.Instance(module).exports as unknown as HeatBathCode;
}

/** The transfer matrix's loops with a memory of their own. */
export function columnsCode(module: KernelModule): ColumnsCode {
  return new WebAssembly.Instance(module).exports as unknown as ColumnsCode;
}
