import { PictureError } from '../image/picture-error.ts';
import { type ArraySpins, checkShape, spinsFromValues } from './array-spins.ts';
import { latinText } from './latin-text.ts';

type Getter = (view: DataView, offset: number, little: boolean) => number;

/** Element types by NumPy's kind and size in bytes; every other one is refused. */
const elements: Record<string, Getter> = {
  b1: (view, k) => view.getUint8(k),
  i1: (view, k) => view.getInt8(k),
  u1: (view, k) => view.getUint8(k),
  i2: (view, k, little) => view.getInt16(k, little),
  u2: (view, k, little) => view.getUint16(k, little),
  i4: (view, k, little) => view.getInt32(k, little),
  u4: (view, k, little) => view.getUint32(k, little),
  i8: (view, k, little) => Number(view.getBigInt64(k, little)),
  u8: (view, k, little) => Number(view.getBigUint64(k, little)),
  f2: (view, k, little) => half(view.getUint16(k, little)),
  f4: (view, k, little) => view.getFloat32(k, little),
  f8: (view, k, little) => view.getFloat64(k, little),
};

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Spins of a NumPy file: shape (rows, cols) or (M, rows, cols), C or Fortran order, booleans, integers or
 * floats of either byte order, with values {−1, 1}, {0, 1} or {0, 255}.
 *
 * Source: NumPy Enhancement Proposal 1 and numpy.lib.format, versions 1.0 … 3.0.
 *
 * @throws PictureError naming the first thing that does not fit
 */
export function readNpy(bytes: Uint8Array): ArraySpins {
  const { kind, little, fortran, shape, data } = readNpyHeader(bytes);
  const get = elements[kind];
  const size = Number(kind.slice(1));
  if (shape.length !== 2 && shape.length !== 3) {
    throw new PictureError(
      'unsupported',
      `The NumPy array has shape (${shape.join(', ')}): (rows, cols) or (M, rows, cols) is needed.`,
    );
  }
  const [windows, rows, cols] = shape.length === 2 ? [1, ...shape] : shape;
  checkShape(windows, rows, cols);
  const expected = windows * rows * cols * size;
  if (data.byteLength !== expected) {
    const promise = `The header promises ${expected} bytes of values for shape (${shape.join(', ')}), and ${data.byteLength} follow`;
    throw data.byteLength < expected
      ? new PictureError('corrupt', `${promise}: the file is truncated or damaged.`)
      : new PictureError('unsupported', `${promise}: save one array to each file.`);
  }
  // Fortran order: the first index runs fastest
  const place = (k: number) => {
    const col = k % cols;
    const row = Math.floor(k / cols) % rows;
    const window = Math.floor(k / (rows * cols));
    return window + windows * (row + rows * col);
  };
  return spinsFromValues(windows, rows, cols, (k) =>
    get(data, (fortran ? place(k) : k) * size, little),
  );
}

/** What a NumPy file says about its values, and the values as they lie in it. */
export interface NpyContent {
  /** NumPy's kind and size in bytes of an element, as `f8`. */
  readonly kind: string;
  readonly little: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  readonly data: DataView;
}

/** @throws PictureError if the header is damaged, or the elements are none of those above */
export function readNpyHeader(bytes: Uint8Array): NpyContent {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6];
  const lengthBytes = version === 1 ? 2 : 4;
  const start = 8 + lengthBytes;
  const known = version >= 1 && version <= 3 && bytes.length >= start;
  const length = known ? (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)) : 0;
  if (!known || start + length > bytes.length) {
    throw new PictureError('corrupt', 'The NumPy file is truncated, or of an unknown version.');
  }
  // Python reads either kind of quotes, and other writers use the other
  const header = latinText(bytes.subarray(start, start + length)).replaceAll('"', "'");
  const descr = /'descr'\s*:\s*(.*?),\s*'(?:fortran_order|shape)'|'descr'\s*:\s*([^,}]*)/s.exec(
    header,
  );
  const type = (descr?.[1] ?? descr?.[2] ?? '').trim();
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const shape = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(header)?.[1].match(/\d+/g)?.map(Number) ?? [];
  if (order === undefined || descr === null) {
    throw new PictureError(
      'corrupt',
      'The NumPy header is damaged: type, order or shape is missing.',
    );
  }
  const [, endian, kind] = /^'([<>|=]?)(\w+)'$/.exec(type) ?? [];
  if (kind === undefined || !Object.hasOwn(elements, kind)) {
    throw new PictureError(
      'unsupported',
      `The NumPy array has elements of type ${type}: booleans, integers and floats are read.`,
    );
  }
  return {
    kind,
    little: endian !== '>',
    fortran: order === 'True',
    shape,
    data: new DataView(
      bytes.buffer,
      bytes.byteOffset + start + length,
      bytes.length - start - length,
    ),
  };
}

/**
 * A NumPy file (version 1.0) of the given bytes in C order.
 *
 * @param type of the elements, as `<f8`
 */
export function npyFile(
  type: string,
  shape: readonly number[],
  values: Uint8Array,
): Uint8Array<ArrayBuffer> {
  // NumPy writes a tuple of one with its comma
  const sizes = `${shape.join(', ')}${shape.length === 1 ? ',' : ''}`;
  const fields = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // the values begin at a multiple of 64
  const length = Math.ceil((10 + fields.length + 1) / 64) * 64;
  const bytes = new Uint8Array(length + values.length);
  const text = `\x93NUMPY\x01\0\0\0${fields.padEnd(length - 11)}\n`;
  for (let k = 0; k < length; k++) bytes[k] = text.charCodeAt(k);
  new DataView(bytes.buffer).setUint16(8, length - 10, true);
  bytes.set(values, length);
  return bytes;
}

/** A NumPy file of int8 spins ±1 with shape (windows, rows, cols). */
export function writeNpy({ windows, rows, cols, spins }: ArraySpins): Uint8Array<ArrayBuffer> {
  const values = new Uint8Array(spins.buffer, spins.byteOffset, spins.length);
  return npyFile('|i1', [windows, rows, cols], values);
}
