import { notesField } from '../../shared/models/names.ts';

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

/** Colours of couplings in the order of their classes, and of fields; more of them begin again. */
const couplingTokens = ['--series-j', '--series-jy', '--series-3', '--series-4', '--series-5'];
const fieldTokens = ['--series-h', '--series-4', '--series-5', '--series-3'];

/** The custom property that colours the coupling of a class, counted from 0. */
export function classToken(kind: number): string {
  return couplingTokens[kind % couplingTokens.length];
}

/** The custom property that colours a parameter. */
export function seriesToken(parameter: string): string {
  const [, coupling, trend] = parameter.match(/^J([xy]|\d+)?$|^eta(\d\d)$/) ?? [];
  if (trend !== undefined) {
    const [i, j] = trend.split('').map(Number);
    return fieldTokens[(2 * i + j) % fieldTokens.length];
  }
  if (!parameter.startsWith('J')) return parameter === notesField ? '--series-h' : '--ink';
  if (coupling === undefined || coupling === 'x') return classToken(0);
  return coupling === 'y' ? classToken(1) : classToken(Number(coupling) - 1);
}

/** @param element whose theme is read: the window's own by default */
export function readPalette(element: Element = document.documentElement): Palette {
  const style = getComputedStyle(element);
  const read = (token: string) => style.getPropertyValue(token).trim();
  const series = new Map([...couplingTokens, ...fieldTokens].map((token) => [token, read(token)]));
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
