import { printable } from '../node/system/printable.ts';

/** Where messages for the person go; standard output belongs to results. */
const stream = process.stderr;

const barWidth = 24;
/** Between two plain lines, in milliseconds. */
const plainInterval = 5000;

/** One sentence on standard error. */
export function say(sentence: string): void {
  stream.write(`${printable(sentence)}\n`);
}

/** Progress of one long action: a bar on a terminal, a plain line now and then elsewhere. */
export class ProgressLine {
  /** When this part of the work began, what it is, and how far it was. */
  private begun = performance.now();
  private part = '';
  private from = 0;
  private last = this.begun;
  private shown = false;

  constructor(private readonly what: string) {}

  /** @param total null where nobody can know */
  update(done: number, total: number | null, note = ''): void {
    const now = performance.now();
    if (note !== this.part) {
      this.begun = now;
      this.part = note;
      this.from = done;
    }
    if (now - this.last < (stream.isTTY ? 100 : plainInterval)) return;
    this.last = now;
    const seconds = (now - this.begun) / 1000;
    const rate = (done - this.from) / seconds;
    const left = total === null ? '' : `, ${clock((total - done) / rate)} left`;
    const speed = rate > 0 ? ` · ${rate.toFixed(1)}/s${left}` : '';
    const count = total === null ? `${done}` : `${done}/${total}`;
    const text = `${count}${speed}${note && ` · ${printable(note).replaceAll('\n', ' ')}`}`;
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
