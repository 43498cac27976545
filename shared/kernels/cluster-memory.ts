/// <reference path="./webassembly.d.ts" />
import type { Lattice } from '../models/lattice/lattice.ts';
import type { KernelModule } from './wasm.ts';

/** What the cluster file exports. */
interface ClusterCode {
  readonly memory: WebAssembly.Memory;
  setShape(
    rows: number,
    cols: number,
    stride: number,
    wrapsRows: boolean,
    wrapsCols: boolean,
  ): void;
  setAddresses(generator: number, powers: number, queue: number, sums: number): void;
  setCouplings(
    threshold0: number,
    fraction0: number,
    opposite0: boolean,
    threshold1: number,
    fraction1: number,
    opposite1: boolean,
    field: number,
  ): void;
  /** Returns the number of sites visited. */
  wolff(spins: number, clusters: number): number;
  swendsenWang(spins: number, sweeps: number): void;
  measure(spins: number): void;
}

/** A cluster kernel's code with its memory; nothing else knows where things lie. */
export interface ClusterMemory {
  readonly code: ClusterCode;
  /** a, b, c, counter of sfc64. */
  readonly generator: BigUint64Array;
  /** exp(−2|h|·2ⁱ), h the field per site. */
  readonly powers: Float64Array;
  /** After `measure`: unequal neighbours along rows, along columns, up spins. */
  readonly sums: Uint32Array;
  /** Every lattice with its rim: 0 down, 1 up, 128 rim. */
  readonly spins: Uint8Array;
  /** Address of a chain's first site. */
  address(chain: number): number;
  /** Index in `spins` of the first site of a row. */
  row(chain: number, row: number): number;
}

const page = 65536;
/** What stands around a lattice. */
export const rim = 128;

/** Lays out the memory for so many lattices of one shape, with one queue for all of them. */
export function clusterMemory(
  module: KernelModule,
  { rows, cols, boundary }: Lattice,
  chains: number,
): ClusterMemory {
  const code = new WebAssembly.Instance(module).exports as unknown as ClusterCode;
  const align = (bytes: number) => Math.ceil(bytes / 64) * 64;
  // a row ends with at least one byte of rim, which also stands before the next one
  const stride = 16 * Math.ceil((cols + 1) / 16);
  const latticeBytes = (rows + 2) * stride + 16;
  const [generator, powers, sums, queue] = [1024, 1088, 1344, 1408];
  // one entry more than sites, since the entry behind the last one is written to
  const spins = queue + align(4 * (rows * cols + 1));
  const spinBytes = align(chains * latticeBytes + 16);
  const missing = Math.ceil((spins + spinBytes) / page) - code.memory.buffer.byteLength / page;
  if (missing > 0) code.memory.grow(missing);
  const { buffer } = code.memory;
  const wraps = boundary === 'periodic';
  code.setShape(rows, cols, stride, wraps && rows > 1, wraps && cols > 1);
  code.setAddresses(generator, powers, queue, sums);
  const view = new Uint8Array(buffer, spins, spinBytes).fill(rim);
  const offset = (chain: number) => chain * latticeBytes + stride + 16;
  return {
    code,
    generator: new BigUint64Array(buffer, generator, 4),
    powers: new Float64Array(buffer, powers, 28),
    sums: new Uint32Array(buffer, sums, 3),
    spins: view,
    address: (chain) => spins + offset(chain),
    row: (chain, row) => offset(chain) + row * stride,
  };
}
