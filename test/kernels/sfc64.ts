const mask = (1n << 64n) - 1n;

/** sfc64 in plain integers, from its three words and the counter 1. */
export function sfc64([a0, b0, c0]: bigint[]): () => bigint {
  let [a, b, c, counter] = [a0, b0, c0, 1n];
  return () => {
    const t = (a + b + counter) & mask;
    counter += 1n;
    [a, b, c] = [
      b ^ (b >> 11n),
      (c + (c << 3n)) & mask,
      ((((c << 24n) | (c >> 40n)) & mask) + t) & mask,
    ];
    return t;
  };
}
