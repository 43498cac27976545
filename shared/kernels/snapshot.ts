import type { Model } from '../models/contract.ts';
import type { KernelSnapshot } from '../sampling/kernel.ts';

/** A part of a kernel's state. */
export interface StatePart {
  readonly view: ArrayBufferView;
  /** Whether a kernel may come to hold these bytes; absent where any will do, as in a random generator. */
  readonly sound?: (bytes: Uint8Array<ArrayBuffer>) => boolean;
}

/** A kernel's snapshot whose state is the given parts' bytes, one after the other. */
export function writeSnapshot(
  kernel: string,
  { lattice: { rows, cols, boundary } }: Model,
  chains: number,
  theta: ArrayLike<number>,
  parts: readonly StatePart[],
): KernelSnapshot {
  const state = new Uint8Array(size(parts));
  let offset = 0;
  for (const { view } of parts) {
    state.set(bytes(view), offset);
    offset += view.byteLength;
  }
  const parameters = Array.from(theta);
  return { version: 1, kernel, rows, cols, boundary, chains, parameters, state };
}

/**
 * Writes a snapshot's state back into the given parts. Its bytes are not trusted: counts among them could make a sweep
 * that never ends, and spins that are none could lead a kernel beyond its tables.
 *
 * @throws Error if the snapshot was made by another kernel, for another lattice or model, is incomplete, or holds what
 * no kernel comes to; nothing was written then
 */
export function readSnapshot(
  snapshot: KernelSnapshot,
  kernel: string,
  { lattice: { rows, cols, boundary }, statistics }: Model,
  chains: number,
  parts: readonly StatePart[],
): void {
  const { parameters, state } = snapshot;
  const fits =
    snapshot.version === 1 &&
    snapshot.kernel === kernel &&
    snapshot.rows === rows &&
    snapshot.cols === cols &&
    snapshot.boundary === boundary &&
    snapshot.chains === chains &&
    parameters.length === statistics.length &&
    state.byteLength === size(parts);
  if (!fits) {
    throw new Error(
      `This snapshot was made by ${snapshot.kernel} for ${snapshot.chains} chains of ` +
        `${snapshot.rows} × ${snapshot.cols} (${snapshot.boundary}); ${kernel} here runs ` +
        `${chains} chains of ${rows} × ${cols} (${boundary}).`,
    );
  }
  let offset = 0;
  const pieces = parts.map(({ view, sound }) => {
    const piece = Uint8Array.from(state.subarray(offset, offset + view.byteLength));
    offset += view.byteLength;
    return { view, piece, sound: sound?.(piece) ?? true };
  });
  if (!parameters.every(Number.isFinite) || !pieces.every(({ sound }) => sound)) {
    throw new Error(`This snapshot holds what no ${kernel} comes to.`);
  }
  for (const { view, piece } of pieces) bytes(view).set(piece);
}

/** Whether all bytes are spins as an array of ±1 holds them. */
export function areSpins(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 1 || byte === 255);
}

/** Most sweeps of one kind that are one sweep of a mixture, and most single clusters a site: what is chosen is far below. */
export const mostSweeps = 1000;
export const mostClusters = 4;

/** The bytes of a part as counts. */
export function words(bytes: Uint8Array<ArrayBuffer>): Uint32Array {
  return new Uint32Array(bytes.buffer);
}

function size(parts: readonly StatePart[]): number {
  return parts.reduce((sum, { view }) => sum + view.byteLength, 0);
}

function bytes(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
