import '@fontsource-variable/inter/wght.css';
import 'katex/dist/katex.min.css';
import './style/tokens.css';
import './style/base.css';
import './style/controls.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { toErrorData } from '../shared/protocol/errors.ts';
import App from './App.vue';
import { openHost } from './host.ts';
import { useFitOptions } from './stores/fit-options.ts';
import { provideHost } from './stores/host.ts';
import { loadAll } from './stores/load-all.ts';
import { useNotices } from './stores/notices.ts';
import { useSettings } from './stores/settings.ts';

const host = await openHost().catch((error: unknown) => {
  // nothing of the window works without its host: this is all there is to show
  const { message, advice } = toErrorData(error);
  const place = document.querySelector('#app');
  if (place) place.textContent = [message, advice].filter(Boolean).join(' ');
  throw error;
});
const app = createApp(App);
provideHost(app, host);
app.use(createPinia());
const notices = useNotices();
app.config.errorHandler = (error) => notices.report(error);
window.addEventListener('unhandledrejection', ({ reason }) => notices.report(reason));

// everything that the host remembers, before the window is drawn for the first time
await useSettings().load();
useFitOptions().load();
await loadAll();
app.mount('#app');
