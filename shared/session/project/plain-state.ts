import { isTypedArray, readTypedNpy, type TypedArray } from './typed-arrays.ts';

/**
 * Plain data with typed arrays as JSON, and back, bit for bit. In the JSON an array is
 * `{"$npy": "fit/theta.npy"}`, which names its file; numbers that JSON has not are `{"$number": "NaN"}`.
 */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const deepest = 32;

/** What an array is called: an earlier name where it has been stored already. */
type Store = (array: TypedArray, name: string) => string;

/**
 * @param name path of the value within the project, without ending
 * @param store keeps an array's file and gives its name
 * @throws TypeError at anything that is neither plain data nor a typed array
 */
export function toJson(value: unknown, name: string, store: Store, depth = 0): Json {
  if (depth > deepest) throw new TypeError(`${name} is nested too deeply to be saved.`);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') {
    const written = Number.isFinite(value) && !Object.is(value, -0);
    return written ? value : { $number: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (isTypedArray(value)) return { $npy: store(value, `${name}.npy`) };
  if (Array.isArray(value)) {
    return value.map((item, k) => toJson(item, `${name}/${k}`, store, depth + 1));
  }
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(
      entries.map(([key, item]) => [key, toJson(item, `${name}/${key}`, store, depth + 1)]),
    );
  }
  throw new TypeError(`${name} cannot be saved: it is no plain data.`);
}

/**
 * @param read gives an array's file by its name
 * @throws TypeError if it is not what `toJson` writes; whatever `read` throws
 */
export function fromJson(json: unknown, read: (name: string) => Uint8Array, depth = 0): unknown {
  if (depth > deepest) throw new TypeError('The state is nested too deeply.');
  if (json === null || typeof json !== 'object') return json;
  if (Array.isArray(json)) return json.map((item) => fromJson(item, read, depth + 1));
  const entries = Object.entries(json);
  const [[key, only] = ['', null]] = entries;
  if (entries.length === 1 && key === '$npy' && typeof only === 'string') {
    return readTypedNpy(read(only)).array;
  }
  if (entries.length === 1 && key === '$number' && typeof only === 'string') return Number(only);
  // names that reach an object's prototype are none that this program gives
  if (entries.some(([name]) => name === '__proto__' || name === 'constructor')) {
    throw new TypeError('The state holds a name that no state has.');
  }
  return Object.fromEntries(entries.map(([name, item]) => [name, fromJson(item, read, depth + 1)]));
}
