import { openHost } from './host.ts';

const host = await openHost();
const { version } = await host.app.info();
document.querySelector('#app')?.append(`Isinglass ${version}`);
