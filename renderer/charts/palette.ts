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

/** @param element whose theme is read: the window's own by default */
export function readPalette(element: Element = document.documentElement): Palette {
  const style = getComputedStyle(element);
  const read = (token: string) => style.getPropertyValue(token).trim();
  const series = new Map(Object.values(tokens).map((token) => [token, read(token)]));
  const ink = read('--ink');
  return {
    surface: read('--surface'),
    ink,
    soft: read('--ink-soft'),
    line: read('--line'),
    data: read('--series-data'),
    accent: read('--accent'),
    spinUp: read('--spin-up'),
    spinDown: read('--spin-down'),
    series: (parameter) => series.get(seriesToken(parameter)) ?? ink,
  };
}

/** Colours of what is printed, whatever the window's theme. */
export function paperPalette(): Palette {
  const paper = document.createElement('div');
  paper.className = 'paper';
  document.body.append(paper);
  const palette = readPalette(paper);
  paper.remove();
  return palette;
}

/** A colour with an opacity, both as CSS spells them. */
export function faded(colour: string, opacity: number): string {
  return `${colour}${Math.round(255 * opacity)
    .toString(16)
    .padStart(2, '0')}`;
}
