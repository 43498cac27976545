import type { Rectangle } from '../../shared/data/image/region.ts';
import { cropsByPath } from '../../shared/protocol/preparation.ts';
import { preparationOptions } from '../../shared/protocol/schemas.ts';
import { resamplingNames, thresholdNames } from '../state/option-names.ts';

type Words = readonly [name: string, value: string];

/** A file's preparation in the window's words; as the file has it where another version has written it. */
export function preparationWords(preparation: Readonly<Record<string, unknown>>): Words[] {
  const { crops = {}, ...common } = preparation;
  const known = preparationOptions.safeParse(common);
  const own = cropsByPath.safeParse(crops);
  if (!known.success || !own.success) {
    return Object.entries(preparation)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
  }
  const { crop, rows, cols, tile, resample, channel, threshold, invert } = known.data;
  const words: [name: string, value: string | number | null][] = [
    ['crop', crop && cropWords(crop)],
    ...Object.entries(own.data).map(([picture, its]): [string, string] => [
      'crop of its own',
      `${picture}: ${cropWords(its)}`,
    ]),
    ['rows', rows],
    ['columns', cols],
    ['tiles', tile && `stride ${tile} pixels`],
    // tiles are cut at the picture's own resolution
    ['subsampling', tile ? null : inSentence(resamplingNames[resample])],
    ['grey of', typeof channel === 'number' ? `channel ${channel}` : channel],
    [
      'threshold',
      typeof threshold === 'number'
        ? `fixed at grey value ${threshold}`
        : threshold === 'otsu'
          ? thresholdNames.otsu
          : inSentence(thresholdNames[threshold]),
    ],
    ['sign', invert ? 'inverted: dark is +1' : 'not inverted: bright is +1'],
  ];
  return words.flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]]));
}

const cropWords = ({ x, y, width, height }: Rectangle) =>
  `${width} × ${height} pixels from x = ${x}, y = ${y}`;

const inSentence = (name: string) => name[0].toLowerCase() + name.slice(1);
