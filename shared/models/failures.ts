/** What was asked cannot be done with this lattice, model or method; the message is a sentence for a person. */
export class UnsuitableError extends RangeError {
  override readonly name = 'UnsuitableError';
}

/** Parameters beyond an exact method's arithmetic: a place that cannot be evaluated, and nobody's wrong usage. */
export class OutOfReachError extends RangeError {
  override readonly name = 'OutOfReachError';
}

/** Chains that were not seen to forget their start: what they hold is not handed out. The message says so. */
export class UnsettledError extends Error {
  override readonly name = 'UnsettledError';
}
