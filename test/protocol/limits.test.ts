import { expect, it } from 'vitest';
import { mostChains } from '../../shared/inference/options.ts';
import { isFitState } from '../../shared/protocol/fit-state.ts';
import { mostPictures, mostRuns } from '../../shared/protocol/limits.ts';
import { parseJson } from '../../shared/protocol/parse-json.ts';
import { parseProject } from '../../shared/protocol/project-file.ts';

const opened = (change: object) =>
  parseProject(new TextEncoder().encode(JSON.stringify({ runs: [], ...change })), 'p');

it('counts before it looks at what it has counted, and says what there is too much of', () => {
  const many = (count: number) => Array.from({ length: count }, () => 'no such thing');
  expect(() => opened({ runs: many(mostRuns + 1) })).toThrow(/p .*more than 1,000 runs/);
  expect(() => opened({ pictures: many(mostPictures + 1) })).toThrow(/more than 100,000 pictures/);
  // the control: as many as are taken are looked at
  expect(() => opened({ pictures: [], runs: many(mostRuns) })).not.toThrow(/more than/);
  expect(isFitState({ kernels: many(mostChains + 1) }, 2, 64)).toBe(false);
});

it('bears no JSON that nests without end, and none that reaches a prototype', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}"]] \\" {"${']'.repeat(depth)}`;
  expect(parseJson(nested(32))).toBeInstanceOf(Array);
  expect(() => parseJson(nested(33))).toThrow(SyntaxError);
  expect(() => parseJson(nested(100_000))).toThrow(SyntaxError);
  for (const name of ['__proto__', '\\u005f_proto__', '\\u005F\\u005fproto__']) {
    expect(() => parseJson(`{"${name}": {"a": 1}}`)).toThrow(SyntaxError);
  }
  expect(parseJson('{"notes": "of __proto__"}')).toEqual({ notes: 'of __proto__' });
});
