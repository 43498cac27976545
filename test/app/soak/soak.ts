import { parseArgs } from 'node:util';
import { soakFit } from './fit.ts';
import { soakPictures } from './pictures.ts';

/** `fit --minutes N --side N`, or `pictures --count N --side N --times N`. */
export async function soak(given: string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: given,
    allowPositionals: true,
    options: {
      minutes: { type: 'string', default: '120' },
      count: { type: 'string', default: '10000' },
      times: { type: 'string', default: '4' },
      side: { type: 'string', default: '64' },
    },
  });
  const { minutes, count, times, side } = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Number(value)]),
  );
  if (positionals[0] === 'fit') return soakFit({ minutes, side });
  if (positionals[0] === 'pictures') return soakPictures({ count, side, times });
  throw new Error(
    'npm run soak -- fit [--minutes N] [--side N], or pictures [--count N] [--side N] [--times N]',
  );
}
