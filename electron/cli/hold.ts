import { readFileSync, rmSync } from 'node:fs';
import { type Lock, LockedError, lock } from '../node/system/lock.ts';
import { isSystemError, systemReason } from '../node/system/system-error.ts';

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
    return releasedAtExit(file, await lock(file));
  } catch (error) {
    if (isSystemError(error)) {
      throw new Error(`${out} cannot be written: ${file}: ${systemReason(error)}.`, {
        cause: error,
      });
    }
    if (!(error instanceof LockedError)) throw error;
    throw new Error(
      error.elsewhere
        ? `Another fit on ${error.host} is writing ${out}. Choose another --out; if Isinglass no longer runs there, remove ${file}.`
        : `Another fit is writing ${out} (process ${error.pid}). Wait until it has ended, or choose another --out.`,
    );
  }
}

/** A program that is told to end, or that fails, leaves no lock behind. */
function releasedAtExit(file: string, held: Lock): Lock {
  const text = readFileSync(file, 'utf8');
  const atExit = () => {
    try {
      if (readFileSync(file, 'utf8') === text) rmSync(file);
    } catch {
      // its folder may be gone; what is left is known as stale
    }
  };
  process.once('exit', atExit);
  return {
    ...held,
    async release() {
      process.off('exit', atExit);
      await held.release();
    },
  };
}
