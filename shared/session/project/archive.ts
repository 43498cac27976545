import { Trace } from '../../inference/trace.ts';
import type { FitFile } from '../../protocol/fit-file.ts';
import { isFitState } from '../../protocol/fit-state.ts';
import { parseJson } from '../../protocol/parse-json.ts';
import type { Preparation } from '../../protocol/preparation.ts';
import {
  type Members,
  type NewMembers,
  type Parts,
  type ProjectContent,
  ProjectError,
  parseProject,
  type SavedPicture,
} from '../../protocol/project-file.ts';
import { preparationOptions } from '../../protocol/schemas.ts';
import type { LoadedSet } from '../ports.ts';
import { readFitOptions } from '../runs/fit-options.ts';
import { takeApart, wholeResult } from '../runs/fit-result.ts';
import type { FitState, Run } from '../runs/run-table.ts';
import { fromJson, toJson } from './plain-state.ts';
import { SourceLists } from './source-lists.ts';
import { npyHead, readTypedNpy, type TypedArray } from './typed-arrays.ts';

/** A session's work as it is saved. */
export interface Project {
  readonly name: string | null;
  readonly file: string | null;
  readonly notes: string;
  readonly pictures: readonly SavedPicture[];
  readonly preparation: Preparation;
  readonly runs: readonly Run[];
}

/** A project that was read, with the pictures that it holds. */
export interface ReadProject extends Project {
  readonly copies: Members;
}

/** Of a run without an estimate. */
const without = { result: null, sources: [] };

export const contentName = 'project.json';

/**
 * Writes projects. Arrays are written as they lie in memory, without a copy, and what has not changed since the last
 * time is not written anew.
 */
export class ProjectWriter {
  /** An array's bytes are one object as long as it lives, since hashes are known by that. */
  private readonly bytes = new WeakMap<TypedArray, Uint8Array>();
  private readonly sources = new SourceLists();

