import type { KernelSnapshot } from '../ising/kernel.ts';
import type { Model } from '../ising/model.ts';

/** A kernel's snapshot whose state is the given arrays' bytes, one after the other. */
export function writeSnapshot(
  kernel: string,
  { lattice: { rows, cols, boundary } }: Model,
  chains: number,
  theta: ArrayLike<number>,
  parts: readonly ArrayBufferView[],
): KernelSnapshot {
  const state = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    state.set(bytes(part), offset);
    offset += part.byteLength;
  }
  const parameters = Array.from(theta);
  return { version: 1, kernel, rows, cols, boundary, chains, parameters, state };
}

/**
 * Writes a snapshot's state back into the given arrays.
 *
 * @throws Error if the snapshot was made by another kernel, for another lattice, or is incomplete
 */
export function readSnapshot(
  snapshot: KernelSnapshot,
  kernel: string,
  { lattice: { rows, cols, boundary } }: Model,
  chains: number,
  parts: readonly ArrayBufferView[],
): void {
  const size = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const fits =
    snapshot.version === 1 &&
    snapshot.kernel === kernel &&
    snapshot.rows === rows &&
    snapshot.cols === cols &&
    snapshot.boundary === boundary &&
    snapshot.chains === chains &&
    snapshot.state.byteLength === size;
  if (!fits) {
    throw new Error(
      `This snapshot was made by ${snapshot.kernel} for ${snapshot.chains} chains of ` +
        `${snapshot.rows} × ${snapshot.cols} (${snapshot.boundary}); ${kernel} here runs ` +
        `${chains} chains of ${rows} × ${cols} (${boundary}).`,
    );
  }
  let offset = 0;
  for (const part of parts) {
    bytes(part).set(snapshot.state.subarray(offset, offset + part.byteLength));
    offset += part.byteLength;
  }
}

function bytes(part: ArrayBufferView): Uint8Array {
  return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
}
