import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { columnsFactory } from '../../electron/node/threads/columns.ts';
import { samplerFactory } from '../../electron/node/threads/samplers.ts';
import type { SpinData } from '../../shared/data/dataset.ts';
import type { FitOptions } from '../../shared/inference/options.ts';
import type { FitRun } from '../../shared/inference/run.ts';
import { startFit } from '../../shared/inference/start.ts';
import type { ModelSpecification } from '../../shared/models/contract.ts';
import { lattice } from '../../shared/models/lattice/lattice.ts';
import { uniformModel } from '../../shared/models/registry.ts';
import { draw, fitOptions, referenceSamplers } from '../inference/synthetic.ts';

/** One fit that is held to its bits. */
interface HeldFit {
  readonly name: string;
  readonly data: string;
  readonly options: FitOptions;
}

const entries = new URL('../../dist/node/', import.meta.url);
export const recordFile = new URL('../fixtures/held-fits.json', import.meta.url);

/** Images of one chain near the critical coupling, two sweeps apart: far from independent. */
function drawSequence(): SpinData {
  const images = 60;
  const sampler = referenceSamplers(uniformModel(lattice(8, 8, 'free')), 1, 8);
  sampler.setParameters([0.4, 1]);
  sampler.run(200, 200);
  const spins = new Int8Array(images * 64);
  for (let i = 0; i < images; i++) {
    sampler.run(2, 2);
    spins.set(sampler.spins(0), i * 64);
  }
  return { rows: 8, cols: 8, images, spins };
}

// drawn by the reference sampler, so that a change of the fast kernels changes the fits and not their data
const draws: Readonly<Record<string, () => SpinData>> = {
  free: () => draw({ rows: 6, cols: 5, boundary: 'free' }, 0.3, 0.02, 30, 1),
  torus: () => draw({ rows: 6, cols: 6, boundary: 'periodic' }, 0.35, 0.05, 30, 2),
  antiferromagnet: () => draw({ rows: 5, cols: 7, boundary: 'periodic' }, -0.3, 0.01, 12, 3),
  large: () => draw({ rows: 32, cols: 32, boundary: 'free' }, 0.42, 0, 3, 4),
  sequence: drawSequence,
};

/** The data sets, each drawn once. */
export const heldData = new Map(Object.entries(draws).map(([name, make]) => [name, make()]));

const held = (
  name: string,
  data: string,
  changes: Partial<FitOptions>,
  gradient: Partial<FitOptions['gradient']> = {},
): HeldFit => {
  const boundary = data === 'torus' || data === 'antiferromagnet' ? 'periodic' : 'free';
  return { name, data, options: fitOptions({ seed: 5, boundary, ...changes }, gradient) };
};

const models: readonly ModelSpecification[] = [
  { name: 'uniform' },
  { name: 'anisotropic' },
  { name: 'zero-field' },
];
const nextNearest: ModelSpecification = {
  name: 'neighbourhood',
  offsets: [
    [
      [0, 1],
      [1, 0],
    ],
    [
      [1, 1],
      [1, -1],
    ],
  ],
};
const withTrend: ModelSpecification = { name: 'uniform', trend: 1 };
const methods = ['exact', 'mle', 'gradient', 'pseudolikelihood'] as const;
const steps = 400;

export const heldFits: readonly HeldFit[] = [
  ...models.flatMap((model) =>
    methods.flatMap((method) =>
      ['free', 'torus'].map((data) =>
        held(`${model.name}, ${method}, ${data}`, data, { model, method, steps }),
      ),
    ),
  ),
  ...(['mle', 'gradient', 'pseudolikelihood'] as const).flatMap((method) => [
    held(`next-nearest, ${method}`, 'free', { model: nextNearest, method, steps }),
    held(`trend, ${method}`, 'torus', { model: withTrend, method, steps }),
  ]),
  ...methods.map((method) =>
    held(`antiferromagnet, ${method}`, 'antiferromagnet', { method, steps }),
  ),
  ...methods.map((method) => held(`sequence, ${method}`, 'sequence', { method, steps })),
  ...(['exact', 'mle', 'gradient'] as const).map((method) =>
    held(`prior, ${method}`, 'free', { method, steps, prior: [0.5, 0.1] }),
  ),
  held('large, mle', 'large', { method: 'mle' }),
  held(
    'large, gradient',
    'large',
    { method: 'gradient', steps: 20 },
    { chains: 1024, alpha: [0.05], decay: 10, start: [0.4, 0] },
  ),
];

/** Those again that sample enough at once to wake a second thread. */
export const threadedFits = heldFits.filter(({ data }) => data === 'large');

/** Those again that are taken up from a state on the way: one of every method that has states. */
export const resumedFits = heldFits.filter(({ name }) =>
  /^(uniform|next-nearest|large|trend), (mle|gradient)/.test(name),
);

/** What a fit has found, and how many steps it took, without sentences: doubles in full precision. */
export function findings(
  { data, options }: HeldFit,
  { threads = 1, resumedAfter = 0 }: { threads?: number; resumedAfter?: number } = {},
): unknown {
  const spins = dataOf(data);
  const loops = { samplers: samplerFactory(entries, threads), columns: columnsFactory(entries) };
  let run = startFit(spins, options, loops);
  if (resumedAfter > 0)
    run = resumed(run, resumedAfter, (state) => startFit(spins, options, loops, state));
  try {
    while (!run.advance());
    const { warnings, sampler, profile, ...numbers } = run.estimate();
    const { reason, by, ...intervals } = profile ?? {};
    return plain({ method: run.method, ...numbers, ...(profile && { profile: intervals }) });
  } finally {
    run.close();
  }
}

function resumed(run: FitRun, slices: number, take: (state: unknown) => FitRun): FitRun {
  for (let k = 0; k < slices; k++) {
    // a whole slice of eq. (4) would be all of its steps
    if (run.advance(1)) throw new Error(`The fit has ended after ${k + 1} slices.`);
  }
  const state = structuredClone(run.snapshot());
  run.close();
  if (state === null) throw new Error('The fit has no state to go on from yet.');
  return take(state);
}

export function dataOf(name: string): SpinData {
  const data = heldData.get(name);
  if (!data) throw new Error(`There are no data ${name}.`);
  return data;
}

export function hashOf({ spins }: SpinData): string {
  return createHash('sha256').update(spins).digest('hex');
}

/** As JSON has it: arrays for typed arrays; −0, NaN and infinities, which it has not, as words. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, part) => {
      if (ArrayBuffer.isView(part)) return Array.from(part as Float64Array);
      if (typeof part !== 'number') return part;
      return Number.isFinite(part) && !Object.is(part, -0)
        ? part
        : Object.is(part, -0)
          ? '-0'
          : String(part);
    }),
  );
}

/** What was found when the fits were last recorded. */
export interface HeldRecord {
  /** SHA-256 of every data set's spins. */
  readonly data: Readonly<Record<string, string>>;
  readonly fits: Readonly<Record<string, unknown>>;
}

export function readRecord(): HeldRecord {
  return JSON.parse(readFileSync(recordFile, 'utf8'));
}

/** What the fits find now. */
export function takeRecord(): HeldRecord {
  return {
    data: Object.fromEntries([...heldData].map(([name, data]) => [name, hashOf(data)])),
    fits: Object.fromEntries(heldFits.map((each) => [each.name, findings(each)])),
  };
}
