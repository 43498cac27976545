import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { printable } from './printable.ts';

/** Largest size of one file, in bytes, and how many older ones stay beside it: 4 MiB in all. */
const largest = 2 ** 20;
const older = 3;
/** Longest entry, in characters: an error must not bring a file's content with it. */
const longest = 8000;

/**
 * A program's log: `NAME.log`, and `NAME.1.log` (the newest) to `NAME.3.log` before it. Sentences and stacks go
 * into it, never pictures, spins or parameters of requests. Entries are written at once, so that none is lost
 * when the program dies. Several processes may write to one log.
 */
export class Log {
  private failed = false;

  /** @param onProblem told once if the log cannot be written; the program goes on without it */
  constructor(
    readonly folder: string,
    private readonly name: string,
    private readonly onProblem: (error: unknown) => void,
    private readonly largestFile = largest,
  ) {}

  /** Path of the file that is written to. */
  get path(): string {
    return this.file(0);
  }

  /** @param details lines below the entry's own */
  write(level: 'info' | 'error', sentence: string, details = ''): void {
    const time = new Date().toISOString();
    const [first, ...rest] = cut(`${sentence}\n${details}`.trimEnd()).split('\n');
    const lines = [
      `${time} [${process.pid}] ${level} ${first}`,
      ...rest.map((line) => `    ${line}`),
    ];
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      this.rotate();
      appendFileSync(this.path, `${lines.join('\n')}\n`, { mode: 0o600 });
    } catch (error) {
      if (!this.failed) this.onProblem(error);
      this.failed = true;
    }
  }

  /** The last entries, as they stand in the file. */
  tail(characters: number): string {
    try {
      return readFileSync(this.path, 'utf8').slice(-characters);
    } catch {
      // there is none yet, or `write` has told why there is none
      return '';
    }
  }

  private file(k: number): string {
    return join(this.folder, k === 0 ? `${this.name}.log` : `${this.name}.${k}.log`);
  }

  private rotate(): void {
    const size = statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
    if (size < this.largestFile) return;
    rmSync(this.file(older), { force: true });
    for (let k = older; k > 0; k--) {
      // another process may have moved it on meanwhile
      if (statSync(this.file(k - 1), { throwIfNoEntry: false })) {
        renameSync(this.file(k - 1), this.file(k));
      }
    }
  }
}

/** At most `longest` characters, none of which a terminal would obey. */
function cut(text: string): string {
  return printable(text.length > longest ? `${text.slice(0, longest)} …` : text);
}
