import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, root } from './install.mjs';
import { buildKernels } from './kernels.mjs';

install();
process.chdir(root);
const { build } = await import('vite');

await buildKernels();
for (const part of ['node', 'preload', 'renderer']) {
  await build({ configFile: join(root, `build/vite.${part}.config.mjs`) });
}
// beside the entries, where the packaged program looks for them too
cpSync(join(root, 'electron/samples'), join(root, 'dist/node/samples'), { recursive: true });
// the benchmark compiles it where there is a C compiler
cpSync(join(root, 'electron/bench/heat-bath.c'), join(root, 'dist/kernels/bench-heat-bath.c'));
writeFileSync(join(root, 'dist', '.built'), new Date().toISOString());
