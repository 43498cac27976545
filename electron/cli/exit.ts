/** Exit codes that scripts rely on. */
export const exitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  unreadable: 3,
  noEstimate: 4,
  notConverged: 5,
} as const;

/** Wrong usage: the message names the option and what it takes. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
