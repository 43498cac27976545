/// <reference path="./webassembly.d.ts" />

/** A compiled kernel file; the same one serves every thread. */
export type KernelModule = WebAssembly.Module;

/** What the heat-bath file exports: shape and addresses set once, then sweeps. */
export interface HeatBathCode {
  readonly memory: WebAssembly.Memory;
  setShape(
    rows: number,
    cols: number,
    blockRows: number,
    wraps: boolean,
    blocks: boolean,
    rowAbove: number,
    rowBelow: number,
    lastLane: number,
  ): void;
  setAddresses(
    spins: number,
    rowBytes: number,
    colourBytes: number,
    generator: number,
    threshold: number,
    fraction: number,
    pool: number,
    diagonal: number,
    nextDiagonal: number,
    list: number,
    laneSums: number,
  ): void;
  /** Copies what the torus or the next block repeats, after spins were written from outside. */
  refresh(colour: number, firstRow: number, lastRow: number): void;
  sweeps(number: number): void;
  measuredSweep(): void;
}

/** Compiles a kernel file. @throws WebAssembly.CompileError if the bytes are no valid module */
export function compile(bytes: Uint8Array): KernelModule {
  return new WebAssembly.Module(bytes);
}

/** A heat-bath kernel with a memory of its own. */
export function heatBathCode(module: KernelModule): HeatBathCode {
  return new WebAssembly.Instance(module).exports as unknown as HeatBathCode;
}
