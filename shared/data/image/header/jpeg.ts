import { PictureError } from '../picture-error.ts';
import { checkWorkingMemory, type PictureHeader } from './picture-header.ts';

/** Processes that pictures of measurements may come in and no decoder here knows, by the frame's code. */
const unread: Readonly<Record<number, string>> = {
  195: 'lossless',
  197: 'hierarchical',
  198: 'hierarchical progressive',
  199: 'hierarchical lossless',
  203: 'lossless arithmetic',
  205: 'hierarchical arithmetic',
  206: 'hierarchical progressive arithmetic',
  207: 'hierarchical lossless arithmetic',
};

/** JPEG (ITU-T T.81, annex B): dimensions stand in the first frame header, SOF0 … SOF15. */
export function jpegHeader(view: DataView): PictureHeader {
  let offset = 2;
  for (;;) {
    // a marker is 0xff, repeated as filler at will, and a code; cameras leave bytes before it
    while (view.getUint8(offset) !== 0xff) offset++;
    while (view.getUint8(offset) === 0xff) offset++;
    const code = view.getUint8(offset++);
    // DHT, JPG and DAC lie among the codes of frame headers
    if (code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc) {
      if (unread[code] !== undefined) {
        throw new PictureError(
          'unsupported',
          `The JPEG file is of the ${unread[code]} process, which is not read: save it as PNG or TIFF.`,
        );
      }
      return frame(view, offset, code % 4 === 2);
    }
    if (code === 0xda || code === 0xd9) {
      throw new PictureError('corrupt', 'The JPEG file begins its data before its dimensions.');
    }
    // TEM and RSTn stand alone, all others carry their length
    const alone = code === 0 || code === 0x01 || (code >= 0xd0 && code <= 0xd8);
    if (!alone) offset += Math.max(2, view.getUint16(offset));
  }
}

function frame(view: DataView, offset: number, progressive: boolean): PictureHeader {
  const height = view.getUint16(offset + 3);
  const width = view.getUint16(offset + 5);
  if (height === 0) {
    throw new PictureError(
      'unsupported',
      'The JPEG file gives its height only after its data: save it again with another program.',
    );
  }
  if (progressive) checkCoefficients(view, offset, width * height);
  // at least one bit a block of 8 × 8 samples, sampled at most four times more coarsely than the pixels
  return { width, height, minimumBytes: (width * height) / (32 * 32 * 8) };
}

/** A progressive JPEG's coefficients are needed all at once. */
function checkCoefficients(view: DataView, offset: number, pixels: number): void {
  const samplings = Array.from({ length: view.getUint8(offset + 7) }, (_, k) => {
    const factors = view.getUint8(offset + 9 + 3 * k);
    return (factors >> 4) * (factors & 15);
  });
  // two bytes a sample; a component has its share of the samples of the finest one
  const finest = Math.max(1, ...samplings);
  const needed = samplings.reduce((sum, sampling) => sum + (2 * pixels * sampling) / finest, 0);
  checkWorkingMemory('progressive JPEG', needed, pixels, 'a baseline JPEG');
}
