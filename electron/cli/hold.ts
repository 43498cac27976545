import { type Lock, LockedError, lock } from '../node/lock.ts';
import { systemReason } from '../node/system-error.ts';

/**
 * Holds a fit file while it is being made: two fits at once would take each other's checkpoint away. What a killed
 * program held is taken over.
 *
 * @param out as it was asked for
 * @param place its real path, behind all links
 * @throws Error, a sentence, if another fit holds it
 */
export async function holdOutput(out: string, place: string): Promise<Lock> {
  const file = `${place}.lock`;
  try {
    return await lock(file);
  } catch (error) {
    if (!(error instanceof LockedError)) {
      throw new Error(`${out} cannot be written: ${file}: ${systemReason(error)}.`, {
        cause: error,
      });
    }
    throw new Error(
      error.elsewhere
        ? `Another fit on ${error.host} is writing ${out}. Choose another --out; if Isinglass no longer runs there, remove ${file}.`
        : `Another fit is writing ${out} (process ${error.pid}). Wait until it has ended, or choose another --out.`,
    );
  }
}
