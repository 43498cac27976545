import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watchEffect } from 'vue';
import { type AppInfo, defaultSettings, type Settings } from '../../shared/protocol/app.ts';
import { useHost } from './host.ts';
import { useNotices } from './notices.ts';

/** What is remembered from one start to the next, and what the host is. */
export const useSettings = defineStore('settings', () => {
  const host = useHost();
  const { attempt } = useNotices();
  const settings = shallowRef<Settings>(defaultSettings);
  const info = ref<AppInfo>({ version: '', host: 'browser', pdf: false, threads: 1, logs: '' });

  const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
  const systemTheme = ref(systemIsDark.matches ? 'dark' : 'light');
  systemIsDark.addEventListener('change', ({ matches }) => {
    systemTheme.value = matches ? 'dark' : 'light';
  });
  /** The theme that is shown: `light` or `dark`. */
  const theme = computed(() =>
    settings.value.theme === 'system' ? systemTheme.value : settings.value.theme,
  );
  watchEffect(() => {
    document.documentElement.dataset.theme = theme.value;
  });

  async function load(): Promise<void> {
    const [loaded, about] = await Promise.all([host.app.settings(), host.app.info()]);
    settings.value = loaded;
    info.value = about;
  }

  async function change(changes: Partial<Settings>): Promise<void> {
    settings.value = { ...settings.value, ...changes };
    await attempt(() => host.app.changeSettings(changes));
  }

  return { settings, info, theme, load, change };
});
