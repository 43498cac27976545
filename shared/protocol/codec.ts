/**
 * One message as one binary frame, for wires that know no structured clone:
 *
 *   uint32 (little-endian) length of the header | header: JSON as UTF-8 | zeros up to a multiple of 8 | arrays
 *
 * The header is the message with what JSON lacks written as `{"$": [kind, …]}`: a typed array as
 * `[type, offset, length]` into the arrays' part (every offset a multiple of 8), a number that is not
 * finite or is −0 as `["number", text]`, undefined within an array as `["undefined"]`, and an object
 * that itself has a key "$" as `["object", object]`. Typed arrays keep the machine's byte order, which
 * is little-endian on everything that runs Node or a browser.
 */

const arrayTypes = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
};

type TypedArray = InstanceType<(typeof arrayTypes)[keyof typeof arrayTypes]>;

const deepest = 64;
const aligned = (length: number) => Math.ceil(length / 8) * 8;

/**
 * @param message null, booleans, numbers, strings, typed arrays, and arrays and plain objects of these
 * @throws TypeError for anything else (a Map, a Date, a function), or where nesting exceeds 64 levels
 */
export function encode(message: unknown): Uint8Array<ArrayBuffer> {
  const arrays: { offset: number; array: TypedArray }[] = [];
  let bodyLength = 0;
  const pack = (value: unknown, depth: number): unknown => {
    if (depth > deepest) throw new TypeError(`A message may nest ${deepest} levels, not more.`);
    if (typeof value === 'number') {
      if (Number.isFinite(value) && !Object.is(value, -0)) return value;
      return { $: ['number', Object.is(value, -0) ? '-0' : String(value)] };
    }
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
    if (Array.isArray(value)) {
      return value.map((item) =>
        item === undefined ? { $: ['undefined'] } : pack(item, depth + 1),
      );
    }
    if (ArrayBuffer.isView(value)) return place(value);
    if (isPlain(value)) {
      const entries = Object.entries(value).filter(([, item]) => item !== undefined);
      const packed = Object.fromEntries(entries.map(([key, item]) => [key, pack(item, depth + 1)]));
      return '$' in packed ? { $: ['object', packed] } : packed;
    }
    throw new TypeError(`A message cannot carry ${describe(value)}.`);
  };
  const place = (view: ArrayBufferView) => {
    const type = Object.prototype.toString.call(view).slice(8, -1);
    if (!(type in arrayTypes)) throw new TypeError(`A message cannot carry a ${type}.`);
    const array = view as TypedArray;
    const offset = bodyLength;
    arrays.push({ offset, array });
    bodyLength = aligned(offset + array.byteLength);
    return { $: [type, offset, array.length] };
  };

  const header = new TextEncoder().encode(JSON.stringify(pack(message, 0) ?? null));
  const start = aligned(4 + header.length);
  const frame = new Uint8Array(start + bodyLength);
  new DataView(frame.buffer).setUint32(0, header.length, true);
  frame.set(header, 4);
  for (const { offset, array } of arrays) {
    frame.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start + offset);
  }
  return frame;
}

/**
 * What `encode` was given; typed arrays are copies.
 *
 * @throws RangeError if the frame is not one that `encode` makes
 */
export function decode(frame: Uint8Array): unknown {
  if (frame.length < 4) throw new RangeError('A frame of less than four bytes is none.');
  const headerLength = new DataView(frame.buffer, frame.byteOffset, 4).getUint32(0, true);
  const start = aligned(4 + headerLength);
  if (start > frame.length) throw new RangeError("A frame's header reaches beyond its end.");
  const unpack = (value: unknown, depth: number): unknown => {
    if (depth > 2 * deepest) throw new RangeError('A frame nests too deeply.');
    if (Array.isArray(value)) return value.map((item) => unpack(item, depth + 1));
    if (value === null || typeof value !== 'object') return value;
    if (!Object.hasOwn(value, '$')) return unpackEntries(value, depth);
    const [kind, ...rest] = (value as { $: unknown[] }).$;
    if (kind === 'number') return Number(rest[0]);
    if (kind === 'undefined') return undefined;
    if (kind === 'object') return unpackEntries(rest[0] as object, depth);
    return take(kind, rest[0], rest[1]);
  };
  const unpackEntries = (value: object, depth: number) =>
    Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unpack(item, depth + 1)]));
  const take = (type: unknown, offset: unknown, length: unknown) => {
    if (typeof type !== 'string' || !Object.hasOwn(arrayTypes, type)) {
      throw new RangeError(`A frame names an array of the unknown type ${String(type)}.`);
    }
    const Type = arrayTypes[type as keyof typeof arrayTypes];
    const whole = (x: unknown): x is number => Number.isSafeInteger(x) && (x as number) >= 0;
    if (!whole(offset) || !whole(length))
      throw new RangeError('A frame names no place of an array.');
    const from = start + offset;
    const to = from + length * Type.BYTES_PER_ELEMENT;
    if (to > frame.length) throw new RangeError("A frame's array reaches beyond its end.");
    // a copy: the frame may lie at any address, and may be used again by whoever received it
    return new Type(Uint8Array.from(frame.subarray(from, to)).buffer);
  };

  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      frame.subarray(4, 4 + headerLength),
    );
    return unpack(JSON.parse(text), 0);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new RangeError("A frame's header is not the JSON that it should be.", { cause: error });
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? `a ${value.constructor.name}`
    : `a ${typeof value}`;
}
