import { defineStore } from 'pinia';
import { ref } from 'vue';

export const panes = ['data', 'prepare', 'fit', 'check', 'runs'] as const;
export type Pane = (typeof panes)[number];
export type DialogName = 'synthetic' | 'settings' | 'shortcuts' | 'help' | 'left' | 'missing';

/** What the window shows. */
export const useView = defineStore('view', () => {
  const pane = ref<Pane>('data');
  const dialog = ref<DialogName | null>(null);
  /** False while the browser host does not answer. */
  const connected = ref(true);
  return { pane, dialog, connected };
});
