/** Last part of a path of any system. */
export function lastPart(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}

/** Whether a file is a project, by its name. */
export function isProjectFile(path: string): boolean {
  return path.toLowerCase().endsWith('.isinglass');
}
