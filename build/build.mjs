import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, root } from './install.mjs';
import { buildKernels } from './kernels.mjs';

install();
process.chdir(root);
const { build } = await import('vite');

await buildKernels();
await build({ configFile: join(root, 'build/vite.node.config.mjs') });
mkdirSync(join(root, 'dist'), { recursive: true });
writeFileSync(join(root, 'dist', '.built'), new Date().toISOString());
