import { InvalidArgumentError, Option } from 'commander';
import { type Channel, isChannel } from '../../shared/data/image/channel.ts';
import type { Frames } from '../../shared/data/image/frames.ts';

type Parser<T> = (text: string) => T;

/** A number in a range; integers only where asked for. The option's name is added by the parser's caller. */
function numeric(what: string, accepts: (value: number) => boolean): Parser<number> {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!accepts(value)) throw new InvalidArgumentError(`It takes ${what}.`);
    return value;
  };
}

export const number = numeric('a number', Number.isFinite);
export const positive = numeric('a number above 0', (x) => Number.isFinite(x) && x > 0);
export const notNegative = numeric('a number of at least 0', (x) => Number.isFinite(x) && x >= 0);

/** A whole number of at least `least`. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): Parser<number> {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `${least} … ${most}`;
  return numeric(
    `a whole number ${range}`,
    (x) => Number.isSafeInteger(x) && x >= least && x <= most,
  );
}

/** Two sides or more; more than 8192 are refused here, before memory is. */
export const side = whole(2, 8192);
/** Chains of one row are accepted where no picture is involved. */
export const anySide = whole(1, 8192);
export const seed = whole(0);

/** The field of every site, which is another name for --h and cannot stand beside it. */
export function hPerSite(): Option {
  return new Option('--h-per-site <value>', 'the field that every site feels, instead of --h')
    .argParser(number)
    .conflicts('h');
}

/** Numbers separated by commas. */
export function numbers(what: string, one: Parser<number>): Parser<number[]> {
  return (text) =>
    text.split(',').map((part) => {
      try {
        return one(part);
      } catch {
        throw new InvalidArgumentError(`It takes ${what}.`);
      }
    });
}

/** x,y,width,height in source pixels. */
export function crop(text: string) {
  const values = numbers('x,y,width,height in whole source pixels', whole(0))(text);
  if (values.length !== 4 || values[2] === 0 || values[3] === 0) {
    throw new InvalidArgumentError('It takes x,y,width,height in whole source pixels.');
  }
  const [x, y, width, height] = values;
  return { x, y, width, height };
}

/** A channel's number, from 1, or how channels are joined. */
export function channel(text: string): Channel {
  const value = /^\d+$/.test(text) ? Number(text) : text;
  if (isChannel(value)) return value;
  throw new InvalidArgumentError('It takes mean, luminance or the number of a channel, from 1.');
}

/** all, first, or A:B:STEP, from 1 on and with B; each part may be left out. */
export function frames(text: string): Frames {
  if (text === 'all' || text === 'first') return text;
  const [, one, from, to, step] = /^(?:(\d+)|(\d*):(\d*)(?::(\d*))?)$/.exec(text) ?? [];
  const number = (part: string | undefined) => (part ? Number(part) : null);
  const range = {
    from: number(one ?? from) ?? 1,
    to: number(one ?? to),
    step: number(step) ?? 1,
  };
  const isRange = one !== undefined || from !== undefined;
  if (!isRange || range.from < 1 || range.step < 1 || (range.to ?? range.from) < range.from) {
    throw new InvalidArgumentError('It takes all, first, or A:B:STEP from 1 on, as 1:200:2.');
  }
  return range;
}

const rules = ['otsu', 'median', 'mean', 'adaptive'] as const;

/** A rule's name or a fixed grey value. */
export function threshold(text: string): (typeof rules)[number] | number {
  const rule = rules.find((name) => name === text);
  if (rule) return rule;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= 0 && value <= 255)) {
    throw new InvalidArgumentError(`It takes ${rules.join(', ')} or a number 0 … 255.`);
  }
  return value;
}
