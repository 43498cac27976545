const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Answers the first Ctrl-C, or whoever else asks the program to end; a second one ends it at once.
 *
 * @returns takes the answer back
 */
export function onInterruption(answer: () => void): () => void {
  for (const signal of signals) process.once(signal, answer);
  return () => {
    for (const signal of signals) process.off(signal, answer);
  };
}
