/**
 * The few globals beyond the language that Node, Electron and browsers all have and that code under
 * `shared/` may use. Everywhere else the platform's own, complete declarations apply.
 */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean });
  decode(bytes: Uint8Array): string;
}
declare const performance: {
  /** Milliseconds on a clock that nobody sets. */
  now(): number;
};
declare function setTimeout(work: () => void, milliseconds: number): number;
declare function clearTimeout(timer: number | undefined): void;
