import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pictures } from '../../../shared/session/ports.ts';
import { type DecodeJob, onlyPicture } from './decode-job.ts';
import type { DecodePool } from './decode-pool.ts';
import { load } from './load.ts';
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
    decode: async (path) => present((await one({ path, picture: true })).picture),
    async reduce(path, side, signal) {
      const { thumbnail, width, height } = await one({ path, thumbnail: side }, signal);
      return { image: present(thumbnail), width, height };
    },
    prepare: async (path, options, signal) =>
      present((await one({ path, prepare: options }, signal)).prepared),
    load: (files, preparation, crops, onProgress, signal) =>
      load(files, {
        preparation,
        frames: 'first',
        crops,
        pool,
        keepGoing: true,
        onProgress,
        signal,
      }),
  };
}
