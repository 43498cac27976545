import { expect, it } from 'vitest';
import { pieces } from '../../renderer/state/typeset.ts';

const typeset = (words: string) =>
  pieces(words)
    .map(({ text, style }) => ({ plain: text, low: `[${text}]`, bar: `|${text}|` })[style])
    .join('');

it.each([
  ['Path in the (Jx, h) plane', 'Path in the (J[x], h) plane'],
  ['sinh 2|Jx| · sinh 2|Jy|', 'sinh 2|J[x]| · sinh 2|J[y]|'],
  ['J → +∞ beyond −J_c = −0.4407', 'J → +∞ beyond −J[c] = −0.4407'],
  ['J_2 beyond 0.03, in plate J2.png', 'J[2] beyond 0.03, in plate J2.png'],
  ['⟨b_x⟩ − b̄_x, m̄, 14.6 in b_y', '⟨b[x]⟩ − |b|[x], |m|, 14.6 in b[y]'],
  ['J2 and J12 in (1,1), ⟨b_2⟩, η_01, φ̄_01', 'J[2] and J[12] in (1,1), ⟨b[2]⟩, η[01], |φ|[01]'],
  [
    'h/n of Jack, job_x by J. Cox, plate_b_xy.png, DJx, DJ2, J2K',
    'h/n of Jack, job_x by J. Cox, plate_b_xy.png, DJx, DJ2, J2K',
  ],
])('typesets the symbols of “%s” and leaves its words', (words, expected) => {
  expect(typeset(words)).toBe(expected);
});
