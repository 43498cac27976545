/** Milliseconds between two counts. */
const tick = 100;

/**
 * As `setTimeout`, but for time in which the process was awake: what it spent suspended, with the whole machine
 * perhaps, counts as one tick. `clearInterval` takes it back.
 */
export function setAwakeTimeout(listener: () => void, milliseconds: number): NodeJS.Timeout {
  let left = Math.ceil(milliseconds / tick);
  const timer = setInterval(() => {
    if (--left > 0) return;
    clearInterval(timer);
    listener();
  }, tick);
  return timer;
}
