import type { Pixels } from '../../../../shared/data/image/grey.ts';

/** What a decoder hands on. */
export interface Decoded {
  readonly pixels: Pixels;
  /** Sentences about what was left out. */
  readonly warnings: readonly string[];
}
