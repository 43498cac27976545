import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileKernel } from '../../build/kernels.mjs';
import { wasmColumns } from '../../shared/kernels/columns.ts';
import { compile } from '../../shared/kernels/wasm.ts';
import { parameterNames } from '../../shared/models/contract.ts';
import { exactMethodFor } from '../../shared/models/lattice/exact/choose.ts';
import {
  type Columns,
  type ColumnsFactory,
  plainColumns,
} from '../../shared/models/lattice/exact/columns.ts';
import { lattice } from '../../shared/models/lattice/lattice.ts';
import { type ModelName, makeModel } from '../../shared/models/registry.ts';
import { sfc32, uniform } from '../../shared/numerics/random.ts';
import { finish } from '../../shared/numerics/yielding.ts';

const fast = wasmColumns(compile(await compileKernel('columns.ts')));

/** The states after both loops on groups of one, two and three coefficients, from random numbers. */
function worked(make: ColumnsFactory, width: number): Columns {
  const columns = make(width, 6);
  const random = sfc32(width, 3);
  for (const array of columns.states)
    for (let s = 0; s < array.length; s++) array[s] = uniform(random);
  for (const array of columns.kinds)
    for (let s = 0; s < array.length; s++) array[s] = s % (width + 1);
  const numbers = Float64Array.from({ length: width + 1 }, (_, u) => width - u);
  const weights = numbers.map((u) => 0.7 ** u);
  for (const group of [[0, 1, 2], [3, 4], [5]]) {
    let done = 0;
    for (const some of columns.bonds(group, 0.37)) done += some;
    expect(done).toBe(width);
    columns.diagonal(group, 0, numbers, weights);
    columns.diagonal(group, 1, numbers, weights);
  }
  return columns;
}

function areEqual(a: Columns, b: Columns): boolean {
  return a.states.every((array, k) => Buffer.compare(bytes(array), bytes(b.states[k])) === 0);
}

function bytes({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

describe('the transfer matrix in WebAssembly', () => {
  it.each([1, 2, 3, 8, 10, 11, 12, 15, 16, 17])(
    'has the bits of the TypeScript at 2^%i states',
    (width) => {
      expect(areEqual(worked(fast, width), worked(plainColumns, width))).toBe(true);
    },
  );

  it('would be found out by that: one wrong term among 24 changes the bits', async () => {
    const wrong = await compileKernel('columns.ts', (source) =>
      source.replace('mix2(u2, u0, t0, q)', 'mix2(u2, u0, t1, q)'),
    );
    expect(areEqual(worked(wasmColumns(compile(wrong)), 8), worked(plainColumns, 8))).toBe(false);
  });

  it.each<[ModelName, number, number, 'free' | 'periodic']>([
    ['uniform', 11, 14, 'free'],
    ['uniform', 13, 12, 'free'],
    ['anisotropic', 9, 12, 'free'],
    ['zero-field', 12, 12, 'free'],
    ['uniform', 6, 8, 'periodic'],
    ['anisotropic', 7, 5, 'periodic'],
  ])(
    'gives log Z and derivatives of the %s model on %i × %i, %s, bit for bit',
    (name, rows, cols, boundary) => {
      const model = makeModel({ name: name }, lattice(rows, cols, boundary));
      for (const J of [-0.4, 0.43]) {
        const theta = parameterNames(model).map((parameter) => (parameter === 'h' ? 5 : J));
        const [first, second] = [fast, plainColumns].map((columns) => {
          const method = exactMethodFor(model, columns);
          return method && finish(method.evaluate(theta));
        });
        expect(first).toEqual(second);
        expect(first?.logZ).toBeGreaterThan(0);
      }
    },
  );

  it('is the file that was built', async () => {
    const built = readFileSync(new URL('../../dist/kernels/columns.wasm', import.meta.url));
    expect(built.equals(await compileKernel('columns.ts'))).toBe(true);
  });
});
