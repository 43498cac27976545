/** A prior as fit files have it, in words: "1 on J, 1 on h/n". */
export function priorWidths(prior: Readonly<Record<string, number>>): string {
  return Object.entries(prior)
    .map(([name, width]) => `${width} on ${name === 'hPerSite' ? 'h/n' : name}`)
    .join(', ');
}
