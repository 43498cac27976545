/** Colours of one theme, as charts and canvases need them: read from the style sheet's tokens. */
export interface Palette {
  readonly surface: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly data: string;
  readonly accent: string;
  readonly spinUp: string;
  readonly spinDown: string;
  /** One colour a parameter, the same everywhere in the program. */
  series(parameter: string): string;
}

const tokens: Readonly<Record<string, string>> = {
  J: '--series-j',
  Jx: '--series-j',
  Jy: '--series-jy',
  h: '--series-h',
};

/** The custom property that colours a parameter. */
export function seriesToken(parameter: string): string {
  return tokens[parameter] ?? '--ink';
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (token: string) => style.getPropertyValue(token).trim();
  return {
    surface: read('--surface'),
    ink: read('--ink'),
    soft: read('--ink-soft'),
    line: read('--line'),
    data: read('--series-data'),
    accent: read('--accent'),
    spinUp: read('--spin-up'),
    spinDown: read('--spin-down'),
    series: (parameter) => read(seriesToken(parameter)),
  };
}

/** A colour with an opacity, both as CSS spells them. */
export function faded(colour: string, opacity: number): string {
  return `${colour}${Math.round(255 * opacity)
    .toString(16)
    .padStart(2, '0')}`;
}
