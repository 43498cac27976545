import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt } from './bundle.mjs';
import { root } from './install.mjs';

// the main job on the bundled pictures: three textures, each as one lattice of 64 × 64
ensureBuilt();
process.stderr.write('Fitting the three bundled textures (brick, grass, gravel) …\n\n');
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'dist/node/cli.js'),
    'fit',
    join(root, 'electron/samples'),
    ...['--size', '64', '--seed', '1', '--out', join(root, 'dist', 'samples.fit.json')],
  ],
  { stdio: 'inherit' },
);
process.exitCode = status ?? 1;
