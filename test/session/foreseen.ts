import { expect } from 'vitest';
import { isForeseen, toErrorData } from '../../shared/protocol/errors.ts';

interface Foreseen<R> {
  /** That an error was written for the case that has come, and is no fault of the program. */
  toBeForeseen(): R;
}

declare module 'vitest' {
  interface Assertion<T> extends Foreseen<T> {}
}

expect.extend({
  toBeForeseen(thrown: unknown) {
    const error = toErrorData(thrown);
    return {
      pass: isForeseen(error),
      message: () => `${error.name}: ${error.message} is no error that somebody foresaw.`,
    };
  },
});
