import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../shared/protocol/codec.ts';

const typedArray = fc.oneof(
  fc.int8Array(),
  fc.uint8Array(),
  fc.uint8ClampedArray(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.float32Array(),
  fc.float64Array(),
);

const { message } = fc.letrec((tie) => ({
  message: fc.oneof(
    { maxDepth: 5 },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.integer(),
    fc.string({ unit: 'grapheme' }),
    typedArray,
    fc.array(tie('message')),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('$', '__proto__', 'length')),
      tie('message'),
      {
        noNullPrototype: true,
      },
    ),
  ),
}));

describe('codec', () => {
  it('gives back every message exactly, wherever in memory the frame lies', () => {
    fc.assert(
      fc.property(message, fc.integer({ min: 0, max: 9 }), (value, offset) => {
        const frame = encode(value);
        const moved = new Uint8Array(frame.length + offset);
        moved.set(frame, offset);
        expect(decode(moved.subarray(offset))).toStrictEqual(value);
      }),
    );
  });

  it('keeps undefined in arrays and leaves it out of objects, as JSON does', () => {
    expect(decode(encode([undefined, { a: undefined, b: 1 }]))).toStrictEqual([
      undefined,
      { b: 1 },
    ]);
  });

  it('refuses what structured clone or JSON would change silently', () => {
    for (const value of [new Map(), new Date(), () => 0, 1n, new DataView(new ArrayBuffer(8))]) {
      expect(() => encode({ value })).toThrow(/cannot carry/);
    }
  });

  it('refuses any damaged frame with a RangeError or reads it, and never changes a prototype', () => {
    fc.assert(
      fc.property(
        message,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1 }),
        (value, hits) => {
          const frame = encode(value);
          for (const [at, byte] of hits) frame[at % frame.length] = byte;
          try {
            decode(frame);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
          expect(Object.keys(Object.prototype)).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
    expect(() => decode(new Uint8Array(3))).toThrow(RangeError);
    expect(() => decode(encode(new Float64Array(9)).subarray(0, -1))).toThrow(/beyond its end/);
  });

  it('refuses bottomless nesting on both sides', () => {
    let deep: unknown = 0;
    for (let k = 0; k < 100; k++) deep = [deep];
    expect(() => encode(deep)).toThrow(/64 levels/);
    const text = new TextEncoder().encode(`${'['.repeat(5000)}${']'.repeat(5000)}`);
    const frame = new Uint8Array(10008);
    new DataView(frame.buffer).setUint32(0, text.length, true);
    frame.set(text, 4);
    expect(() => decode(frame)).toThrow(/too deeply/);
  });
});
