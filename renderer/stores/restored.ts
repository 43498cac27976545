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
    if (last.missing.length > 0) {
      const [first] = last.missing;
      tell(
        `“${last.run.name}” is open. ${counted(last.missing.length, 'picture')} could not be found where they were, such as ${lastPart(first)}: open them to fit again.`,
      );
    }
  }

  host.on('runs.restored', (fit) => void take([fit]));
  return { take };
});
