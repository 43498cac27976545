import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { RunSummary } from '../../shared/protocol/runs.ts';
import { useHost } from './host.ts';
import { useNotices } from './notices.ts';

/** The runs of the session and the one whose result is shown. */
export const useRuns = defineStore('runs', () => {
  const host = useHost();
  const { attempt, tellUndoable } = useNotices();
  const runs = shallowRef<readonly RunSummary[]>([]);
  /** Number of changes heard of. */
  let changes = 0;
  const selected = ref<string | null>(null);

  const current = computed(
    () => runs.value.find(({ id }) => id === selected.value) ?? runs.value.at(-1) ?? null,
  );

  async function remove(run: RunSummary): Promise<void> {
    const done = await attempt(async () => {
      await host.runs.delete({ run: run.id });
      return true;
    });
    if (done) tellUndoable(`“${run.name}” deleted.`, undoRemove);
  }

  /** Brings back what was deleted last, if that has not been done. */
  function undoRemove(): void {
    void attempt(() => host.runs.undoDelete());
  }

  host.on('runs.changed', ({ order, changed }) => {
    changes++;
    const known = new Map([...runs.value, ...changed].map((run) => [run.id, run]));
    runs.value = order.flatMap((id) => known.get(id) ?? []);
  });

  return {
    runs,
    selected,
    current,
    remove,
    undoRemove,
    rename: (run: string, name: string) => attempt(() => host.runs.rename({ run, name })),
    /** The rows `first` … `last` (exclusive) of a trace, thinned to about so many. */
    trace: (run: RunSummary, points: number, first = 0, last = run.steps) =>
      host.runs.trace({ run: run.id, first, last, points }),
    /** The first of the files that the run was fitted to, and how many there are. */
    sources: (run: RunSummary) => host.runs.sources({ run: run.id, first: 0, count: 1 }),
    /** One image of the run's spins; null where they are not here. */
    image: (run: RunSummary, image: number) => host.runs.image({ run: run.id, image }),
    load: async () => {
      let heard: number;
      let all: readonly RunSummary[];
      do {
        heard = changes;
        all = await host.runs.list();
        // what was heard meanwhile may be newer than the answer, or older
      } while (heard !== changes);
      runs.value = all;
    },
  };
});
