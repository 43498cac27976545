import type { MessagePort } from 'node:worker_threads';
import type { KernelSnapshot, Run } from '../../shared/ising/kernel.ts';
import type { Boundary } from '../../shared/ising/lattice.ts';
import type { ModelName } from '../../shared/ising/model.ts';
import type { ErrorData } from '../../shared/protocol/errors.ts';

/** What a sampler thread is started with: the kernels `first` … `last − 1` of a sampler. */
export interface SamplerTask {
  readonly control: SharedArrayBuffer;
  readonly port: MessagePort;
  /** The kernel file's bytes. */
  readonly code: Uint8Array;
  readonly model: ModelName;
  readonly rows: number;
  readonly cols: number;
  readonly boundary: Boundary;
  /** Chains of the whole sampler, which decide the kind of its kernels. */
  readonly chains: number;
  readonly seed: number;
  readonly first: number;
  readonly last: number;
}

/** What a sampler thread is told; kernels count from the thread's own first. */
export type SamplerCommand =
  | {
      readonly kind: 'run';
      readonly sweeps: number;
      readonly stride: number;
      readonly record: boolean;
    }
  | { readonly kind: 'parameters'; readonly theta: number[] }
  | { readonly kind: 'spins'; readonly kernel: number; readonly chain: number }
  | {
      readonly kind: 'setSpins';
      readonly kernel: number;
      readonly chain: number;
      readonly spins: Int8Array;
    }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'restore'; readonly snapshots: readonly KernelSnapshot[] };

/** What it answers, one answer a command. */
export type SamplerAnswer =
  | { readonly kind: 'runs'; readonly runs: readonly Run[] }
  | { readonly kind: 'spins'; readonly spins: Int8Array }
  | { readonly kind: 'snapshots'; readonly snapshots: readonly KernelSnapshot[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: ErrorData };

/** Words of the control array: number of commands given, of answers given, and whether the thread is dead. */
export const word = { commands: 0, answers: 1, dead: 2 } as const;