  /** @param copies files of pictures that the project shall hold, by their member names */
  write(project: Project, copies: Members = new Map()): NewMembers {
    const members = new Map<string, Uint8Array | Parts>(copies);
    const names = new Map<TypedArray, string>();
    const store = (array: TypedArray, name: string, shape: readonly number[] = [array.length]) => {
      const known = names.get(array);
      if (known !== undefined) return known;
      names.set(array, name);
      members.set(name, [npyHead(array, shape), this.bytesOf(array)]);
      return name;
    };
    const json = (value: unknown) =>
      new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`);

    // runs of one preparation share their spins
    const sets = [...new Set(project.runs.flatMap(({ set }) => set ?? []))];
    const { lists: sourceLists, place } = this.sources.gather();
    const savedSets = sets.map(({ data, sources, ...set }, k) => ({
      ...set,
      sources: [],
      sourceList: place(sources),
      spins: store(data.spins, `spins/${k + 1}.npy`, [data.images, data.rows, data.cols]),
    }));
    const runs = project.runs.map((run) => {
      const { id } = run.summary;
      const { continuable: _, ...summary } = run.summary;
      const steps = run.trace.length;
      const trace = `runs/${id}/trace.npy`;
      members.set(trace, this.traceParts(run.trace));
      const fit = run.fit && {
        state: `runs/${id}/state.json`,
        rows: run.fit.rows,
        seconds: run.fit.seconds,
      };
      if (fit && run.fit) {
        members.set(fit.state, json(toJson(run.fit.snapshot, `runs/${id}/state`, store)));
      }
      const set = run.set && sets.indexOf(run.set);
      const result = wholeResult({ ...run, sources: [] });
      const sourceList = result && place(run.sources);
      return { ...summary, result, sourceList, steps, crops: run.crops, set, trace, fit };
    });
    const { name, file, notes, pictures, preparation } = project;
    const content = {
      name,
      file,
      notes,
      pictures,
      preparation,
      sets: savedSets,
      runs,
      sourceLists,
    };
    return new Map([[contentName, json(content)], ...members]);
  }

  private traceParts(trace: Trace): Parts {
    const parts = trace.parts();
    const shape = [trace.rows, 1 + 3 * trace.p];
    return [npyHead(new Float64Array(0), shape), ...parts.map((part) => this.bytesOf(part))];
  }

  private bytesOf(array: TypedArray): Uint8Array {
    const known = this.bytes.get(array);
    if (known) return known;
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    this.bytes.set(array, bytes);
    return bytes;
  }
}

/**
 * A saved project.
 *
 * @param title what to call it in a sentence
 * @throws ProjectError if anything in it does not fit together
 */
export function readProject(members: Members, title: string): ReadProject {
  const read = (name: string) => {
    const member = members.get(name);
    if (!member) throw new ProjectError(`${title} is damaged: ${name} is missing in it.`);
    return member;
  };
  const content = parseProject(read(contentName), title);
  try {
    const copies = content.pictures.flatMap(({ copy }) => copy ?? []);
    return { ...restore(content, read), copies: new Map(copies.map((name) => [name, read(name)])) };
  } catch (error) {
    if (error instanceof ProjectError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProjectError(`${title} is damaged: ${reason}`);
  }
}

function restore(content: ProjectContent, read: (name: string) => Uint8Array): Project {
  const listAt = (place: number | null | undefined) => {
    if (place === null || place === undefined) return null;
    const list = content.sourceLists[place];
    if (!list) throw new TypeError(`sourceLists.${place} is missing.`);
    return list;
  };
  const sets = content.sets.map(({ spins, preparation, ...set }): LoadedSet => {
    const { array, shape } = readTypedNpy(read(spins));
    const [images, rows, cols] = shape;
    const valid = array instanceof Int8Array && shape.length === 3 && array.length > 0;
    if (!valid || !array.every((spin) => spin === 1 || spin === -1)) {
      throw new TypeError(`${spins} holds no spins.`);
    }
    return {
      data: { rows, cols, images, spins: array },
      sources: listAt(set.sourceList) ?? set.sources,
      preparation: preparationOptions.parse(preparation),
      failures: set.failures,
      warnings: set.warnings,
    };
  });
  const ids = new Set<string>();
  const runs = content.runs.map((saved): Run => {
    const { set, trace: traceName, fit, crops, id } = saved;
    if (ids.has(id)) throw new TypeError(`two runs are called ${id}.`);
    ids.add(id);
    if (set !== null && !sets[set]) throw new TypeError(`${saved.name} was fitted to no set.`);
    if (set !== null && saved.images > 0 && !isOf(sets[set], saved)) {
      throw new TypeError(`${saved.name} was fitted to another set.`);
    }
    const p = saved.parameters.length;
    const { array } = readTypedNpy(read(traceName));
    if (!(array instanceof Float64Array) || array.length % (1 + 3 * p) !== 0) {
      throw new TypeError(`${traceName} holds no trace.`);
    }
    const trace = Trace.from(p, array, saved.steps);
    if (trace.length !== saved.steps) {
      throw new TypeError(`${traceName} is not the trace of ${saved.steps} steps.`);
    }
    const { name, created, state, rows, cols, images, parameters, observed, error } = saved;
    const options = readFitOptions(saved.options);
    const { result, sources: own } = saved.result ? takeApart(saved.result as FitFile) : without;
    const sources = listAt(saved.sourceList) ?? own;
    const goesOn = fit && readState(fit, saved, read);
    if (goesOn && goesOn.rows > trace.length) {
      throw new TypeError(`the trace of ${saved.name} is shorter than its state.`);
    }
    return {
      summary: {
        ...{ id, name, created, state, options, rows, cols, images, parameters, observed },
        ...{ steps: trace.length, result, error, continuable: goesOn !== null },
      },
      trace,
      sources,
      crops,
      set: set === null ? null : sets[set],
      fit: goesOn,
    };
  });
  const { name, file, notes, pictures, preparation } = content;
  return { name, file, notes, pictures, preparation, runs };
}

function isOf(
  { data }: LoadedSet,
  { rows, cols, images }: ProjectContent['runs'][number],
): boolean {
  return data.rows === rows && data.cols === cols && data.images === images;
}

function readState(
  { state, rows, seconds }: { state: string; rows: number; seconds: number },
  { parameters, rows: height, cols }: ProjectContent['runs'][number],
  read: (name: string) => Uint8Array,
): FitState {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(read(state));
  const snapshot = fromJson(parseJson(text), read);
  if (!isFitState(snapshot, parameters.length, height * cols))
    throw new TypeError(`${state} holds no state of a fit.`);
  return { snapshot, rows, seconds };
}
