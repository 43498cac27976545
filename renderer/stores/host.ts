import { type App, type InjectionKey, inject } from 'vue';
import type { Host } from '../../shared/protocol/client.ts';

const key: InjectionKey<Host<File>> = Symbol('host');

export function provideHost(app: App, host: Host<File>): void {
  app.provide(key, host);
}

/** The host of this window, for stores. */
export function useHost(): Host<File> {
  const host = inject(key);
  if (!host) throw new Error('The host must be provided before the stores are used.');
  return host;
}
