import { z } from 'zod';
import { maxSpins } from '../data/image/options.ts';
import { fitFileSchema, fittedSource } from './fit-file.ts';
import { atMost, mostPictures, mostRuns } from './limits.ts';
import { parseJson } from './parse-json.ts';
import { preparation } from './preparation.ts';
import { boundary, crop, pictureId, runId } from './schemas.ts';
import { syntheticRecipe } from './synthetic.ts';

const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const sentence = z.string().max(100_000);

/** Path of a file within a project: letters, digits, `.`, `_`, `-`, in folders. */
export const memberName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/);

/** `manifest.json`, the first file of a project: who wrote it, and what must be in it. */
export const manifestSchema = z.looseObject({
  format: z.literal('isinglass-project'),
  version: z.literal(1),
  program: z.looseObject({ name: z.string(), version: z.string() }),
  saved: z.iso.datetime(),
  members: z.record(
    memberName,
    z.union([
      // what grows is kept in parts that follow each other; an archive holds whole files
      z.object({ bytes: count, parts: z.array(z.object({ bytes: count, sha256 })) }),
      z.object({ bytes: count, sha256 }),
    ]),
  ),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** A picture of the data set by reference, or by a copy within the project. */
const picture = z.looseObject({
  id: pictureId,
  name: z.string().min(1).max(1000),
  /** What the window shows as its origin: its path, `sample`, `synthetic`, `uploaded`. */
  origin: z.string().max(40_000),
  path: z.string().max(40_000).nullable(),
  /** From the project's folder, with `/`; null where there is no such way. */
  relative: z.string().max(40_000).nullable(),
  /** The copy, for what has no lasting place of its own. */
  copy: memberName.nullable(),
  /** Which picture of its file it is, from 0; absent where that holds no other. */
  frame: count.nullish(),
  /** In an autosave: the file in the session's own folder, in place of a copy. */
  own: z.string().max(1000).nullable(),
  bytes: count.nullable(),
  sha256: sha256.nullable(),
  /** What it was drawn from; absent in older files. */
  synthetic: syntheticRecipe.nullish(),
});

export type SavedPicture = z.infer<typeof picture>;

const sourceList = atMost(mostPictures, 'sources', fittedSource);

/** Spins as they were fitted, and where they came from. */
const set = z.looseObject({
  spins: memberName,
  sources: sourceList,
  /** Its place in `sourceLists`, where `sources` is empty. */
  sourceList: count.nullish(),
  preparation: z.record(z.string(), z.unknown()),
  failures: z.array(z.object({ path: z.string(), reason: sentence })),
  warnings: z.array(sentence),
});

const run = z.looseObject({
  id: runId,
  name: z.string().min(1).max(200),
  created: z.iso.datetime(),
  state: z.enum(['preparing', 'running', 'paused', 'ended', 'stopped', 'failed']),
  options: z.looseObject({ boundary, seed: count }),
  rows: count.max(maxSpins),
  cols: count.max(maxSpins),
  images: count.max(4 * maxSpins),
  parameters: z.array(z.string().max(64)).max(1024),
  /** Null where it is not known: NaN in a run. */
  observed: z
    .array(
      z
        .number()
        .nullable()
        .transform((value) => value ?? Number.NaN),
    )
    .max(1024),
  result: fitFileSchema.omit({ trace: true }).nullable(),
  /** Place of the result's sources in `sourceLists`, where they are empty in it. */
  sourceList: count.nullish(),
  error: z
    .object({
      name: z.string(),
      message: sentence,
      advice: sentence.nullable(),
      details: sentence.nullable(),
    })
    .nullable(),
  /** Crops of single pictures, by path. */
  crops: z.record(z.string(), crop),
  /** Which of `sets` it was fitted to. */
  set: count.nullable(),
  /** rows × (1 + 3p): step, parameters, moments, their noise. */
  trace: memberName,
  /** Steps so far; of very many, the trace has only every second, fourth … */
  steps: count,
  /** What the fit goes on from; null where it has come to its end. */
  fit: z
    .looseObject({
      state: memberName,
      /** Rows of the trace that it goes on from; 0 where its state holds them, as at first. */
      rows: count.default(0),
      seconds: z.number().min(0),
    })
    .nullable(),
});

/** `project.json`: the session's whole work, but for numbers that lie in files of their own. */
export const projectSchema = z.looseObject({
  name: z.string().max(1000).nullable(),
  /** In an autosave: the project file that it belongs to. */
  file: z.string().max(40_000).nullable(),
  notes: z.string().max(1_000_000),
  pictures: atMost(mostPictures, 'pictures', picture),
  preparation,
  sets: atMost(mostRuns, 'sets of spins', set),
  runs: atMost(mostRuns, 'runs', run),
  /** What sets and results were made of, each list once; absent in older files, where each has its own. */
  sourceLists: atMost(2 * mostRuns, 'lists of sources', sourceList).default([]),
});

export type ProjectContent = z.infer<typeof projectSchema>;

/** A project that cannot be read or written; the message is a sentence. */
export class ProjectError extends Error {
  override readonly name = 'ProjectError';
}

/** Files of a project by name, `manifest.json` not among them. */
export type Members = ReadonlyMap<string, Uint8Array>;

/** A file in stretches that follow each other; one that is full never changes again. */
export type Parts = readonly Uint8Array[];

/** Files of a project to be written. */
export type NewMembers = ReadonlyMap<string, Uint8Array | Parts>;

/**
 * Reads `manifest.json`.
 *
 * @param name what to call the project in a sentence
 * @throws ProjectError if it is none, is damaged, or was written by a newer version
 */
export function parseManifest(bytes: Uint8Array, name: string): Manifest {
  const content = jsonOf(bytes, name);
  const head = z
    .looseObject({
      format: z.literal('isinglass-project'),
      version: z.int(),
      program: z.looseObject({ name: z.string(), version: z.string() }),
    })
    .safeParse(content);
  if (!head.success) throw new ProjectError(`${name} is no project of Isinglass.`);
  if (head.data.version !== 1) {
    const { program, version } = head.data;
    throw new ProjectError(
      `${name} was written by ${program.name} ${program.version} in version ${version} of the format; this program reads version 1. Open it with that program, or a newer one.`,
    );
  }
  return checked(manifestSchema, content, name);
}

/** Reads `project.json`. @throws ProjectError if it is damaged */
export function parseProject(bytes: Uint8Array, name: string): ProjectContent {
  return checked(projectSchema, jsonOf(bytes, name), name);
}

function jsonOf(bytes: Uint8Array, name: string): unknown {
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProjectError(
      `${name} is damaged: a part of it is not JSON as this program writes it (${reason}).`,
    );
  }
}

function checked<T extends z.ZodType>(schema: T, content: unknown, name: string): z.output<T> {
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  const { issues } = result.error;
  const issue = issues.find(({ code }) => code === 'too_big') ?? issues[0];
  throw new ProjectError(`${name} is damaged: ${issue.path.join('.')}: ${issue.message}.`);
}
