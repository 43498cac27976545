import type { Columns, ColumnsFactory } from '../models/lattice/exact/columns.ts';
import { type ColumnsCode, columnsCode, type KernelModule } from './wasm.ts';

const page = 65536;
/** Columns of the first pass, whose states lie within the code's blocks of 2^10. */
const firstPass = 10;
/** Most columns of a later pass: runs of 2^(10 − 6) states, 128 bytes, are moved at a time. */
const laterPass = 6;

/** The transfer matrix's loops in WebAssembly; every set of states has a memory of its own. */
export function wasmColumns(module: KernelModule): ColumnsFactory {
  return (width, coefficients) => wasmStates(columnsCode(module), width, coefficients);
}

function wasmStates(code: ColumnsCode, width: number, coefficients: number): Columns {
  const size = 2 ** width;
  // layout: the code's own tables first, then everything else at multiples of 64 bytes
  let end = 1024;
  const allocate = (bytes: number) => {
    const start = end;
    end += Math.ceil(bytes / 64) * 64;
    return start;
  };
  const gathered = allocate(3 * 8 * 2 ** firstPass);
  const numberTable = allocate(8 * 256);
  const weightTable = allocate(8 * 256);
  const kindBytes = [allocate(size), allocate(size)] as const;
  const addresses = Array.from({ length: coefficients }, () => allocate(8 * size));
  const missing = Math.ceil(end / page) - code.memory.buffer.byteLength / page;
  if (missing > 0) code.memory.grow(missing);
  const { buffer } = code.memory;
  code.setAddress(gathered);
  const numbersView = new Float64Array(buffer, numberTable, 256);
  const weightsView = new Float64Array(buffer, weightTable, 256);
  const passes = columnRanges(width);
  return {
    states: addresses.map((address) => new Float64Array(buffer, address, size)),
    kinds: [new Uint8Array(buffer, kindBytes[0], size), new Uint8Array(buffer, kindBytes[1], size)],
    *bonds(group, q) {
      const [a, b, c] = group.map((k) => addresses[k]);
      for (const [first, last] of passes) {
        if (group.length === 3) code.bonds3(a, b, c, 8 * size, first, last, q);
        else if (group.length === 2) code.bonds2(a, b, 8 * size, first, last, q);
        else code.bonds1(a, 8 * size, first, last, q);
        yield last - first;
      }
    },
    diagonal(group, which, numbers, weights) {
      const [a, b, c] = group.map((k) => addresses[k]);
      numbersView.set(numbers);
      weightsView.set(weights);
      const kinds = kindBytes[which];
      if (group.length === 3) code.diagonal3(a, b, c, kinds, size, numberTable, weightTable);
      else if (group.length === 2) code.diagonal2(a, b, kinds, size, numberTable, weightTable);
      else code.diagonal1(a, kinds, size, numberTable, weightTable);
    },
  };
}

/** The passes over the states: first and one past the last column of each. */
function columnRanges(width: number): [number, number][] {
  const ranges: [number, number][] = [[0, Math.min(firstPass, width)]];
  const rest = width - firstPass;
  const passes = Math.ceil(rest / laterPass);
  for (let k = 0; k < passes; k++) {
    const at = (share: number) => firstPass + Math.round((rest * share) / passes);
    ranges.push([at(k), at(k + 1)]);
  }
  return ranges;
}
