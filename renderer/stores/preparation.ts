import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { defaultPreparation, type PreparationOptions } from '../../shared/data/image/options.ts';
import { centredRegion, type Rectangle } from '../../shared/data/image/region.ts';
import type { Preparation, PreparedSummary, Preview } from '../../shared/protocol/preparation.ts';
import { changed, historyOf, redone, undone } from '../state/history.ts';
import { useData } from './data.ts';
import { useFitOptions } from './fit-options.ts';
import { useHost } from './host.ts';
import { useNotices } from './notices.ts';
import { useSettings } from './settings.ts';

/** One lattice that the chosen picture gives. */
interface ShownLattice {
  /** Its place among them. */
  readonly at: number;
  readonly rows: number;
  readonly cols: number;
  readonly spins: Int8Array;
  readonly bondMean: number;
  readonly magnetization: number;
  /** Which it is, where there are several: tile 3 of 12. */
  readonly which: string | null;
}

/** How pictures become spins, with undo, and what the chosen picture gives. */
export const usePreparation = defineStore('preparation', () => {
  const host = useHost();
  const data = useData();
  const fit = useFitOptions();
  const settings = useSettings();
  const { attempt, report } = useNotices();
  const history = shallowRef(historyOf<Preparation>({ options: defaultPreparation, crops: {} }));
  const preview = shallowRef<Preview | null>(null);
  /** Why there is no preview. */
  const problem = ref<string | null>(null);
  const summary = shallowRef<PreparedSummary | null>(null);
  const measuring = ref(false);
  /** Size of the chosen picture in its own pixels, as soon as it is shown. */
  const source = ref({ width: 1e9, height: 1e9 });
  let gesture: string | null = null;
  let summing: AbortController | null = null;

  const present = computed(() => history.value.present);
  /** Whether the chosen picture has a crop of its own. */
  const ownCrop = computed(
    () => data.current !== null && present.value.crops[data.current.id] !== undefined,
  );
  const options = computed(() => present.value.options);
  /** The options as they apply to the chosen picture. */
  const applied = computed((): PreparationOptions => {
    const own = data.current ? present.value.crops[data.current.id] : undefined;
    return own ? { ...options.value, crop: own } : options.value;
  });

  /** What one of several lattices of the chosen picture is called. */
  const oneOf = computed(() => (data.current?.kind === 'spins' ? 'configuration' : 'tile'));
  const chosenWindow = ref(0);
  /** The one of the chosen picture's lattices that is shown. */
  const shown = computed((): ShownLattice | null => {
    if (!preview.value) return null;
    const { rows, cols, windows, spins, moments } = preview.value;
    const at = Math.min(chosenWindow.value, windows - 1);
    const [n, number] = [rows * cols, (k: number) => k.toLocaleString('en')];
    return {
      ...{ at, rows, cols, bondMean: moments[2 * at], magnetization: moments[2 * at + 1] },
      spins: spins.subarray(at * n, (at + 1) * n),
      which: windows > 1 ? `${oneOf.value} ${number(at + 1)} of ${number(windows)}` : null,
    };
  });

  /** Shows another of them, or the first again after the last. */
  function showWindow(at: number): void {
    const windows = preview.value?.windows ?? 1;
    chosenWindow.value = ((at % windows) + windows) % windows;
  }

  // what was chosen holds at once, so that keys that follow each other fast all count: a preview takes a while
  /** The part of the chosen picture that becomes spins; null where it is not known yet. */
  const region = computed((): Rectangle | null => {
    const chosen = data.current?.kind === 'picture' ? applied.value.crop : null;
    return chosen ?? preview.value?.region ?? null;
  });
  /** The grey value from which on sites are +1; null where every site has its own. */
  const threshold = computed((): number | null => {
    const chosen = options.value.threshold;
    return typeof chosen === 'number' ? chosen : (preview.value?.threshold ?? null);
  });

  /**
   * @param gestureName changes under the same name that follow each other are undone together
   */
  function set(next: Preparation, gestureName: string | null = null): void {
    const same = gestureName !== null && gestureName === gesture;
    history.value = changed(history.value, next, same);
    gesture = gestureName;
  }

  function change(changes: Partial<PreparationOptions>, gestureName: string | null = null): void {
    set({ ...present.value, options: { ...options.value, ...changes } }, gestureName);
  }

  function changeOwnCrop(crop: Rectangle | null, gestureName: string | null): void {
    if (!data.current) return;
    const { [data.current.id]: _, ...others } = present.value.crops;
    const crops = crop ? { ...others, [data.current.id]: crop } : others;
    set({ ...present.value, crops }, gestureName);
  }

  /** The chosen picture's own crop where it has one, else the one of all. */
  function changeCrop(crop: Rectangle, gestureName: string | null = null): void {
    if (ownCrop.value) changeOwnCrop(crop, gestureName);
    else change({ crop }, gestureName);
  }

  /** The largest region of the lattice's shape, in the middle of the chosen picture. */
  function resetCrop(): void {
    const { rows, cols } = preview.value ?? { rows: 1, cols: 1 };
    if (ownCrop.value) changeOwnCrop(centredRegion(source.value, rows, cols), null);
    else change({ crop: null });
  }

  /** One crop for all, or the chosen picture's own. */
  function setOwnCrop(own: boolean): void {
    changeOwnCrop(own ? region.value : null, null);
  }

  function move(step: typeof undone): void {
    gesture = null;
    history.value = step(history.value);
  }

  // the newest question is asked as soon as the last one is answered
  const looking = ref(false);
  let stale = false;
  async function look(): Promise<void> {
    stale = true;
    if (looking.value) return;
    looking.value = true;
    while (stale) {
      stale = false;
      const picture = data.current;
      if (!picture) {
        preview.value = null;
        problem.value = null;
        continue;
      }
      try {
        preview.value = await host.preparation.preview({
          picture: picture.id,
          options: applied.value,
          boundary: fit.options.boundary,
        });
        problem.value = null;
      } catch (error) {
        preview.value = null;
        problem.value = error instanceof Error ? error.message : String(error);
      }
    }
    looking.value = false;
  }

  /** b̄ and m̄ of the whole set. */
  async function measure(): Promise<void> {
    summing?.abort();
    const controller = new AbortController();
    summing = controller;
    measuring.value = true;
    try {
      await told;
      const { boundary } = fit.options;
      summary.value = await host.preparation.summary({ boundary }, controller.signal);
    } catch (error) {
      report(error);
    }
    if (summing === controller) measuring.value = false;
  }

  let told: Promise<unknown> = Promise.resolve();
  // at once, so that whoever starts a fit after a change can wait for it
  watch(
    present,
    (next) => {
      told = attempt(() => host.preparation.set(next));
      summary.value = null;
      void settings.change({ preparation: next.options });
    },
    { flush: 'sync' },
  );
  watch(
    () => data.revision,
    () => {
      summary.value = null;
    },
  );
  watch(
    [applied, () => data.current?.id, () => data.current?.missing, () => fit.options.boundary],
    () => void look(),
  );

  watch(
    () => data.current?.id,
    () => {
      chosenWindow.value = 0;
    },
  );

  async function load(): Promise<void> {
    history.value = historyOf(await host.preparation.get());
  }

  return {
    present,
    options,
    applied,
    preview,
    shown,
    oneOf,
    showWindow,
    /** Whether the preview has still to follow the last change. */
    looking,
    problem,
    summary,
    measuring,
    ownCrop,
    region,
    threshold,
    source,
    canUndo: computed(() => history.value.past.length > 0),
    canRedo: computed(() => history.value.future.length > 0),
    change,
    changeCrop,
    resetCrop,
    setOwnCrop,
    undo: () => move(undone),
    redo: () => move(redone),
    measure,
    cancelMeasuring: () => summing?.abort(),
    /** Resolves when the host knows the present preparation. */
    settled: () => told,
    load,
  };
});
