import { z } from 'zod';

const count = z.int().min(0);
const lattice = { rows: count, cols: count, boundary: z.enum(['free', 'periodic']) };
const statistics = z.looseObject({ B: z.number(), m: z.number() });

/** What one kernel did on one lattice. */
const kernelRow = z.looseObject({
  kernel: z.string(),
  ...lattice,
  chains: count,
  threads: count,
  /** θ of this row. */
  J: z.number(),
  hPerSite: z.number(),
  /** Attempted updates per nanosecond of all chains and threads together; of cluster updates, sites visited. */
  updatesPerNs: z.number().positive(),
  /** Its inverse. */
  nsPerSite: z.number().positive(),
  /** Over one thread, measured by turns; null of one thread, and where other programs had the cores. */
  speedUp: z.number().positive().nullable(),
  /** Turns that it is the median of, those in which there was a core a thread. */
  speedUpTurns: count.optional(),
  /** τ_int in sweeps, and its standard error; null where the series was too short to tell. */
  autocorrelationTime: statistics.nullable(),
  autocorrelationTimeError: statistics.nullable(),
  /** chains · (sweeps a second) / 2τ_int; null where τ_int is. */
  effectivePerSecond: statistics.nullable(),
  /** Means of the measured series: kernels that agree are at work on the same model. */
  bondMean: z.number().min(-1).max(1),
  magnetization: z.number().min(-1).max(1),
});

/** One timed task of the engine. */
const engineRow = z.looseObject({
  name: z.string(),
  ...lattice,
  images: count.nullable(),
  threads: count,
  /** Time of a run, the median of several in a process that has made one before. */
  value: z.number().positive(),
  /** The fastest of these, and that first run, with compiling. */
  fastest: z.number().positive().optional(),
  first: z.number().positive().optional(),
  unit: z.enum(['ms', 's']),
});

/** A benchmark file, `isinglass bench --json`. Later versions add to it and never rename. */
export const benchFileSchema = z.looseObject({
  format: z.literal('isinglass-bench'),
  version: z.literal(1),
  program: z.looseObject({ name: z.string(), version: z.string() }),
  created: z.iso.datetime(),
  seed: count,
  machine: z.looseObject({
    processor: z.string(),
    cores: count,
    platform: z.string(),
    architecture: z.string(),
    node: z.string(),
    /** First line of the C compiler's own description; null where there is none. */
    compiler: z.string().nullable(),
  }),
  /** Where kernels were measured on all lattices. */
  parameters: z.looseObject({ J: z.number(), hPerSite: z.number() }),
  results: z.array(kernelRow),
  engine: z.array(engineRow),
  skipped: z.array(z.looseObject({ name: z.string(), reason: z.string() })),
});

export type BenchFile = z.infer<typeof benchFileSchema>;
export type KernelRow = z.infer<typeof kernelRow>;
export type EngineRow = z.infer<typeof engineRow>;
