import { useData } from './data.ts';
import { useFit } from './fit.ts';
import { usePreparation } from './preparation.ts';
import { useProject } from './project.ts';
import { useRuns } from './runs.ts';

/** Asks for everything that lives in the host: at the start, and when a lost connection is back. */
export async function loadAll(): Promise<void> {
  await Promise.all([
    useData().refresh(),
    useData().loadRecent(),
    usePreparation().load(),
    useRuns().load(),
    useProject().load(),
  ]);
  await useFit().load();
}
