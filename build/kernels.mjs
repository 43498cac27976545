import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import asc from 'assemblyscript/asc';
import { root } from './install.mjs';

const sources = ['heat-bath.ts', 'cluster.ts', 'columns.ts'];

/**
 * Compiles one AssemblyScript file of `shared/kernels/assembly`.
 *
 * @param {string} name
 * @param {(source: string) => string} [change] edits the source first
 * @returns {Promise<Uint8Array>} the module's bytes
 */
export async function compileKernel(name, change = (source) => source) {
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
  for (const name of sources) {
    writeFileSync(
      join(root, 'dist/kernels', name.replace('.ts', '.wasm')),
      await compileKernel(name),
    );
  }
}
