import type { MessagePort } from 'node:worker_threads';
import type { ModelSpecification } from '../../../shared/models/contract.ts';
import type { Boundary } from '../../../shared/models/lattice/lattice.ts';
import type { ErrorData } from '../../../shared/protocol/errors.ts';
import type { KernelSnapshot, Recorded, Run, Updates } from '../../../shared/sampling/kernel.ts';

/** The kernel files' bytes. */
export interface KernelCode {
  readonly heatBath: Uint8Array;
  readonly clusters: Uint8Array;
}

/** Which kernels to make: `first` … `last − 1` of a sampler; the number of a kernel is its stream. */
export interface KernelsTask {
  readonly code: KernelCode;
  readonly model: ModelSpecification;
  readonly rows: number;
  readonly cols: number;
  readonly boundary: Boundary;
  /** Chains of the whole sampler, which decide the kind of its kernels. */
  readonly chains: number;
  readonly seed: number;
  readonly first: number;
  readonly last: number;
  /** Chains of one kernel, and the model's number of statistics. */
  readonly width: number;
  readonly statistics: number;
}

/** What a sampler thread is started with. */
export interface SamplerTask extends KernelsTask {
  readonly control: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** What a sampler thread is told; kernels count from the thread's own first. */
export type SamplerCommand =
  /** A run whose series is wanted; other runs travel in shared memory. */
  | {
      readonly kind: 'record';
      readonly sweeps: number;
      readonly stride: number;
      readonly record: Recorded;
    }
  /** Chains count from the thread's own first as well. */
  | { readonly kind: 'spins'; readonly first: number; readonly count: number }
  | {
      readonly kind: 'setSpins';
      readonly kernel: number;
      readonly chain: number;
      readonly spins: Int8Array;
    }
  | { readonly kind: 'updates'; readonly updates: Updates }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'restore'; readonly snapshots: readonly KernelSnapshot[] };

/** What it answers, one answer a command. */
export type SamplerAnswer =
  | { readonly kind: 'runs'; readonly runs: readonly Run[] }
  | { readonly kind: 'spins'; readonly spins: Int8Array }
  | { readonly kind: 'snapshots'; readonly snapshots: readonly KernelSnapshot[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: ErrorData };

/** What a thread that tells kernels' states gives away with them: nobody else holds these bytes, and they may be many. */
export function stateBuffers(kernels: readonly KernelSnapshot[]): ArrayBuffer[] {
  return kernels.map(({ state }) => state.buffer);
}

/**
 * Words of the control array: number of commands given, of answers given, whether the thread is dead,
 * whether new parameters wait, and whether the last command (its answer) is a run in shared memory.
 */
export const word = { commands: 0, answers: 1, dead: 2, parameters: 3, run: 4, ran: 5 } as const;

/** The numbers behind the control words. */
export interface SharedNumbers {
  readonly control: Int32Array;
  /** Sweeps and stride. */
  readonly run: Float64Array;
  readonly theta: Float64Array;
  /** A kernel's sums and products, chains × p and p × p, and the sites that clusters visited. */
  moments(kernel: number): {
    readonly chainSum: Float64Array;
    readonly product: Float64Array;
    readonly visited: Float64Array;
  };
}

/** Bytes that `sharedNumbers` needs. */
export function sharedBytes(kernels: number, width: number, p: number): number {
  return 32 + 8 * (2 + p + kernels * (width * p + p * p + 1));
}

export function sharedNumbers(memory: SharedArrayBuffer, width: number, p: number): SharedNumbers {
  const sums = width * p;
  const results = 32 + 8 * (2 + p);
  return {
    control: new Int32Array(memory, 0, 8),
    run: new Float64Array(memory, 32, 2),
    theta: new Float64Array(memory, 48, p),
    moments(kernel) {
      const start = results + 8 * kernel * (sums + p * p + 1);
      return {
        chainSum: new Float64Array(memory, start, sums),
        product: new Float64Array(memory, start + 8 * sums, p * p),
        visited: new Float64Array(memory, start + 8 * (sums + p * p), 1),
      };
    },
  };
}

/**
 * Sleeps until a word is no longer `value`, after looking at it for some ten microseconds: that long a
 * short sweep takes, and falling asleep and waking takes longer.
 */
export function awaitChange(
  control: Int32Array,
  index: number,
  value: number,
  timeout?: number,
): void {
  for (let look = 0; look < 20_000; look++) {
    if (Atomics.load(control, index) !== value) return;
  }
  Atomics.wait(control, index, value, timeout);
}
