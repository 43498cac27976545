/*
 * Constant vectors of the hot loop. They are loaded from memory, so that V8 takes them for unknown and keeps them in
 * registers; one that it knows it makes anew in every step, by up to three instructions.
 */
const vectors = memory.data<u8>(
  // prettier-ignore
  [
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
    1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
    5, 6, 7, 0, 1, 2, 3, 4, 13, 14, 15, 8, 9, 10, 11, 12,
  ],
  16,
);

/**
 * The bytes of `table` at `places` 0 … 15. Relaxed SIMD leaves open what other places give, and needs one
 * instruction where SIMD needs two.
 */
@inline export function lookUp(table: v128, places: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i8x16.relaxed_swizzle(table, places);
  return i8x16.swizzle(table, places);
}

/** Where memory begins that holds no constants. */
export function heapBase(): usize {
  return __heap_base;
}

/** 2 in every byte. */
@inline export function twos(): v128 {
  return v128.load(vectors);
}

/** 1 in both 64-bit lanes. */
@inline export function ones(): v128 {
  return v128.load(vectors, 16);
}

/** Where the bytes of both 64-bit lanes come from that turn left by 24 bits. */
@inline export function turn24(): v128 {
  return v128.load(vectors, 32);
}
