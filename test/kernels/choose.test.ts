import { expect, it } from 'vitest';
import { compileKernel } from '../../build/kernels.mjs';
import { chooseHeatBath } from '../../shared/kernels/choose.ts';
import { compile } from '../../shared/kernels/wasm.ts';
import { type Boundary, lattice } from '../../shared/models/lattice/lattice.ts';
import { type ModelName, makeModel } from '../../shared/models/registry.ts';

const module = compile(await compileKernel('heat-bath.ts'));

it.each([
  // as many chains as lanes, or nearly
  ['uniform', 64, 64, 'periodic', 64, 'heat-bath-wasm-chains'],
  ['anisotropic', 9, 9, 'periodic', 20, 'heat-bath-wasm-chains'],
  // few chains of many rows, whatever they divide by; no list of bonds is made, which would be 1 GiB
  ['uniform', 8192, 8192, 'free', 1, 'heat-bath-wasm-lattice'],
  ['anisotropic', 8191, 8191, 'periodic', 1, 'heat-bath-wasm-lattice'],
  ['zero-field', 71, 30, 'periodic', 2, 'heat-bath-wasm-lattice'],
  // beyond the memory that lattices side by side may take
  ['uniform', 8192, 8192, 'periodic', 32, 'heat-bath-wasm-lattice'],
  // a single small lattice would leave most lanes idle
  ['uniform', 3, 3, 'periodic', 1, 'reference-heat-bath'],
  ['uniform', 1, 9, 'free', 1, 'reference-heat-bath'],
] as const)('%s %i × %i %s, %i chains: %s', (name, rows, cols, boundary, chains, kernel) => {
  const model = makeModel({ name: name as ModelName }, lattice(rows, cols, boundary as Boundary));
  expect(chooseHeatBath(module, model, chains).name).toBe(kernel);
});
