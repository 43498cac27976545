/** An error as it crosses a thread, a process or a socket: whole, as plain data. */
export interface ErrorData {
  readonly name: string;
  /** What happened and where, in one sentence. */
  readonly message: string;
  /** What a person can do about it; null where the message says it all. */
  readonly advice: string | null;
  /** For the curious (a stack, a library's own words); shown on demand only. */
  readonly details: string | null;
}

/** A failure that is explained in a sentence, with the advice beside it; crosses boundaries whole. */
export class ExplainedError extends Error {
  override name = 'ExplainedError';

  constructor(
    message: string,
    readonly advice: string | null = null,
    readonly details: string | null = null,
  ) {
    super(message);
  }
}

/** The request was taken back before it was done; nothing went wrong. */
export class Cancelled extends ExplainedError {
  override name = 'Cancelled';

  constructor() {
    super('Cancelled.');
  }
}

/** Anything that was thrown, as data. */
export function toErrorData(thrown: unknown): ErrorData {
  if (thrown instanceof ExplainedError) {
    const { name, message, advice, details } = thrown;
    return { name, message, advice, details };
  }
  if (thrown instanceof Error) {
    // an AbortSignal's own reason is a DOMException of this name
    if (thrown.name === 'AbortError') return toErrorData(new Cancelled());
    const { name, message, stack } = thrown;
    return { name, message, advice: null, details: stack ?? null };
  }
  return { name: 'Error', message: String(thrown), advice: null, details: null };
}

/** The error that the data describe, with the same name, message, advice and details. */
export function fromErrorData(data: ErrorData): ExplainedError {
  if (data.name === 'Cancelled') return new Cancelled();
  const error = new ExplainedError(data.message, data.advice, data.details);
  error.name = data.name;
  return error;
}

/** Errors whose message was written for the case that has come; all others are a fault of the program. */
const foreseen = new Set([
  'ExplainedError',
  'Cancelled',
  'PictureError',
  'ProjectError',
  'FitFileError',
  'UploadError',
  'UsageError',
  'UnsuitableError',
  'OutOfReachError',
  'UnsettledError',
]);

/**
 * Whether somebody thought of this error and wrote a sentence for it. A RangeError is one where it ends with a
 * full stop, which the engine's own words ("Invalid array length") never do.
 */
export function isForeseen({ name, message }: Pick<ErrorData, 'name' | 'message'>): boolean {
  return foreseen.has(name) || (name === 'RangeError' && message.endsWith('.'));
}
