import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { CheckProgress } from '../../shared/protocol/check.ts';
import { type ErrorData, toErrorData } from '../../shared/protocol/errors.ts';
import type { RunSummary } from '../../shared/protocol/runs.ts';
import { useHost } from './host.ts';

/** How far a check is; seconds that are left of its part, null where nobody can tell yet. */
type Running = CheckProgress['progress'] & { readonly left: number | null };

/** The checks under way and those that failed, by run; a result stands with its run. */
export const useChecks = defineStore('checks', () => {
  const host = useHost();
  const running = ref<Record<string, Running>>({});
  const failed = ref<Record<string, ErrorData>>({});
  /** When the part that is under way began, and with which count. */
  const began: Record<string, { done: number; time: number }> = {};
  const controllers = new Map<string, AbortController>();

  /** @param onlyIfQuick leaves out a check that takes more than about a second */
  async function start({ id }: RunSummary, onlyIfQuick = false): Promise<void> {
    if (controllers.has(id)) return;
    const controller = new AbortController();
    controllers.set(id, controller);
    delete failed.value[id];
    if (!onlyIfQuick) running.value[id] = { phase: 'beginning', done: 0, total: null, left: null };
    try {
      await host.check.start({ run: id, onlyIfQuick }, controller.signal);
    } catch (error) {
      const data = toErrorData(error);
      if (data.name !== 'Cancelled') failed.value[id] = data;
    } finally {
      controllers.delete(id);
      delete running.value[id];
    }
  }

  host.on('check.progress', ({ run, progress }) => {
    if (!controllers.has(run)) return;
    const { phase, done, total } = progress;
    if (running.value[run]?.phase !== phase) began[run] = { done, time: performance.now() };
    const seconds = (performance.now() - began[run].time) / 1000;
    const rate = (done - began[run].done) / seconds;
    running.value[run] = {
      ...progress,
      left: total !== null && seconds > 1 && rate > 0 ? (total - done) / rate : null,
    };
  });
  // what takes a second is there when the pane is opened
  host.on('fit.ended', (run) => {
    if (run.result?.exists && !run.error) void start(run, true);
  });

  return { running, failed, start, cancel: (run: string) => controllers.get(run)?.abort() };
});
