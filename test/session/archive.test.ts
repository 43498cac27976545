import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { unpackProject } from '../../electron/node/projects/project-zip.ts';
import {
  contentName,
  type Project,
  ProjectWriter,
  readProject,
} from '../../shared/session/project/archive.ts';

const saved = new URL('../fixtures/formats/0.1.0/sample.isinglass', import.meta.url);
const older = readProject(await unpackProject(readFileSync(saved), 'the sample'), 'the sample');

/** Many runs of one set of many pictures, each with a list of its own, as fits have them. */
function manyRuns(runs: number, pictures: number): Project {
  const [run] = older.runs.filter(({ set, summary }) => set && summary.result);
  const sources = () =>
    Array.from({ length: pictures }, (_, k) => ({
      ...run.sources[0],
      path: `/home/somebody/pictures/of the third of May/${k}.png`,
    }));
  const set = run.set && { ...run.set, sources: sources() };
  const one = (k: number) => ({
    ...run,
    summary: { ...run.summary, id: `run-${k + 1}` },
    sources: sources(),
    set,
  });
  return { ...older, runs: Array.from({ length: runs }, (_, k) => one(k)) };
}

function written(project: Project, writer = new ProjectWriter()) {
  const members = Array.from(
    writer.write(project, older.copies),
    ([name, file]) => [name, Buffer.concat([file].flat())] as const,
  );
  return new Map(members);
}

it('holds a list of files once, however many runs were fitted to them', () => {
  const sizeOf = (runs: number) => written(manyRuns(runs, 10_000)).get(contentName)?.length ?? 0;
  const one = sizeOf(1);
  expect(sizeOf(25) - one).toBeLessThan(one / 2);
});

it('gives every run and set its own list back, whatever others have', () => {
  const project = manyRuns(3, 2);
  const [first, second, third] = project.runs;
  const other = { ...second, sources: second.sources.toReversed() };
  const whole = { ...project, runs: [first, other, { ...third, sources: [] }] };
  const writer = new ProjectWriter();
  // a second time, when lists are known and the first run is gone
  for (const state of [whole, { ...whole, runs: whole.runs.slice(1) }, whole]) {
    const back = readProject(written(state, writer), 'it');
    const listsOf = ({ runs }: Project) => runs.map(({ sources, set }) => [sources, set?.sources]);
    expect(listsOf(back)).toEqual(listsOf(state));
  }
});

it('reads what has a list for each, and refuses a list that is missing', () => {
  expect(older.runs.some(({ sources }) => sources.length > 0)).toBe(true);
  const members = written(manyRuns(1, 2));
  const text = members
    .get(contentName)
    ?.toString()
    .replace(/"sourceList": 0/g, '"sourceList": 7');
  expect(() => readProject(members.set(contentName, Buffer.from(text ?? '')), 'it')).toThrow(
    /sourceLists\.7/,
  );
});
