import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { RecentEntry } from '../../shared/protocol/app.ts';
import type { Added, JobProgress, PictureInfo } from '../../shared/protocol/data.ts';
import { ExplainedError } from '../../shared/protocol/errors.ts';
import type { RestoredFit } from '../../shared/protocol/runs.ts';
import type { SyntheticOptions } from '../../shared/protocol/synthetic.ts';
import { counted, withoutName } from '../state/text.ts';
import { useHost } from './host.ts';
import { useNotices } from './notices.ts';

/** Pictures asked for at once. */
const page = 10_000;

/** A long job as it goes on, with the time it has taken. */
export interface Job extends JobProgress {
  readonly begun: number;
}

/** The pictures of the data set and the one that is looked at. */
export const useData = defineStore('data', () => {
  const host = useHost();
  const { attempt, report, tell, tellUndoable } = useNotices();
  const pictures = shallowRef<readonly PictureInfo[]>([]);
  const revision = ref(0);
  const selected = ref<number | null>(null);
  const job = ref<Job | null>(null);
  const skipped = ref<Added['failures']>([]);
  const recent = ref<RecentEntry[]>([]);
  /** Fit files that were opened with the pictures; who shows runs takes them. */
  const restored = shallowRef<readonly RestoredFit[]>([]);
  let opening: AbortController | null = null;
  let refreshing: Promise<void> | null = null;
  let stale = false;

  const current = computed(
    () => pictures.value.find(({ id }) => id === selected.value) ?? pictures.value[0] ?? null,
  );
  /** What cannot be used, and why: files that were refused, and pictures that did not decode. */
  const failures = computed(() => [
    ...skipped.value.map(({ name, reason }) => ({ name, reason: withoutName(reason, name) })),
    ...pictures.value.flatMap(({ name, origin, failure, missing }) =>
      failure === null || missing ? [] : [{ name, reason: withoutName(failure, origin, name) }],
    ),
  ]);
  /** Pictures whose files have still to be found. */
  const missing = computed(() => pictures.value.filter((picture) => picture.missing));

  /** Asks for the list again, and resolves when it is here; many calls at once are at most two rounds. */
  function refresh(): Promise<void> {
    stale = true;
    refreshing ??= attempt(list).then(() => {
      refreshing = null;
    });
    return refreshing;
  }

  async function list(): Promise<void> {
    while (stale) {
      stale = false;
      const summary = await host.data.summary();
      const all: PictureInfo[] = [];
      while (all.length < summary.pictures) {
        const part = await host.data.list({ first: all.length, count: page });
        all.push(...part.pictures);
        if (part.pictures.length === 0) break;
      }
      pictures.value = all;
      revision.value = summary.revision;
    }
  }

  /** Does something long that changes the list and that *Cancel* ends. */
  async function change<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    opening?.abort();
    const controller = new AbortController();
    opening = controller;
    const done = await attempt(() => ask(controller.signal));
    if (opening === controller) opening = null;
    await refresh();
    return done;
  }

  async function add(ask: (signal: AbortSignal) => Promise<Added | null>): Promise<void> {
    const added = await change(ask);
    recent.value = (await attempt(() => host.app.recent())) ?? recent.value;
    if (!added) return;
    skipped.value = added.failures;
    if (added.fits.length > 0) restored.value = added.fits;
    if (added.added > 0) {
      const left = added.skipped > 0 ? `; ${counted(added.skipped, 'other file')} left out` : '';
      tell(`${counted(added.added, 'picture')} added${left}.`);
    }
    if (added.stacks.length > 0) tellStacks(added.stacks);
    if (added.found > 0) tell(`${counted(added.found, 'picture')} found again.`);
  }

  /** Every picture of a stack is one of the set; whoever wants one of each file has that at hand. */
  function tellStacks(stacks: Added['stacks']): void {
    const [{ name, pictures: own }] = stacks;
    const others = stacks.flatMap(({ pictures: [, ...rest] }) => rest);
    const one = stacks.length === 1;
    tell(
      one
        ? `${name} holds ${counted(own.length, 'picture')}, and each is one of the set.`
        : `${counted(stacks.length, 'file')} hold several pictures, and each of these is one of the set.`,
      {
        label: one ? 'Keep the first only' : 'Keep the first of each',
        run: () => void remove(others),
        waits: true,
      },
    );
  }

  /** Files that were chosen or dropped, and those of folders among them, which may hold none to read. */
  async function addFiles(files: readonly File[]): Promise<void> {
    if (files.length > 0) await add((signal) => host.addFiles(files, signal));
    else {
      report(
        new ExplainedError(
          'There is no picture and no array of spins in it.',
          'Hidden files and those of other kinds are passed over.',
        ),
      );
    }
  }

  /** Opens files or a folder in which missing pictures are looked for. */
  async function find(ask: (signal: AbortSignal) => Promise<Added | null>): Promise<void> {
    await add(async (signal) => {
      const added = await ask(signal);
      if (added?.found === 0) {
        report(
          new ExplainedError(
            'None of the missing pictures is there.',
            'They are looked for by their names, in subfolders too.',
          ),
        );
      }
      return added;
    });
  }

  /** Draws synthetic sets that a file names, and does not hold, again. */
  async function redraw(): Promise<void> {
    if (!missing.value.some(({ synthetic }) => synthetic)) return;
    const redrawn = await change((signal) => host.data.redraw({}, signal));
    if (!redrawn || redrawn.drawn === 0) return;
    tell(`${counted(redrawn.drawn, 'synthetic set')} drawn again.`);
    for (const warning of redrawn.warnings) report(new ExplainedError(warning));
    for (const name of redrawn.otherwise) {
      report(
        new ExplainedError(
          `“${name}” has come out with other configurations than it had: another version of the program has drawn it.`,
          'Its J, h and size are the same. A fit to it will differ from the stored one by chance.',
        ),
      );
    }
  }

  async function remove(ids: readonly number[]): Promise<void> {
    const done = await attempt(() => host.data.remove({ pictures: [...ids] }));
    await refresh();
    if (!done) return;
    tellUndoable(`${counted(ids.length, 'picture')} removed.`, undoRemove);
  }

  /** Brings back what was removed last, if that has not been done, and shows it. */
  async function undoRemove(): Promise<void> {
    const before = new Set(pictures.value.map(({ id }) => id));
    await attempt(() => host.data.undoRemove());
    await refresh();
    const back = pictures.value.find(({ id }) => !before.has(id));
    if (back) selected.value = back.id;
  }

  /**
   * Draws a synthetic set, which takes the place of the pictures.
   *
   * @param andBack takes back, with the set, what was changed for it
   */
  async function synthesise(options: SyntheticOptions, andBack: () => void): Promise<void> {
    const replaced = pictures.value.length;
    const drawn = await change((signal) => host.data.synthetic(options, signal));
    if (!drawn) return;
    skipped.value = [];
    for (const warning of drawn.warnings) report(new ExplainedError(warning));
    const what = `${counted(options.count, 'configuration')} drawn`;
    if (replaced === 0) tell(`${what}.`);
    else {
      tellUndoable(`${what}, in the place of ${counted(replaced, 'picture')}.`, () => {
        andBack();
        void undoRemove();
      });
    }
  }

  async function clear(): Promise<void> {
    skipped.value = [];
    await remove(pictures.value.map(({ id }) => id));
  }

  /** Shows the next or previous picture. */
  function move(by: number): void {
    const at = pictures.value.findIndex(({ id }) => id === current.value?.id);
    const next = pictures.value[Math.min(pictures.value.length - 1, Math.max(0, at + by))];
    if (next) selected.value = next.id;
  }

  host.on('data.changed', () => void refresh());
  // what an earlier project could not use is none of this one's
  host.on('projects.opened', () => {
    skipped.value = [];
  });
  host.on('data.progress', (progress) => {
    const begun = job.value?.job === progress.job ? job.value.begun : performance.now();
    job.value = progress.ended ? null : { ...progress, begun };
  });

  return {
    pictures,
    revision,
    selected,
    current,
    job,
    failures,
    missing,
    recent,
    restored,
    refresh,
    redraw,
    remove,
    undoRemove,
    clear,
    move,
    openFiles: () => add((signal) => host.data.openFiles({}, signal)),
    openFolder: () => add((signal) => host.data.openFolder({}, signal)),
    openRecent: (id: string) => add((signal) => host.data.openRecent({ id }, signal)),
    addFiles,
    findMissing: (folder: boolean) =>
      find((signal) => {
        const { openFolder, openFiles } = host.data;
        return (folder ? openFolder : openFiles)({ onlyMissing: true }, signal);
      }),
    findMissingAmong: (files: readonly File[]) => find((signal) => host.addFiles(files, signal)),
    addSamples: () => add((signal) => host.data.addSamples({}, signal)),
    synthesise,
    cancel: () => opening?.abort(),
    clearRecent: () =>
      attempt(async () => {
        await host.app.clearRecent();
        recent.value = [];
      }),
    loadRecent: async () => {
      recent.value = (await attempt(() => host.app.recent())) ?? [];
    },
  };
});
