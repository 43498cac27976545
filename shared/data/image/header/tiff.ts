import { TiffFile } from '../tiff/directory.ts';
import { layoutOf } from '../tiff/layout.ts';
import type { PictureHeader } from './picture-header.ts';

/** TIFF 6.0, section 2, and BigTIFF: the first page's dimensions; each page is judged again before it is decoded. */
export function tiffHeader(view: DataView): PictureHeader {
  const { directories } = new TiffFile(view).chain();
  const { width, height } = layoutOf(directories[0]);
  return { width, height, minimumBytes: 0 };
}
