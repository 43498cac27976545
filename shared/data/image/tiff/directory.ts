import { PictureError } from '../picture-error.ts';

/** One directory of a TIFF file: its fields by tag, as numbers or as text, and where the next one begins. */
export interface Directory {
  readonly numbers: ReadonlyMap<number, readonly number[]>;
  readonly texts: ReadonlyMap<number, string>;
  /** 0 where this is the last. */
  readonly next: number;
}

/** Most directories that are read: a stack of a hundred thousand pages. */
const mostDirectories = 100_000;
/** Most values of one field that are read, which is a strip for every row of the largest picture. */
const mostValues = 4_000_000;

/** Bytes of a value by field type, 1 BYTE … 18 IFD8. */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
const ascii = 2;

/** Fields that this program understands; private ones of instruments and programs are passed over. */
const known = new Set([
  254, 255, 256, 257, 258, 259, 262, 266, 270, 273, 274, 277, 278, 279, 284, 292, 293, 305, 317,
  320, 322, 323, 324, 325, 330, 332, 338, 339, 347, 529, 530, 531, 532, 50674,
]);

/** Reads a TIFF or BigTIFF file's fields, of either byte order. */
export class TiffFile {
  readonly little: boolean;
  readonly big: boolean;
  readonly length: number;

  constructor(readonly view: DataView) {
    this.little = view.getUint8(0) === 0x49;
    this.big = view.getUint16(2, this.little) === 43;
    this.length = view.byteLength;
  }

  /**
   * The directories that follow each other, in their order.
   *
   * @returns `broken` where the chain leads back into itself or out of the file: those before it are whole
   * @throws RangeError if the first lies outside the file
   */
  chain(): { directories: Directory[]; broken: boolean } {
    const directories: Directory[] = [];
    const seen = new Set<number>();
    let place = this.offset(this.big ? 8 : 4);
    while (place !== 0) {
      if (seen.has(place)) return { directories, broken: true };
      if (directories.length === mostDirectories) {
        throw new PictureError(
          'tooLarge',
          `The TIFF file has more than ${mostDirectories} pages: divide it into several files.`,
        );
      }
      seen.add(place);
      try {
        const directory = this.directory(place);
        directories.push(directory);
        place = directory.next;
      } catch (error) {
        if (directories.length === 0 || !(error instanceof RangeError)) throw error;
        return { directories, broken: true };
      }
    }
    return { directories, broken: false };
  }

  /** @throws RangeError if it lies outside the file */
  directory(place: number): Directory {
    const { view, little, big } = this;
    const entries = big ? this.offset(place) : view.getUint16(place, little);
    const [first, size] = big ? [place + 8, 20] : [place + 2, 12];
    if (first + entries * size > this.length) throw new RangeError('The directory is cut off.');
    const numbers = new Map<number, readonly number[]>();
    const texts = new Map<number, string>();
    for (let k = 0; k < entries; k++) {
      const entry = first + k * size;
      const tag = view.getUint16(entry, little);
      // of a field that is there twice the first counts, as libtiff has it
      if (!known.has(tag) || numbers.has(tag)) continue;
      const type = view.getUint16(entry + 2, little);
      const bytes = typeBytes[type] ?? 0;
      const count = big ? this.offset(entry + 4) : view.getUint32(entry + 4, little);
      if (bytes === 0 || count === 0 || count > mostValues) continue;
      const inline = entry + (big ? 12 : 8);
      const start = bytes * count <= (big ? 8 : 4) ? inline : this.offset(inline);
      // a field that lies outside says nothing; the pixels of a picture without it are missed where they are needed
      if (start + bytes * count > this.length) continue;
      if (type === ascii) texts.set(tag, this.text(start, count));
      else numbers.set(tag, this.values(start, type, bytes, count));
    }
    const end = first + entries * size;
    // a last directory whose end the file has not is the last
    const next = end + (big ? 8 : 4) > this.length ? 0 : this.offset(end);
    return { numbers, texts, next };
  }

  /** A place in the file. */
  private offset(at: number): number {
    return this.big
      ? Number(this.view.getBigUint64(at, this.little))
      : this.view.getUint32(at, this.little);
  }

  private text(start: number, count: number): string {
    const bytes = new Uint8Array(this.view.buffer, this.view.byteOffset + start, count);
    return new TextDecoder('utf-8').decode(bytes).replace(/\0+$/, '');
  }

  private values(start: number, type: number, bytes: number, count: number): number[] {
    return Array.from({ length: count }, (_, k) => this.value(start + k * bytes, type, bytes));
  }

  private value(at: number, type: number, bytes: number): number {
    const { view, little } = this;
    if (type === 11) return view.getFloat32(at, little);
    if (type === 12) return view.getFloat64(at, little);
    if (type === 5) return view.getUint32(at, little) / view.getUint32(at + 4, little);
    if (type === 10) return view.getInt32(at, little) / view.getInt32(at + 4, little);
    if (bytes === 1) return view.getUint8(at);
    if (bytes === 2) return view.getUint16(at, little);
    if (bytes === 4) return view.getUint32(at, little);
    return Number(view.getBigUint64(at, little));
  }
}
