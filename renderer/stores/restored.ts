import { defineStore } from 'pinia';
import type { RestoredFit } from '../../shared/protocol/runs.ts';
import { counted, lastPart } from '../state/text.ts';
import { useData } from './data.ts';
import { useFit } from './fit.ts';
import { useFitOptions } from './fit-options.ts';
import { useHost } from './host.ts';
import { useNotices } from './notices.ts';
import { usePreparation } from './preparation.ts';
import { useRuns } from './runs.ts';
import { useView } from './view.ts';

/** What happens when a fit file was opened. */
export const useRestored = defineStore('restored', () => {
  const host = useHost();
  const data = useData();
  const fit = useFit();
  const fitOptions = useFitOptions();
  const preparation = usePreparation();
  const runs = useRuns();
  const view = useView();
  const { attempt, tell } = useNotices();

  async function take(fits: readonly RestoredFit[]): Promise<void> {
    const last = fits.at(-1);
    if (!last) return;
    await attempt(async () => {
      await runs.load();
      await data.refresh();
      await preparation.load();
    });
    runs.selected = last.run.id;
    view.pane = 'runs';
    fitOptions.change(last.run.options);
    await fit.show(last.run);
    await data.redraw();
    if (data.missing.length > 0) view.dialog = 'missing';
    else tellOthers(last);
  }

  /** The data set was somebody's work and stays, whatever the fit file was made from. */
  function tellOthers({ run, missing }: RestoredFit): void {
    const here = new Set(data.pictures.map(({ name }) => name));
    const others = missing.map(lastPart).filter((name) => !here.has(name));
    if (others.length === 0) return;
    tell(
      `“${run.name}” is open. The pictures of before stay; ${counted(others.length, 'picture')} of this run are not here, such as ${others[0]}.`,
    );
  }

  host.on('runs.restored', (fit) => void take([fit]));
  return { take };
});
