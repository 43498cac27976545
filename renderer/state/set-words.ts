import type { PictureInfo } from '../../shared/protocol/data.ts';
import { counted } from './text.ts';

/**
 * What a data set holds, in a few words: 24 pictures; 500 configurations in 1 file; 288 images from 24 pictures.
 *
 * @param images how many a fit takes from them; null where that is not known yet
 */
export function setWords(pictures: readonly PictureInfo[], images: number | null): string {
  const drawn = pictures.map(({ synthetic }) => synthetic?.count ?? 0);
  if (drawn.every((count) => count > 0)) {
    return counted(
      drawn.reduce((sum, count) => sum + count, 0),
      'configuration',
    );
  }
  const usable = pictures.filter(({ failure }) => failure === null);
  const failed = pictures.length - usable.length;
  const unusable = failed > 0 ? `, ${failed.toLocaleString('en')} that cannot be used` : '';
  const allSpins = usable.length > 0 && usable.every(({ kind }) => kind === 'spins');
  if (allSpins) {
    const files = counted(usable.length, 'file');
    const held =
      images === null ? `${files} of spins` : `${counted(images, 'configuration')} in ${files}`;
    return `${held}${unusable}`;
  }
  const from = counted(usable.length, 'picture');
  const several = images !== null && images > usable.length;
  return `${several ? `${counted(images, 'image')} from ` : ''}${from}${unusable}`;
}
