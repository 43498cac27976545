/** A value with what it was before and what was undone. */
export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
}

/** Changes that can be undone. */
const depth = 200;

export function historyOf<T>(present: T): History<T> {
  return { past: [], present, future: [] };
}

/**
 * A further change. One that is part of the same gesture (a drag, a held key) replaces the gesture's
 * last value, so that one undo takes back the whole gesture.
 */
export function changed<T>(history: History<T>, next: T, sameGesture: boolean): History<T> {
  if (JSON.stringify(next) === JSON.stringify(history.present)) return history;
  const past = sameGesture ? history.past : [...history.past, history.present].slice(-depth);
  return { past, present: next, future: [] };
}

export function undone<T>(history: History<T>): History<T> {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: previous,
    future: [history.present, ...history.future],
  };
}

export function redone<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future };
}
