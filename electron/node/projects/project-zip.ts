import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { fromBufferPromise } from 'yauzl';
import { ZipFile } from 'yazl';
import { mostJsonBytes, mostMembers, mostProjectBytes } from '../../../shared/protocol/limits.ts';
import {
  type Manifest,
  type Members,
  type NewMembers,
  ProjectError,
  parseManifest,
} from '../../../shared/protocol/project-file.ts';
import { joined, manifestName, manifestOf, verify } from './project-manifest.ts';

/** A bomb grows faster than anything that was drawn. */
const freeBytes = 2 ** 26;
/** Files below this are compressed however much they shrink. */
const smallBytes = 2 ** 16;
const largestRatio = 32;

/** A project as one zip archive. @param compressed takes longer, and less room */
export async function packProject(
  members: NewMembers,
  compressed = true,
): Promise<Buffer<ArrayBuffer>> {
  const zip = new ZipFile();
  const whole = joined(members);
  const manifest: Manifest = manifestOf(whole);
  zip.addBuffer(Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`), manifestName);
  for (const [name, bytes] of whole) {
    // what shrinks too much would be taken for a bomb
    const shrinks = bytes.length < smallBytes || !isMonotonous(bytes);
    zip.addBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), name, {
      compress: compressed && shrinks,
    });
  }
  zip.end();
  return buffer(zip.outputStream) as Promise<Buffer<ArrayBuffer>>;
}

/**
 * The files of a project, as its manifest names them.
 *
 * @param title what to call it in a sentence
 * @throws ProjectError if it is none, or damaged, or grows out of all proportion
 */
export async function unpackProject(bytes: Buffer, title: string): Promise<Members> {
  if (bytes.length > mostProjectBytes)
    throw new ProjectError(`${title} is too large: more than 2 GiB.`);
  try {
    return await verify(await unzip(bytes, title), title);
  } catch (error) {
    if (error instanceof ProjectError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProjectError(`${title} is no project of Isinglass, or damaged (${reason}).`, {
      cause: error,
    });
  }
}

async function unzip(bytes: Buffer, title: string): Promise<Map<string, Uint8Array>> {
  // file names that lead out of a folder are refused by yauzl itself
  const zip = await fromBufferPromise(bytes, { strictFileNames: true });
  if (zip.entryCount > mostMembers + 1) {
    throw new ProjectError(
      `${title} was not opened: it holds more than ${mostMembers.toLocaleString('en')} files.`,
    );
  }
  const allowed = Math.min(mostProjectBytes, freeBytes + largestRatio * bytes.length);
  const found = new Map<string, Uint8Array>();
  let manifest: Manifest | null = null;
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    // what a tool has added, folders among it, is not ours
    if (entry.fileName.endsWith('/')) continue;
    if (manifest && !Object.hasOwn(manifest.members, entry.fileName)) continue;
    total += entry.uncompressedSize;
    if (total > allowed) {
      throw new ProjectError(
        `${title} was not opened: its content would have more than ${Math.round(total / 2 ** 20)} MiB, out of all proportion to the file's ${Math.ceil(bytes.length / 1024)} KiB.`,
      );
    }
    if (entry.fileName.endsWith('.json') && entry.uncompressedSize > mostJsonBytes) {
      throw new ProjectError(
        `${title} was not opened: ${entry.fileName} in it has more than ${mostJsonBytes / 2 ** 20} MiB.`,
      );
    }
    if (entry.isEncrypted()) throw new ProjectError(`${title} is encrypted.`);
    if (found.has(entry.fileName)) {
      throw new ProjectError(`${title} is damaged: it holds ${entry.fileName} twice.`);
    }
    // yauzl stops the stream at the size that was declared
    const content = await buffer(await zip.openReadStreamPromise(entry));
    if (crc32(content) !== entry.crc32) {
      throw new ProjectError(
        `${title} is damaged: ${entry.fileName} in it is not as it was written.`,
      );
    }
    found.set(entry.fileName, content);
    if (entry.fileName === manifestName) manifest = parseManifest(content, title);
  }
  return found;
}

/** Whether a sample of the bytes takes few values in long stretches. */
function isMonotonous(bytes: Uint8Array): boolean {
  let changes = 0;
  const stride = Math.max(1, Math.floor(bytes.length / 4096));
  for (let k = stride; k < bytes.length; k += stride) if (bytes[k] !== bytes[k - 1]) changes++;
  return changes < 256;
}
