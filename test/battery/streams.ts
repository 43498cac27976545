import { createCipheriv } from 'node:crypto';
import { seedClusterGenerator } from '../../shared/kernels/cluster.ts';
import { clusterMemory } from '../../shared/kernels/cluster-memory.ts';
import { seedGenerator } from '../../shared/kernels/heat-bath.ts';
import { type HeatBathShape, lanes, layOut } from '../../shared/kernels/memory.ts';
import { compile, heatBathCode } from '../../shared/kernels/wasm.ts';
import { lattice } from '../../shared/models/lattice/lattice.ts';
import { sfc32, splitMix64 } from '../../shared/numerics/random.ts';
import type { DrawingKernels } from './kernels.mjs';

/** Gives the next bytes of an endless stream; the array is good until the next call. */
export type Source = () => Uint8Array;

/** Random numbers in the order in which the program consumes them. */
export interface Stream {
  readonly what: string;
  /** Made slowly: tests that need most numbers are left out. */
  readonly slow?: boolean;
  /** A weak generator that must be found out. */
  readonly control?: boolean;
  open(seed: number): Source;
}

/** Words that a generator with a `fill` gives at a time. */
const wordCount = 4096;

interface Fills {
  fill(to: number, words: number): void;
}

/** All streams by name. */
export function streams(kernels: DrawingKernels): Record<string, Stream> {
  const heatBath = compile(kernels.heatBath);
  const secondDrawings = compile(kernels.secondDrawings);
  const clusters = compile(kernels.clusters);

  /** The bytes that sweeps of a kernel compare with thresholds: site by site, 32 lanes a site. */
  const sweeps = (side: number) => {
    const code = heatBathCode(heatBath);
    const memory = layOut(code, squares(side));
    const row = (side / 2) * lanes;
    const bytes = new Uint8Array(2 * side * row);
    const sweep: Source = () => {
      code.sweeps(1);
      for (let colour = 0; colour < 2; colour++) {
        for (let q = 0; q < side; q++) {
          const from = memory.site(q, (q + colour) % 2);
          bytes.set(memory.spins.subarray(from, from + row), (colour * side + q) * row);
        }
      }
      return bytes;
    };
    return {
      sweep,
      seed: (seed: number, stream: number) => seedGenerator(memory.generatorWords, seed, stream),
    };
  };

  const kernel = (seed: number, stream = 0): Source => {
    const { sweep, seed: start } = sweeps(64);
    start(seed, stream);
    return sweep;
  };

  const drawn = (seed: number): Source => {
    const code = heatBathCode(secondDrawings);
    const memory = layOut(code, squares(64));
    seedGenerator(memory.generatorWords, seed, 0);
    return filled(code as unknown as Fills, memory.spins);
  };

  const clusterWords = (seed: number): Source => {
    const memory = clusterMemory(clusters, lattice(256, 256, 'free'), 1);
    seedClusterGenerator(memory.generator, seed, 0);
    return filled(memory.code as unknown as Fills, memory.spins);
  };

  return {
    'heat-bath': {
      what: 'heat-bath, all bytes: site by site, 32 lanes a site',
      open: kernel,
    },
    'heat-bath-byte': {
      what: 'heat-bath, one byte lane: what chain 0 consumes',
      open: (seed) => every(lanes, 1, 0, kernel(seed)),
    },
    'heat-bath-low-bit': {
      what: 'heat-bath, one bit lane: the lowest bit of chain 0’s bytes, and of a generator’s words',
      slow: true,
      open: (seed) => bitLane(lanes, 0, 0, kernel(seed)),
    },
    'heat-bath-high-bit': {
      what: 'heat-bath, one bit lane: the highest bit of chain 31’s bytes, and of a generator’s words',
      slow: true,
      open: (seed) => bitLane(lanes, 31, 7, kernel(seed)),
    },
    'heat-bath-workers': {
      what: 'heat-bath, 8 kernels of one seed by turns: streams 0 … 7, a site of each',
      open: (seed) => byTurns(Array.from({ length: 8 }, (_, stream) => kernel(seed, stream))),
    },
    'heat-bath-seeds': {
      what: 'heat-bath, the first 512 bytes under the seeds s, s + 1, s + 2 …',
      open(first) {
        const { sweep, seed } = sweeps(4);
        let next = first * 2 ** 32;
        return () => {
          seed(next++, 0);
          return sweep();
        };
      },
    },
    'second-drawings': {
      what: 'heat-bath, second drawings: 32 bits for the spin, 32 for the gap to the next',
      open: drawn,
    },
    'second-gaps': {
      what: 'heat-bath, second drawings: the gaps’ 32 bits',
      open: (seed) => every(8, 4, 4, drawn(seed)),
    },
    clusters: {
      what: 'cluster kernel, all words: four bonds a word',
      open: clusterWords,
    },
    'clusters-bond': {
      what: 'cluster kernel, one lane of 16 bits: the bonds to the left',
      open: (seed) => every(8, 2, 0, clusterWords(seed)),
    },
    'clusters-low-bit': {
      what: 'cluster kernel, one bit lane: the lowest bit of the words',
      slow: true,
      open: (seed) => bitLane(8, 0, 0, clusterWords(seed)),
    },
    reference: {
      what: 'sfc32 of the reference kernel: words of 32 bits',
      open(seed) {
        const generator = sfc32(seed);
        const words = new Uint32Array(16384);
        return () => {
          generator.fill(words);
          return new Uint8Array(words.buffer);
        };
      },
    },
    seeding: {
      what: 'SplitMix64: the nine words that seed each of the streams 0, 1, 2 …',
      slow: true,
      open(seed) {
        let stream = 0;
        const words = new BigUint64Array(9 * 1024);
        return () => {
          for (let k = 0; k < words.length; ) {
            const word = splitMix64(seed, stream++);
            for (const end = k + 9; k < end; k++) words[k] = word();
          }
          return new Uint8Array(words.buffer);
        };
      },
    },
    cipher: {
      what: 'for comparison: AES-128 in counter mode',
      open(seed) {
        const zeros = new Uint8Array(65536);
        const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
        return () => cipher.update(zeros);
      },
    },
    'weak-congruential': {
      what: 'control: a linear congruential generator modulo 2³², all words',
      control: true,
      open(seed) {
        let state = seed;
        const words = new Uint32Array(16384);
        return () => {
          for (let k = 0; k < words.length; k++) {
            state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
            words[k] = state;
          }
          return new Uint8Array(words.buffer);
        };
      },
    },
    'weak-xorshift': {
      what: 'control: xorshift128+, one bit lane: the lowest bit of the words',
      slow: true,
      control: true,
      open: (seed) => bitLane(4, 0, 0, xorshift(seed)),
    },
  };
}

