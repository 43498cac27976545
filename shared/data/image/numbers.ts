import { PictureError } from './picture-error.ts';

/** Numbers of one channel of a picture, as an instrument has measured them. */
export type Numbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Values on the scale of stored greys, 0 … 255 or 0 … 65535, and a sentence where that scale was chosen here. */
export interface Scaled {
  readonly data: Uint8Array | Uint16Array;
  readonly warning: string | null;
}

/** Unsigned numbers of up to 16 bits on the whole scale: 0 is black and 2^bits − 1 is white. */
export function scaleBits(values: ArrayLike<number>, bits: number): Uint8Array | Uint16Array {
  const white = bits <= 8 ? 255 : 65535;
  const data = bits <= 8 ? new Uint8Array(values.length) : new Uint16Array(values.length);
  const most = 2 ** bits - 1;
  for (let k = 0; k < data.length; k++) data[k] = Math.round((values[k] * white) / most);
  return data;
}

/**
 * Numbers that have no black and white of their own, their least black and their largest white, in 65,536
 * steps.
 *
 * @param kind what they are, as a sentence names them
 * @throws PictureError `unsuitable` where one is no number
 */
export function scaleRange(values: Numbers, width: number, kind: string): Scaled {
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < values.length; k++) {
    const value = values[k];
    if (!Number.isFinite(value)) {
      throw new PictureError(
        'unsuitable',
        `The pixel in row ${Math.floor(k / width) + 1}, column ${(k % width) + 1} is ${value}: replace what is no number, or crop it away where the picture is written.`,
      );
    }
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  const data = new Uint16Array(values.length);
  const span = largest - least;
  if (span > 0) {
    for (let k = 0; k < data.length; k++) {
      data[k] = Math.round(((values[k] - least) / span) * 65535);
    }
  }
  const show = (value: number) => String(Number(value.toPrecision(6)));
  return {
    data,
    warning: `Its pixels are ${kind}: the least, ${show(least)}, is taken for black and the largest, ${show(largest)}, for white.`,
  };
}
