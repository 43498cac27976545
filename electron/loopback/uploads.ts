import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ExplainedError } from '../../shared/protocol/errors.ts';

/** Largest single upload and largest sum of all, in bytes. */
export interface UploadLimits {
  readonly file: number;
  readonly total: number;
}

export const uploadLimits: UploadLimits = { file: 512 * 2 ** 20, total: 8 * 2 ** 30 };

/** Longest name of a file that every file system takes, in bytes of UTF-8. */
const longestName = 240;

/** The end of a name, where its ending is. */
function endOf(name: string, bytes: number): string {
  const characters = [...name].slice(-bytes);
  while (Buffer.byteLength(characters.join('')) > bytes) characters.shift();
  return characters.join('');
}

/** Why an upload is refused. */
export class UploadError extends ExplainedError {
  override name = 'UploadError';

  constructor(
    readonly status: 400 | 408 | 413,
    message: string,
  ) {
    super(message);
  }
}

/** Files that the browser has handed over, in a folder of their own under names of our own. */
export class Uploads {
  /** Those that are complete. */
  private readonly files = new Map<string, { path: string; name: string }>();
  /** How many have begun: the number of the last. */
  private begun = 0;
  private used = 0;

  constructor(
    private readonly folder: () => string,
    private readonly limits: UploadLimits,
  ) {}

  /**
   * Writes a request's body to a file.
   *
   * @param name what the browser calls it; only its last part is kept, and only as a name
   * @returns the upload's id
   * @throws UploadError where it is too large
   */
  async receive(request: IncomingMessage, name: string): Promise<string> {
    const last =
      name
        .split(/[\\/]/)
        .at(-1)
        ?.replace(/[\p{Cc}:*?"<>|]/gu, '-') ?? '';
    const plain = endOf(last, longestName);
    if (plain === '' || /^\.+$/.test(plain)) throw new UploadError(400, 'An upload needs a name.');
    const announced = Number(request.headers['content-length'] ?? 0);
    this.checkSize(plain, announced, announced);
    const id = String(++this.begun);
    const own = await mkdtemp(join(this.folder(), 'upload-'));
    const path = join(own, plain);
    let size = 0;
    const count = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        size += chunk.length;
        this.used += chunk.length;
        try {
          this.checkSize(plain, size, 0);
          done(null, chunk);
        } catch (error) {
          done(error as Error);
        }
      },
    });
    try {
      await pipeline(request, count, createWriteStream(path, { flags: 'wx' }));
      this.files.set(id, { path, name: plain });
      return id;
    } catch (error) {
      this.used -= size;
      await rm(own, { recursive: true, force: true });
      throw error;
    }
  }

  /** Paths and names of complete uploads; ids that are none are left out. */
  find(ids: readonly string[]): { path: string; name: string }[] {
    return ids.flatMap((id) => {
      const file = this.files.get(id);
      return file ? [file] : [];
    });
  }

  private checkSize(name: string, size: number, more: number): void {
    const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
    if (size > this.limits.file) {
      throw new UploadError(
        413,
        `${name} is larger than ${megabytes(this.limits.file)} MiB, the most that can be uploaded: name its folder when starting Isinglass instead.`,
      );
    }
    if (this.used + more > this.limits.total) {
      throw new UploadError(
        413,
        `More than ${megabytes(this.limits.total)} MiB have been uploaded: name the folder when starting Isinglass instead.`,
      );
    }
  }
}
