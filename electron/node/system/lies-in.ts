import { realpath } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';

/**
 * Whether a path really lies in one of the folders, symbolic links followed on both sides.
 * What does not exist does not.
 */
export async function liesIn(path: string, folders: readonly string[]): Promise<boolean> {
  const real = await realpath(path).catch(() => null);
  if (real === null) return false;
  for (const folder of folders) {
    const root = await realpath(folder).catch(() => null);
    if (root === null) continue;
    const way = relative(root, real);
    if (!way.startsWith('..') && !isAbsolute(way)) return true;
  }
  return false;
}
