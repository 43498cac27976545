import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import asc from 'assemblyscript/asc';
import { root } from './install.mjs';

/** The files of `dist/kernels`. */
const files = [
  { name: 'heat-bath', source: 'heat-bath.ts', relaxed: false },
  { name: 'heat-bath-relaxed', source: 'heat-bath.ts', relaxed: true },
  { name: 'cluster', source: 'cluster.ts', relaxed: false },
  { name: 'columns', source: 'columns.ts', relaxed: false },
];

/**
 * Compiles one AssemblyScript file of `shared/kernels/assembly`.
 *
 * @param {string} name
 * @param {(source: string) => string} [change] edits the source first
 * @param {boolean} [relaxed] for engines that have relaxed SIMD
 * @returns {Promise<Uint8Array>} the module's bytes
 */
export async function compileKernel(name, change = (source) => source, relaxed = false) {
  /** @type {Uint8Array | undefined} */
  let binary;
  const { error, stderr } = await asc.main(
    [
      name,
      '--outFile',
      'kernel.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      ...(relaxed ? ['--enable', 'relaxed-simd'] : []),
    ],
    {
      readFile(file, folder) {
        const path = join(folder === '.' ? join(root, 'shared/kernels/assembly') : folder, file);
        try {
          const source = readFileSync(path, 'utf8');
          return basename(path) === name ? change(source) : source;
        } catch {
          // the compiler probes several places for an import
          return null;
        }
      },
      writeFile(_, contents) {
        binary = /** @type {Uint8Array} */ (contents);
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${name}: ${stderr}`, { cause: error });
  if (!binary) throw new Error(`${name}: the compiler wrote nothing`);
  return binary;
}

/** Writes `dist/kernels/*.wasm`. */
export async function buildKernels() {
  mkdirSync(join(root, 'dist/kernels'), { recursive: true });
  for (const { name, source, relaxed } of files) {
    const bytes = await compileKernel(source, undefined, relaxed);
    writeFileSync(join(root, 'dist/kernels', `${name}.wasm`), bytes);
  }
}
