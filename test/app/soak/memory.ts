import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Memory in a stretch of time, in MiB: of the process, and of all threads' heaps and buffers together. */
export interface Stretch {
  readonly rss: number;
  readonly heap: number;
  readonly external: number;
}

interface Line {
  readonly time: number;
  readonly thread: number;
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

/** Has every thread of programs that are started from now on write its memory to a file. */
export function watchMemory(file: string): void {
  process.env.NODE_OPTIONS = `--import=${pathToFileURL(join(import.meta.dirname, 'watch.mjs'))}`;
  process.env.MEMORY_RECORD = file;
}

/**
 * What was in use between two times (milliseconds of `Date.now()`): the least where nothing else is asked for, since
 * the rest is what the next collection of garbage takes away.
 */
export function memoryBetween(file: string, from: number, to: number, pick = Math.min): Stretch {
  const lines = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
    .filter(({ time }) => time >= from && time <= to);
  const mebibytes = (values: readonly number[]) => pick(...values) / 2 ** 20;
  const threads = [...new Set(lines.map(({ thread }) => thread))];
  const overThreads = (part: 'heapUsed' | 'external') =>
    threads.reduce((sum, id) => {
      const own = lines.filter(({ thread }) => thread === id);
      return sum + mebibytes(own.map((line) => line[part]));
    }, 0);
  return {
    rss: mebibytes(lines.map(({ rss }) => rss)),
    heap: overThreads('heapUsed'),
    external: overThreads('external'),
  };
}

/** Prints a table row, numbers rounded. */
export function row(...cells: readonly (string | number)[]): void {
  const text = cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(0) : cell));
  process.stdout.write(`| ${text.join(' | ')} |\n`);
}
