import { npyFile, readNpyHeader } from '../../data/arrays/npy.ts';
import { PictureError } from '../../data/image/picture-error.ts';

/** Typed arrays that a project can hold, by NumPy's name of their elements. */
const kinds = {
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  f4: Float32Array,
  f8: Float64Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
} as const;

export type TypedArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** NumPy's name of an array's elements; null for what is no typed array. */
function kindOf(value: object): keyof typeof kinds | null {
  for (const [kind, type] of Object.entries(kinds)) {
    if (value instanceof type) return kind as keyof typeof kinds;
  }
  return null;
}

export function isTypedArray(value: unknown): value is TypedArray {
  return typeof value === 'object' && value !== null && kindOf(value) !== null;
}

/**
 * The head of a NumPy file, which the bytes of its values follow.
 *
 * @param like an array of the values' type
 */
export function npyHead(like: TypedArray, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  // every machine that runs this program is little-endian, and so are its files
  const type = `${like.BYTES_PER_ELEMENT === 1 ? '|' : '<'}${kindOf(like)}`;
  return npyFile(type, shape, new Uint8Array(0));
}

/** @throws PictureError if the file is damaged, or holds what no project holds */
export function readTypedNpy(bytes: Uint8Array): { array: TypedArray; shape: readonly number[] } {
  const { kind, little, fortran, shape, data } = readNpyHeader(bytes);
  const size = Number(kind.slice(1));
  const length = shape.reduce((product, side) => product * side, 1);
  if (!Object.hasOwn(kinds, kind) || fortran || (size > 1 && !little)) {
    throw new PictureError('unsupported', 'The NumPy array is not as this program writes them.');
  }
  if (data.byteLength !== length * size) {
    throw new PictureError('corrupt', 'The NumPy file is truncated or damaged.');
  }
  // a copy, since the values need not lie at a multiple of their size
  const { buffer } = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  const type = kinds[kind as keyof typeof kinds];
  return { array: new type(buffer as ArrayBuffer), shape };
}