/** Open lattices side by side. */
function squares(side: number): HeatBathShape {
  const shape = { lattice: lattice(side, side, 'free'), rows: side, blockRows: side };
  return { ...shape, blocks: null, split: false };
}

function filled(code: Fills, { buffer, byteOffset }: Uint8Array): Source {
  const bytes = new Uint8Array(buffer, byteOffset, 8 * wordCount);
  return () => {
    code.fill(byteOffset, wordCount);
    return bytes;
  };
}

/** The lower halves of the words of xorshift128+ (S. Vigna, 2014), whose lowest bits obey a recurrence of 128 terms. */
function xorshift(seed: number): Source {
  const word = splitMix64(seed);
  const state = new Int32Array(BigUint64Array.of(word(), word()).buffer);
  let [s0, s1, t0, t1] = state;
  const words = new Int32Array(16384);
  return () => {
    for (let k = 0; k < words.length; k++) {
      words[k] = s0 + t0;
      // s ^= s << 23;  s ^= t ^ (s >> 18) ^ (t >> 5)
      s1 ^= (s1 << 23) | (s0 >>> 9);
      s0 ^= s0 << 23;
      s0 ^= t0 ^ ((s0 >>> 18) | (s1 << 14)) ^ ((t0 >>> 5) | (t1 << 27));
      s1 ^= t1 ^ (s1 >>> 18) ^ (t1 >>> 5);
      [s0, s1, t0, t1] = [t0, t1, s0, s1];
    }
    return new Uint8Array(words.buffer);
  };
}

/** `width` bytes from `first` on of every `distance` bytes. */
function every(distance: number, width: number, first: number, source: Source): Source {
  return () => {
    const bytes = source();
    const out = new Uint8Array((bytes.length / distance) * width);
    let to = 0;
    for (let from = first; from < bytes.length; from += distance) {
      for (let k = 0; k < width; k++) out[to++] = bytes[from + k];
    }
    return out;
  };
}

/** One bit of byte `first` of every `distance` bytes. */
function bitLane(distance: number, first: number, bit: number, source: Source): Source {
  return () => {
    const bytes = source();
    const out = new Uint8Array(bytes.length / (8 * distance));
    for (let k = 0, from = first; k < out.length; k++) {
      let byte = 0;
      for (let place = 0; place < 8; place++, from += distance) {
        byte |= ((bytes[from] >> bit) & 1) << place;
      }
      out[k] = byte;
    }
    return out;
  };
}

/** 32 bytes of each source in turn. */
function byTurns(sources: Source[]): Source {
  return () => {
    const parts = sources.map((source) => source());
    const out = new Uint8Array(parts.length * parts[0].length);
    for (let from = 0; from < parts[0].length; from += lanes) {
      parts.forEach((part, k) => {
        out.set(part.subarray(from, from + lanes), parts.length * from + k * lanes);
      });
    }
    return out;
  };
}
