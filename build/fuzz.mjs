import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './bundle.mjs';
import { root } from './install.mjs';

ensureBuilt();
await import(pathToFileURL(join(root, 'dist/node/fuzz.js')).href);
