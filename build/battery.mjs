import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { drawingKernels } from '../test/battery/kernels.mjs';
import { ensureBuilt } from './bundle.mjs';
import { root } from './install.mjs';

ensureBuilt();
const { battery } = await import(pathToFileURL(join(root, 'dist/node/battery.js')).href);
await battery(await drawingKernels());
