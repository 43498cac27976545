const mask64 = (1n << 64n) - 1n;

/**
 * SplitMix64: spreads a seed over as many 64-bit words as wanted; used only to seed other generators.
 *
 * Source: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
 *
 * @param seed the user's seed, an integer 0 … 2⁵³ − 1
 * @param stream number of an independent stream under that seed
 * @returns a function that gives the next word, 0 … 2⁶⁴ − 1
 */
export function splitMix64(seed: number, stream = 0): () => bigint {
  const next = (state: bigint) => {
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask64;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask64;
    return z ^ (z >> 31n);
  };
  const gamma = 0x9e3779b97f4a7c15n;
  // the stream's starting point is a hash of seed and stream, so that neighbouring seeds share nothing
  let state =
    (next((BigInt(seed) + gamma) & mask64) + BigInt(stream) * 0xd1342543de82ef95n) & mask64;
  return () => {
    state = (state + gamma) & mask64;
    return next(state);
  };
}

/** A generator of 32-bit words whose state is four words in an array that its owner may save. */
export interface Generator {
  /** The next word, 0 … 2³² − 1. */
  next(): number;
  /** Fills an array with the next words: the same as so many calls of `next`, but faster. */
  fill(words: Uint32Array): void;
  /** Four words; writing them continues from there. */
  readonly state: Uint32Array;
}

/**
 * sfc32: small, fast, chaotic generator with a 32-bit counter (period at least 2³², on average 2¹²⁷).
 *
 * Source: C. Doty-Humphrey, PractRand (2010 ff.), which it passes.
 */
export function sfc32(seed: number, stream = 0): Generator {
  const state = new Uint32Array(4);
  const word = splitMix64(seed, stream);
  const [high, low] = [word(), word()];
  state.set([Number(high >> 32n), Number(high & 0xffffffffn), Number(low >> 32n), 1]);
  const fill = (words: Uint32Array) => {
    let a = state[0] | 0;
    let b = state[1] | 0;
    let c = state[2] | 0;
    let counter = state[3] | 0;
    for (let k = 0; k < words.length; k++) {
      const result = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + result) | 0;
      words[k] = result;
    }
    state[0] = a;
    state[1] = b;
    state[2] = c;
    state[3] = counter;
  };
  const one = new Uint32Array(1);
  const next = () => {
    fill(one);
    return one[0];
  };
  // the first outputs still show the seed's structure
  fill(new Uint32Array(16));
  return { next, fill, state };
}

/** A number in [0, 1) with 53 random bits. */
export function uniform(generator: Generator): number {
  return ((generator.next() >>> 5) * 67108864 + (generator.next() >>> 6)) / 9007199254740992;
}
