import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { KernelCode } from './sampler-wire.ts';

/**
 * The kernel files that this engine runs fastest; all of them give the same bits.
 *
 * @param entries folder of the bundled entries, `dist/node/`; the kernels lie beside it
 */
export function readKernels(entries: URL): KernelCode {
  const file = (name: string) => readFileSync(new URL(`../kernels/${name}.wasm`, entries));
  const relaxed = file('heat-bath-relaxed');
  return {
    heatBath: enable(relaxed) ? relaxed : file('heat-bath'),
    clusters: file('cluster'),
  };
}

/** Lets the engine run a kernel file if it can: V8 11.3, that of Node 20, has relaxed SIMD behind a flag. */
export function enable(file: Uint8Array): boolean {
  if (WebAssembly.validate(file)) return true;
  if (!process.versions.v8.startsWith('11.3.')) return false;
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  return WebAssembly.validate(file);
}
