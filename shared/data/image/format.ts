/** Formats of pictures. */
export const pictureFormats = ['png', 'jpeg', 'gif', 'bmp', 'tiff', 'webp'] as const;
export type PictureFormat = (typeof pictureFormats)[number];

/** Formats of spin arrays. */
export type ArrayFormat = 'npy' | 'pbm' | 'text';

/** Bytes from a file's start that `inputFormat` looks at. */
export const magicLength = 18;

const bmpHeaderSizes = [12, 40, 52, 56, 64, 108, 124];

/**
 * The format of a file, told by its first bytes whatever its name says; only plain text, which has no
 * mark, is told by its name (.csv, .txt).
 *
 * @returns null for what this program does not read
 */
export function inputFormat(start: Uint8Array, name: string): PictureFormat | ArrayFormat | null {
  const text = String.fromCharCode(...start.subarray(0, magicLength));
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (/^GIF8[79]a/.test(text)) return 'gif';
  if (/^BM.{12}/s.test(text) && bmpHeaderSizes.includes(start[14])) return 'bmp';
  if (/^(II[*+]\0|MM\0[*+])/.test(text)) return 'tiff';
  if (/^RIFF.{4}WEBP/s.test(text)) return 'webp';
  if (text.startsWith('\x93NUMPY')) return 'npy';
  if (/^P[14][\s#]/.test(text)) return 'pbm';
  const isWide = text.startsWith('\xff\xfe') || text.startsWith('\xfe\xff');
  return /\.(csv|txt)$/i.test(name) && (isWide || !text.includes('\0')) ? 'text' : null;
}

/** First marks of files that are given by mistake, where they stand, and what they are. */
const foreign: readonly (readonly [string, number, string])[] = [
  ['PK\x03\x04', 0, 'a zip archive, as NumPy (.npz) and office programs write them'],
  ...['P2', 'P3', 'P5', 'P6', 'P7'].map((mark) => [mark, 0, 'a PGM, PPM or PAM picture'] as const),
  ['\x89HDF', 0, 'an HDF5 file'],
  ['MATLAB ', 0, 'a MATLAB file'],
  ['%PDF', 0, 'a PDF document'],
  ['jP  \r\n', 4, 'a JPEG 2000 picture'],
  ['JXL \r\n', 4, 'a JPEG XL picture'],
  ['\xff\x0a', 0, 'a JPEG XL picture'],
  ['ftypavi', 4, 'an AVIF picture'],
  ['ftyp', 4, 'a HEIC picture or a film'],
  ['8BPS', 0, 'a Photoshop file'],
  ['SIMPLE  =', 0, 'a FITS picture'],
  ['\0\0\0\x03', 0, 'a file of DigitalMicrograph'],
  ['\0\0\0\x04', 0, 'a file of DigitalMicrograph'],
  [
    '\xd0\xcf\x11\xe0',
    0,
    'a compound document, as Olympus, Zeiss and old office programs write them',
  ],
  ['<svg', 0, 'an SVG drawing'],
  ['<?xml', 0, 'an XML text'],
];

/** What a file is that is not read, told by its first bytes; null where that is not known either. */
export function foreignFormat(start: Uint8Array): string | null {
  const text = String.fromCharCode(...start.subarray(0, magicLength));
  return foreign.find(([mark, at]) => text.startsWith(mark, at))?.[2] ?? null;
}

/** Whether a format holds a picture, and not spins. */
export function isPicture(format: PictureFormat | ArrayFormat): format is PictureFormat {
  return (pictureFormats as readonly string[]).includes(format);
}

/** Whether a file of this name may hold several pictures: pages, frames or planes. */
export function mayHoldSeveral(name: string): boolean {
  return /\.(gif|tiff?|webp)$/i.test(name);
}

/** Whether a file's name promises something that this program reads; used to choose from folders. */
export function looksReadable(name: string): boolean {
  return /\.(png|jpe?g|jfif|gif|bmp|dib|tiff?|webp|npy|csv|txt|pbm)$/i.test(name);
}
