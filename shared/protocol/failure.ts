/** A source that could not be used, and why. */
export interface SourceFailure {
  readonly name: string;
  readonly reason: string;
}
