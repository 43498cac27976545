import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { CheckProgress } from '../../shared/protocol/check.ts';
import { type ErrorData, toErrorData } from '../../shared/protocol/errors.ts';
import type { RunSummary } from '../../shared/protocol/runs.ts';
import { useHost } from './host.ts';

/** The checks under way and those that failed, by run; a result stands with its run. */
export const useChecks = defineStore('checks', () => {
  const host = useHost();
  const running = ref<Record<string, CheckProgress['progress']>>({});
  const failed = ref<Record<string, ErrorData>>({});
  const controllers = new Map<string, AbortController>();

  /** @param onlyIfQuick leaves out a check that takes more than about a second */
  async function start({ id }: RunSummary, onlyIfQuick = false): Promise<void> {
    if (controllers.has(id)) return;
    const controller = new AbortController();
    controllers.set(id, controller);
    delete failed.value[id];
    if (!onlyIfQuick) running.value[id] = { phase: 'beginning', done: 0, total: null };
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
    if (controllers.has(run)) running.value[run] = progress;
  });
  // what takes a second is there when the pane is opened
  host.on('fit.ended', (run) => {
    if (run.result?.exists && !run.error) void start(run, true);
  });

  return { running, failed, start, cancel: (run: string) => controllers.get(run)?.abort() };
});
