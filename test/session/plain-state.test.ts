import { describe, expect, it } from 'vitest';
import { fromJson, toJson } from '../../shared/session/project/plain-state.ts';
import { npyHead } from '../../shared/session/project/typed-arrays.ts';

function roundTrip(value: unknown): unknown {
  const files = new Map<string, Uint8Array>();
  const json = toJson(value, 'state', (array, name) => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    files.set(name, Buffer.concat([npyHead(array, [array.length]), bytes]));
    return name;
  });
  return fromJson(JSON.parse(JSON.stringify(json)), (name) => files.get(name) as Uint8Array);
}

describe('plain data with typed arrays', () => {
  it('comes back bit for bit', () => {
    const state = {
      step: 12,
      nothing: null,
      odd: [Number.NaN, Number.POSITIVE_INFINITY, -0, 5e-324, 0.1 + 0.2],
      theta: Float64Array.of(0.1, -0, Number.NaN, 5e-324),
      generator: Uint32Array.of(1, 2 ** 32 - 1),
      words: BigUint64Array.of(2n ** 64n - 1n),
      nested: [{ state: Uint8Array.of(0, 2, 255), name: 'heat-bath' }],
      empty: new Int8Array(0),
    };
    const back = roundTrip(state) as typeof state;
    expect(back).toEqual(state);
    expect(Object.is(back.odd[2], -0)).toBe(true);
    expect(Object.is(back.theta[1], -0)).toBe(true);
  });

  it('keeps an array that belongs to a part of a larger buffer', () => {
    const whole = Float64Array.from({ length: 8 }, (_, k) => k);
    expect(roundTrip({ part: whole.subarray(2, 5) })).toEqual({ part: Float64Array.of(2, 3, 4) });
  });

  it('refuses what is no plain data, and names that reach a prototype', () => {
    expect(() => roundTrip({ map: new Map() })).toThrow(/state\/map/);
    expect(() => fromJson(JSON.parse('{"__proto__": {"x": 1}}'), () => new Uint8Array())).toThrow();
    const deep = `${'['.repeat(50)}${']'.repeat(50)}`;
    expect(() => fromJson(JSON.parse(deep), () => new Uint8Array())).toThrow(/deeply/);
  });
});
