/** Work that pauses between two slices of some milliseconds, so that its thread can hear others. */
export type Sliced<T> = Generator<unknown, T>;

/** All slices at once. */
export function finish<T>(work: Sliced<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** All slices, with whatever else waits for this thread between two of them. */
export async function inTurns<T>(work: Sliced<T>): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 0);
    });
  }
}
