// Stands in a copy of the bundle in the place of the fit's worker, and does to its thread what FAULT says: once after
// 1.5 s, or FAULT_TIMES times at some moment before that. What was done is counted in the file FAULT_DONE.
import { appendFileSync, existsSync, statSync } from 'node:fs';

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
const { FAULT, FAULT_DONE, FAULT_TIMES = '1' } = process.env;
const done = existsSync(FAULT_DONE) ? statSync(FAULT_DONE).size : 0;
if (done < Number(FAULT_TIMES)) {
  const delay = FAULT_TIMES === '1' ? 1500 : 1500 * Math.random();
  setTimeout(() => {
    appendFileSync(FAULT_DONE, '.');
    faults[FAULT]();
  }, delay);
}
await import(new URL('real-fit-worker.js', import.meta.url).href);
