/** Why an input gives no spins; stable names that another program or the window may act on. */
export type PictureProblem =
  /** No such file or folder. */
  | 'missing'
  /** The system refuses to read it, or it is no ordinary file. */
  | 'unreadable'
  /** A folder or a file with nothing in it that could be used. */
  | 'empty'
  /** No format, or no variant of a format, that this program reads. */
  | 'unsupported'
  /** More pixels, bytes or spins than are accepted. */
  | 'tooLarge'
  /** Truncated, damaged or contradicting itself. */
  | 'corrupt'
  /** Decoding did not end within its deadline. */
  | 'tooSlow'
  /** A sound picture to which the chosen preparation cannot be applied. */
  | 'unsuitable'
  /** The system refuses to write there. */
  | 'unwritable';

/** An input or output that cannot be used. The message is one whole sentence for a person. */
export class PictureError extends Error {
  override readonly name = 'PictureError';

  constructor(
    readonly kind: PictureProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
