import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { setWords } from '../../renderer/state/set-words.ts';
import { comesFromOthers } from '../../renderer/state/staleness.ts';
import { parseFitFile } from '../../shared/protocol/fit-file.ts';
import { preparationOptions } from '../../shared/protocol/schemas.ts';

const path = new URL('../fixtures/formats/0.1.0/sample.fit.json', import.meta.url);
const { data } = parseFitFile(readFileSync(path, 'utf8'), 'the sample');
const [source] = data.sources;
const options = preparationOptions.parse(data.preparation);
const picture = {
  ...{ id: 3, name: 'd.csv', origin: '/home/somebody/d.csv', kind: 'spins' as const },
  ...{
    failure: null,
    missing: false,
    frame: null,
    sha256: source.sha256,
    changed: false,
    synthetic: null,
  },
};
const crop = { x: 0, y: 0, width: 4, height: 4 };

it.each([
  ['the same', [picture], options, {}, false],
  ['the same, not yet read', [{ ...picture, sha256: null }], options, {}, false],
  ['its file still missing', [{ ...picture, missing: true, failure: 'gone' }], options, {}, false],
  [
    'beside one that cannot be used',
    [picture, { ...picture, name: 'x.png', origin: 'x', failure: 'cut' }],
    options,
    {},
    false,
  ],
  ['its sides left to it', [picture], { ...options, rows: null, cols: null }, {}, false],
  ['with another', [picture, { ...picture, name: 'x.png', origin: 'x' }], options, {}, true],
  ['without it', [], options, {}, true],
  ['changed on the disk', [{ ...picture, changed: true }], options, {}, true],
  ['changed, and used since', [{ ...picture, sha256: 'ff' }], options, {}, true],
  ['otherwise prepared', [picture], { ...options, invert: true }, {}, true],
  ['with a crop of its own', [picture], options, { 3: crop }, true],
])('knows whether a result is that of the present pictures: %s', (_, pictures, now, crops, is) => {
  expect(comesFromOthers(data, data.sources, pictures, { options: now, crops })).toBe(is);
});

it('counts what is fitted', () => {
  const file = { ...picture, name: 'a.png', kind: 'picture' as const };
  const synthetic = { rows: 8, cols: 8, J: 0.3, h: 0, count: 500, seed: 1 };
  const drawn = { ...picture, synthetic: { ...synthetic, boundary: 'free' } as never };
  expect(setWords([picture], 500)).toBe('500 configurations in 1 file');
  expect(setWords([picture, picture], null)).toBe('2 files of spins');
  expect(setWords([picture, { ...picture, failure: 'cut' }], 1)).toBe(
    '1 configuration in 1 file, 1 that cannot be used',
  );
  expect(setWords([file, file], 2)).toBe('2 pictures');
  expect(setWords([file], 12)).toBe('12 images from 1 picture');
  expect(setWords([drawn, drawn], null)).toBe('1,000 configurations');
});
