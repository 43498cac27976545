import { stat } from 'node:fs/promises';
import { looksReadable } from '../../../shared/data/image/format.ts';

/**
 * Whether a file that another file names, and no person, may be looked for: a picture or an array of spins by its name,
 * an ordinary file, and on no share but that of the file which names it. Asking for a share would tell its machine who
 * has opened the file, and on some systems hand over a password.
 *
 * @param namer the file that names it; null where that has no place
 */
export async function mayBeNamed(path: string, namer: string | null): Promise<boolean> {
  const share = shareOf(path);
  if (share !== null && (namer === null || share !== shareOf(namer))) return false;
  if (!looksReadable(path)) return false;
  const found = await stat(path).catch(() => null);
  return found?.isFile() ?? false;
}

/** Machine and share of a path by its first two names; null for a path of this machine. */
function shareOf(path: string): string | null {
  if (!/^[\\/]{2}/.test(path)) return null;
  const [machine = '', share = ''] = path.slice(2).split(/[\\/]+/);
  return `${machine}/${share}`.toLowerCase();
}
