import { defineStore } from 'pinia';
import { computed, markRaw, ref, shallowRef, watch } from 'vue';
import type { FitOptions } from '../../shared/inference/options.ts';
import { isFieldName } from '../../shared/models/names.ts';
import type { FitProgress } from '../../shared/protocol/fit.ts';
import type { Frame } from '../../shared/protocol/frame.ts';
import type { FittedSource, RunSummary } from '../../shared/protocol/runs.ts';
import { TraceTable } from '../charts/trace-table.ts';
import { comesFromOthers } from '../state/staleness.ts';
import { useData } from './data.ts';
import { useFitOptions } from './fit-options.ts';
import { useHost } from './host.ts';
import { useNotices } from './notices.ts';
import { usePreparation } from './preparation.ts';
import { useRuns } from './runs.ts';
import { useView } from './view.ts';

/** Rows of a trace that the window asks for where it has missed some: every one that the host has. */
const mostRows = 1_000_000;

/** The fit under way, or the last one: its state, trace and picture. */
export const useFit = defineStore('fit', () => {
  const host = useHost();
  const data = useData();
  const fitOptions = useFitOptions();
  const preparation = usePreparation();
  const runs = useRuns();
  const view = useView();
  const { attempt } = useNotices();
  const run = shallowRef<RunSummary | null>(null);
  const progress = shallowRef<FitProgress['progress'] | null>(null);
  const frame = shallowRef<Frame | null>(null);
  /** Changes with every change of `table`, which is too large to be watched. */
  const tick = ref(0);
  const table = shallowRef(markRaw(new TraceTable([])));
  /** Steps of the host's trace that the table stands for. */
  let seen = 0;
  /** The run whose missed rows are on their way. */
  let catchingUp: string | null = null;
  /** When the rate was last taken, and from which row. */
  let rateMark = { time: 0, rows: 0 };
  const stepsPerSecond = ref(0);

  /** The files that the run which is shown was fitted to; null without a result, and until the host has told. */
  const sources = shallowRef<readonly FittedSource[] | null>(null);

  /** Whether the run that is shown comes from other pictures, or another preparation; null while that is not known. */
  const isOfOthers = computed(() =>
    run.value?.result
      ? sources.value &&
        comesFromOthers(run.value.result.data, sources.value, data.pictures, preparation.present)
      : null,
  );

  const active = computed(() =>
    ['preparing', 'running', 'paused'].includes(run.value?.state ?? ''),
  );
  const paused = computed(() => run.value?.state === 'paused');

  function begin(next: RunSummary): void {
    run.value = next;
    table.value = markRaw(new TraceTable(next.observed, next.parameters.findIndex(isFieldName)));
    seen = 0;
    frame.value = null;
    progress.value = null;
    rateMark = { time: performance.now(), rows: 0 };
    stepsPerSecond.value = 0;
    tick.value++;
  }

  /** Takes the rows that the window has missed. */
  async function catchUp(id: string): Promise<void> {
    if (catchingUp === id) return;
    catchingUp = id;
    const first = seen;
    await attempt(async () => {
      const span = { first, last: Number.MAX_SAFE_INTEGER, points: mostRows };
      const part = await host.runs.trace({ run: id, ...span });
      // another run is shown by now, or the rows are here already
      if (run.value?.id !== id || seen !== first) return;
      if (part.rows.length % table.value.width !== 0) return;
      table.value.append(part.rows);
      seen = part.total;
      tick.value++;
    });
    if (catchingUp === id) catchingUp = null;
  }

  function hear(event: FitProgress): void {
    if (run.value?.id !== event.run.id || table.value.width !== 1 + 3 * event.run.observed.length) {
      begin(event.run);
    }
    run.value = event.run;
    progress.value = event.progress;
    if (event.frame) frame.value = event.frame;
    if (event.firstRow === seen) {
      table.value.append(event.rows);
      seen += event.rows.length / table.value.width;
    } else if (event.firstRow > seen) void catchUp(event.run.id);
    const now = performance.now();
    if (now - rateMark.time > 1000) {
      const rows = event.run.steps;
      stepsPerSecond.value = ((rows - rateMark.rows) * 1000) / (now - rateMark.time);
      rateMark = { time: now, rows };
    }
    tick.value++;
  }

  async function start(startPaused = false): Promise<void> {
    view.pane = 'fit';
    await attempt(async () => {
      await preparation.settled();
      const { options, threads } = fitOptions;
      const stepsPerSecond = paceOf(options);
      const started = await host.fit.start({
        options,
        paused: startPaused,
        threads,
        stepsPerSecond,
      });
      if (run.value?.id !== started.id) begin(started);
    });
  }

  /** Starts, pauses or resumes, whichever is next. */
  async function startOrPause(): Promise<void> {
    if (!active.value) await start();
    else await attempt(() => (paused.value ? host.fit.resume() : host.fit.pause()));
  }

  /** One step of a paused fit; begins one where there is none. */
  async function step(): Promise<void> {
    if (!active.value) await start(true);
    else await attempt(() => host.fit.step());
  }

  /** Ends the fit and deletes its run; one that has ended is put out of sight. */
  async function reset(): Promise<void> {
    const done = await attempt(async () => {
      if (active.value) await host.fit.reset();
      return true;
    });
    if (done) forget();
  }

  watch(
    () => (run.value?.result ? run.value.id : null),
    async (id) => {
      sources.value = null;
      if (id === null) return;
      const all = await attempt(() => host.runs.sources({ run: id, first: 0, count: mostRows }));
      if (all && run.value?.id === id) sources.value = all.sources;
    },
  );

  // a run may get another name, and goes when it is deleted or another project takes the place of its own
  watch(
    () => runs.runs,
    (all) => {
      const shown = run.value;
      if (!shown) return;
      const now = all.find(({ id }) => id === shown.id);
      if (now) run.value = now;
      else forget();
    },
  );

  /** Shows no run any more. */
  function forget(): void {
    run.value = null;
    frame.value = null;
    table.value = markRaw(new TraceTable([]));
    tick.value++;
  }

  /** Goes on with a run that was stopped, or failed. */
  async function goOn(stopped: RunSummary): Promise<void> {
    view.pane = 'fit';
    const stepsPerSecond = paceOf(stopped.options);
    await attempt(async () => begin(await host.fit.goOn({ run: stopped.id, stepsPerSecond })));
  }

  /** Slow motion is for eq. (4) alone. */
  const paceOf = ({ method }: FitOptions) =>
    method === 'gradient' ? fitOptions.stepsPerSecond : null;

  /** Slow motion, before or during a fit; null runs as fast as it can. */
  function pace(stepsPerSecond: number | null): void {
    fitOptions.stepsPerSecond = stepsPerSecond;
    if (active.value) void attempt(() => host.fit.adjust({ stepsPerSecond }));
  }

  /** α, now and for the next fit. */
  function changeAlpha(alpha: readonly number[]): void {
    fitOptions.changeGradient({ alpha });
    if (active.value) void attempt(() => host.fit.adjust({ alpha: [...alpha] }));
  }

  function changeSweeps(sweepsPerStep: number): void {
    fitOptions.changeGradient({ sweepsPerStep });
    if (active.value) void attempt(() => host.fit.adjust({ sweepsPerStep }));
  }

  /** Shows a run of the table as the fit that is looked at. */
  async function show(shown: RunSummary): Promise<void> {
    if (active.value) return;
    begin(shown);
    await catchUp(shown.id);
  }

  host.on('fit.progress', hear);
  host.on('fit.ended', (ended) => {
    if (run.value?.id !== ended.id) return;
    run.value = ended;
    runs.selected = ended.id;
    tick.value++;
  });

  async function load(): Promise<void> {
    const current = await host.fit.current();
    // what ended while nobody listened stands in the table of runs; a new page shows the last one
    const shown = run.value;
    const known =
      current ?? (shown ? runs.runs.find(({ id }) => id === shown.id) : runs.runs.at(-1)) ?? null;
    if (!known) return;
    begin(known);
    if (!current && !shown) fitOptions.change({ seed: known.options.seed });
    if (current) {
      // its settings are what the window shows, its seed among them
      fitOptions.change(current.options);
      fitOptions.stepsPerSecond = await host.fit.pace();
    }
    await catchUp(known.id);
  }

  return {
    isOfOthers,
    run,
    progress,
    frame,
    table,
    tick,
    stepsPerSecond,
    active,
    paused,
    start,
    startOrPause,
    step,
    stop: () => attempt(() => host.fit.stop()),
    reset,
    goOn,
    pace,
    changeAlpha,
    changeSweeps,
    show,
    load,
  };
});
