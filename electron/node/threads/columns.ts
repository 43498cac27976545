import { readFileSync } from 'node:fs';
import { wasmColumns } from '../../../shared/kernels/columns.ts';
import { compile } from '../../../shared/kernels/wasm.ts';
import type { ColumnsFactory } from '../../../shared/models/lattice/exact/columns.ts';

/**
 * The exact methods' loops of this host.
 *
 * @param entries folder of the bundled entries, `dist/node/`; the kernels lie beside it
 */
export function columnsFactory(entries: URL): ColumnsFactory {
  return wasmColumns(compile(readFileSync(new URL('../kernels/columns.wasm', entries))));
}
