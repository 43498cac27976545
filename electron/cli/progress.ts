/** Where messages for the person go; standard output belongs to results. */
const stream = process.stderr;

const barWidth = 24;
/** Between two plain lines, in milliseconds. */
const plainInterval = 5000;

/** One sentence on standard error. */
export function say(sentence: string): void {
  stream.write(`${sentence}\n`);
}

/** Progress of one long action: a bar on a terminal, a plain line now and then elsewhere. */
export class ProgressLine {
  private readonly begun = performance.now();
  private last = this.begun;
  private shown = false;

  constructor(private readonly what: string) {}

  /** @param total null where nobody can know */
  update(done: number, total: number | null, note = ''): void {
    const now = performance.now();
    if (now - this.last < (stream.isTTY ? 100 : plainInterval)) return;
    this.last = now;
    const seconds = (now - this.begun) / 1000;
    const left =
      total !== null && done > 0 ? `, ${clock((seconds * (total - done)) / done)} left` : '';
    const count = total === null ? `${done}` : `${done}/${total}`;
    const text = `${count} · ${(done / seconds).toFixed(1)}/s${left}${note && ` · ${note}`}`;
    if (!stream.isTTY) {
      stream.write(`${this.what}: ${text}\n`);
      return;
    }
    const filled = total === null ? 0 : Math.round((barWidth * done) / Math.max(total, 1));
    const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
    stream.write(`\r\x1b[2K${this.what} ${bar} ${text}`.slice(0, (stream.columns ?? 80) + 4));
    this.shown = true;
  }

  /** Leaves the terminal's line clean. */
  end(): void {
    if (this.shown) stream.write('\r\x1b[2K');
  }
}

function clock(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
