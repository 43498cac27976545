/** What a picture's header claims, read without decoding anything. */
export interface PictureHeader {
  readonly width: number;
  readonly height: number;
  /** A file of these dimensions cannot be shorter, however well it is compressed; 0 where nothing is known. */
  readonly minimumBytes: number;
}

/** Most pixels that are decoded: 200 megapixels. */
export const maxPixels = 200e6;
