import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PictureFile, Pictures } from '../../../shared/session/ports.ts';
import { type DecodeJob, onlyPicture } from './decode-job.ts';
import type { DecodePool } from './decode-pool.ts';
import { type Input, load } from './load.ts';
import { findSources } from './sources.ts';

/**
 * The session's way to pictures: files of this machine, decoded in a pool of threads.
 *
 * @param samples folder of the bundled textures
 */
export function nodePictures(pool: DecodePool, samples: URL): Pictures {
  const present = <T>(part: T | null): T => {
    if (part === null) throw new Error('The decoder left out what it was asked for.');
    return part;
  };
  const one = async (job: DecodeJob, signal?: AbortSignal) =>
    onlyPicture(await pool.run(job, signal));
  return {
    find: findSources,
    async samples() {
      const folder = fileURLToPath(samples);
      const names = (await readdir(folder)).filter((name) => name.endsWith('.png')).sort();
      return names.map((name) => join(folder, name));
    },
    count: async (path, signal) => (await pool.run({ path, count: true }, signal)).frames,
    decode: async ({ path, frame }, channel) =>
      present((await one({ path, frames: [frame ?? 0], channel, picture: true })).picture),
    async reduce({ path, frame }, channel, side, signal) {
      const job = { path, frames: [frame ?? 0], channel, thumbnail: side };
      const { thumbnail, width, height } = await one(job, signal);
      return { image: present(thumbnail), width, height };
    },
    prepare: async (path, options, signal) =>
      present((await one({ path, prepare: options }, signal)).prepared),
    load: (files, preparation, crops, onProgress, signal) =>
      load(byFile(files), {
        preparation,
        crops,
        pool,
        keepGoing: true,
        onProgress,
        signal,
      }),
  };
}

/** Pictures of one file that follow each other are read together. */
function byFile(pictures: readonly PictureFile[]): Input[] {
  const inputs: { path: string; frames: (number | null)[] }[] = [];
  for (const { path, frame } of pictures) {
    const last = inputs.at(-1);
    if (last?.path === path && frame !== null) last.frames.push(frame);
    else inputs.push({ path, frames: [frame] });
  }
  return inputs;
}
