import type { Emit } from '../../protocol/contract.ts';
import type { JobProgress } from '../../protocol/data.ts';

/** Milliseconds between two progress events of a long job. */
const interval = 50;

/**
 * Runs long work that reports how far it is, a few times a second; the last event always arrives and
 * says that the job has ended.
 */
export async function runJob<T>(
  emit: Emit,
  job: JobProgress['job'],
  work: (report: (done: number, total: number | null, item?: string) => void) => Promise<T>,
): Promise<T> {
  let [done, total, item]: [number, number | null, string] = [0, null, ''];
  let last = Number.NEGATIVE_INFINITY;
  const tell = (ended: boolean) => emit('data.progress', { job, done, total, item, ended });
  try {
    return await work((nowDone, nowTotal, nowItem = '') => {
      [done, total, item] = [nowDone, nowTotal, nowItem];
      if (performance.now() - last < interval) return;
      last = performance.now();
      tell(false);
    });
  } finally {
    tell(true);
  }
}
