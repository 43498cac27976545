import { type AppInfo, defaultSettings, type Settings, settings } from '../protocol/app.ts';
import type { Handlers } from '../protocol/contract.ts';
import type { Journal, Store } from './ports.ts';
import type { Recent } from './project/recent.ts';

/** Stored settings; each that is missing or was written by another version takes its default. */
export async function loadSettings(store: Store): Promise<Settings> {
  const found = await store.read('settings');
  const values = Object.entries(settings.shape).map(([name, schema]) => {
    const value = (found as Record<string, unknown> | null)?.[name];
    return [name, schema.safeParse(value).data ?? defaultSettings[name as keyof Settings]];
  });
  return settings.parse(Object.fromEntries(values));
}

/** The requests about the program itself. */
export function appHandlers(
  info: AppInfo,
  store: Store,
  recent: Recent,
  remembered: Settings,
  journal: Journal,
): Handlers['app'] {
  let current = remembered;
  return {
    info: () => info,
    settings: () => current,
    async changeSettings(change) {
      current = { ...current, ...change };
      await store.write('settings', current);
      return current;
    },
    recent: () => recent.list(),
    clearRecent: () => recent.clear(),
    report: (error) => journal.explain(error),
  };
}
