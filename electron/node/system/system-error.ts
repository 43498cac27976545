import { PictureError } from '../../../shared/data/image/picture-error.ts';

const reasons: Record<string, string> = {
  EACCES: 'permission is denied',
  EPERM: 'the system does not permit it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
  ELOOP: 'its symbolic links go in circles',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
};

/** Whether the system refused; what else is thrown is a fault of the program. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** Why the system refused, as part of a sentence. */
export function systemReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}

/** The sentence about an input that the system does not let us read. */
export function readError(path: string, error: unknown): PictureError {
  const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return new PictureError(
    missing ? 'missing' : 'unreadable',
    `${path} cannot be read: ${systemReason(error)}.`,
    { cause: error },
  );
}
