import { createHash } from 'node:crypto';
import { joined } from '../../electron/node/projects/project-manifest.ts';
import { driveFit } from '../../electron/node/threads/drive-fit.ts';
import type { SpinData } from '../../shared/data/dataset.ts';
import { defaultPreparation } from '../../shared/data/image/options.ts';
import { defaultFitOptions, type FitOptions } from '../../shared/inference/options.ts';
import { Trace } from '../../shared/inference/trace.ts';
import { ExplainedError, fromErrorData } from '../../shared/protocol/errors.ts';
import type { FitCommand, FitEvent } from '../../shared/protocol/fit-thread.ts';
import { ProjectError } from '../../shared/protocol/project-file.ts';
import { ProjectWriter, readProject } from '../../shared/session/project/archive.ts';
import { randomFrom } from './mutate.ts';
import type { Reader } from './readers.ts';

/** The bundle, whose kernels are the real ones. */
const entries = new URL('../../dist/node/', import.meta.url);
/** Reports after which a fit that goes on is stopped. */
const patience = 3;

/** What is read as it is. */
const sound = 'a sound state';

const side = 6;
const data: SpinData = {
  ...{ rows: side, cols: side, images: 10 },
  spins: Int8Array.from({ length: 10 * side * side }, (_, k) => ((k * k + 3 * k) % 7 < 4 ? 1 : -1)),
};

const fits: readonly FitOptions[] = [
  {
    ...{ ...defaultFitOptions, boundary: 'periodic', method: 'gradient', seed: 2, steps: 100_000 },
    gradient: { ...defaultFitOptions.gradient, alpha: [0.01], chains: 32 },
  },
  { ...defaultFitOptions, boundary: 'free', method: 'mle', seed: 2 },
];

/**
 * The states that fits go on from, forged: a project with right hashes in which some values are others. The bytes
 * that the fuzzer damages only choose which.
 */
export function states(): Reader {
  let real: unknown[] = [];
  return {
    async seeds() {
      real = await Promise.all(fits.map((options) => run(options, null)));
      return [Buffer.from(sound)];
    },
    async read(bytes) {
      const random = randomFrom(createHash('sha256').update(bytes).digest().readUInt32LE());
      const which = random(fits.length);
      let state = real[which];
      const changes = bytes.toString() === sound ? 0 : 1 + random(3);
      for (let k = 0; k < changes; k++) state = forged(state, random);
      const kept = reopened(fits[which], state);
      await run(fits[which], kept);
    },
    refuses: (error) => error instanceof ProjectError || error instanceof ExplainedError,
  };
}

/** The state of a fit by eq. (4) under way. */
export const realState = () => run(fits[0], null);

/** A fit's state as a project keeps it. @throws ProjectError if it is refused */
function reopened(options: FitOptions, snapshot: unknown): unknown {
  const members = new ProjectWriter().write({
    ...{ name: null, file: null, notes: '', pictures: [] },
    preparation: { options: defaultPreparation, crops: {} },
    runs: [
      {
        summary: {
          ...{ id: 'fit', name: 'fit', created: new Date(0).toISOString(), state: 'running' },
          ...{ options, rows: side, cols: side, images: 10, parameters: ['J', 'h'] },
          ...{ observed: [0, 0], steps: 0, result: null, error: null, continuable: true },
        },
        trace: new Trace(2),
        set: { data, sources: [], preparation: defaultPreparation, failures: [], warnings: [] },
        sources: [],
        crops: {},
        fit: { snapshot, rows: 0, seconds: 0 },
      },
    ],
  });
  return readProject(joined(members), 'fuzz').runs[0].fit?.snapshot;
}

/** Goes on for some reports; gives the state then. @throws what the fit failed with, or Error for no estimate */
async function run(options: FitOptions, snapshot: unknown): Promise<unknown> {
  let state: unknown = null;
  let tell: (command: FitCommand) => void = () => {};
  let left = patience;
  let end: FitEvent | null = null;
  const task = {
    data,
    options,
    snapshot,
    threads: 1,
    background: false,
    paused: false,
    stepsPerSecond: null,
  };
  await driveFit(task, entries, {
    emit(event) {
      if (event.kind === 'checkpoint') state = event.snapshot;
      if (event.kind === 'report' && --left === 0) tell({ kind: 'stop' });
      if (event.kind === 'failed' || event.kind === 'ended') end = event;
    },
    listen(listener) {
      tell = listener;
    },
  });
  const last = end as FitEvent | null;
  if (last?.kind === 'failed') throw fromErrorData(last.error);
  if (last?.kind !== 'ended' || last.estimate.parameters.length !== 2) {
    throw new Error('The fit ended without an estimate.');
  }
  return state;
}

type Random = (below: number) => number;

/** What takes the place of a value. */
const values: readonly ((random: Random) => unknown)[] = [
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => -1,
  () => 0,
  () => 0.5,
  (random) => 2 ** random(64),
  () => null,
  () => 'running',
  () => [],
  () => ({}),
  () => true,
  (random) => new Float64Array(random(100)).fill(1),
  () => new Float64Array(1e5),
  (random) => new Uint8Array(random(10_000)).fill(255),
];

/** A copy in which one value, somewhere, is another one, or gone. */
function forged(state: unknown, random: Random): unknown {
  if (random(12) === 0) return values[random(values.length)](random);
  if (ArrayBuffer.isView(state)) return forgedArray(state as Float64Array, random);
  if (Array.isArray(state) && state.length > 0) {
    const at = random(state.length);
    if (random(8) === 0) return random(2) ? state.slice(0, at) : [...state, ...state];
    return state.map((item, k) => (k === at ? forged(item, random) : item));
  }
  if (typeof state === 'object' && state !== null) {
    const names = Object.keys(state);
    const at = names[random(names.length)];
    const { [at]: old, ...rest } = state as Record<string, unknown>;
    return random(20) === 0 ? rest : { ...rest, [at]: forged(old, random) };
  }
  return values[random(values.length)](random);
}

function forgedArray(array: Float64Array, random: Random): ArrayLike<number> {
  const copy = array.slice(random(6) === 0 ? random(array.length) : 0);
  for (let k = random(8); k > 0 && copy.length > 0; k--) {
    const value = values[random(6)](random);
    // numbers of 64 bits are of another kind
    if (typeof copy[0] === 'number') copy[random(copy.length)] = value as number;
  }
  return copy;
}
