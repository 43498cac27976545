// Stands in a copy of the bundle in the place of the fit's worker, and does to its thread, once, what FAULT says.
import { existsSync, writeFileSync } from 'node:fs';

const faults = {
  throws: () => {
    throw new TypeError('A fault was put in here.');
  },
  exits: () => process.exit(3),
  hangs: () => {
    for (;;);
  },
  'takes all memory': () => {
    for (const hoard = []; ; ) hoard.push(Array.from({ length: 1e5 }, (_, k) => ({ k })));
  },
};
const { FAULT, FAULT_DONE } = process.env;
if (!existsSync(FAULT_DONE)) {
  setTimeout(() => {
    writeFileSync(FAULT_DONE, '');
    faults[FAULT]();
  }, 1500);
}
await import(new URL('real-fit-worker.js', import.meta.url).href);
