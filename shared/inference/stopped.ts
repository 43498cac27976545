/** What a fit says that somebody stopped. @param when "after 300 steps" */
export function stoppedSentence(when: string): string {
  return `The fit was stopped ${when}, before it had converged: the values are where it stood. It can go on from there.`;
}
