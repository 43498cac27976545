// Loaded before the program by --import, in every thread: after half a second the clock is set back by a day.
const back = 86_400_000;
const begun = performance.now();
const { Date: Real } = globalThis;
const now = () => Real.now() - (performance.now() - begun > 500 ? back : 0);
globalThis.Date = class extends Real {
  constructor(...given) {
    super(...(given.length > 0 ? given : [now()]));
  }
  static now = now;
};
