import './foreseen.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gradient } from '../../shared/inference/estimators/gradient.ts';
import { pose } from '../../shared/inference/start.ts';
import { referenceSamplers } from '../inference/synthetic.ts';
import { type Bench, bench, Disk, options, spins } from './stand-in.ts';

const signal = new AbortController().signal;
const begin = { options, paused: false, threads: null, stepsPerSecond: null };

/** A state that a fit of the stand-in's data really has. */
function stateAfter(steps: number) {
  const run = gradient.start(pose(spins, options), options, referenceSamplers);
  run.advance(steps);
  const snapshot = run.snapshot();
  run.close();
  return snapshot;
}

// the session's clock is the test's: what is kept after a while is kept when the test says so
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
/** Longer than from a change to the time when it is kept. */
const aWhile = 1000;

async function opened(disk = new Disk(), dialogs = true): Promise<Bench> {
  const made = await bench({ disk, dialogs });
  await made.session.handlers.data.addPaths({ paths: ['/a.npy', '/b.npy'] }, signal);
  return made;
}

/** A session with one fit that has ended. */
async function fitted(disk = new Disk(), dialogs = true): Promise<Bench> {
  const made = await opened(disk, dialogs);
  await made.session.handlers.fit.start(begin, signal);
  const thread = await made.thread();
  thread.report(2);
  thread.end();
  await vi.waitFor(() => expect(made.session.busy).toBe(false));
  return made;
}

/** A session whose fit is under way: three steps are kept, two more were seen. */
async function fitting(disk: Disk) {
  const made = await opened(disk);
  const { id } = await made.session.handlers.fit.start(begin, signal);
  const thread = await made.thread();
  thread.report(3);
  await pass(aWhile);
  thread.checkpoint(stateAfter(3));
  await pass(aWhile);
  thread.report(2);
  return { made, thread, id };
}

const names = async ({ session }: Bench) =>
  (await session.handlers.data.list({ first: 0, count: 9 }, signal)).pictures.map(
    ({ name }) => name,
  );
const runNames = async ({ session }: Bench) =>
  (await session.handlers.runs.list({}, signal)).map(({ name }) => name);

describe('a project', () => {
  it('is saved where the person says, then there again, and opens as it was', async () => {
    const disk = new Disk();
    const made = await fitted(disk);
    const { projects, preparation } = made.session.handlers;
    const { options: prepared } = await preparation.get({}, signal);
    await preparation.set({ options: { ...prepared, invert: true }, crops: {} }, signal);
    await projects.setNotes({ notes: 'of the third of May' }, signal);
    expect(made.session.unsaved).toBe(true);

    // the dialog was closed
    expect(await projects.save({ as: false }, signal)).toBeNull();
    expect([made.session.unsaved, disk.projects.size]).toEqual([true, 0]);
    // the ending is added
    made.answer = '/work/first';
    expect(await projects.save({ as: false }, signal)).toMatchObject({
      ...{ kind: 'saved', name: 'first.isinglass' },
    });
    expect(made.session.unsaved).toBe(false);
    expect(await projects.current({}, signal)).toMatchObject({
      ...{ name: 'first', place: '/work/first.isinglass', unsaved: false },
    });
    // nobody is asked again
    made.answer = '/work/other';
    await projects.setNotes({ notes: 'of the fourth of May' }, signal);
    expect(await made.session.save()).toBe(true);
    expect([...disk.projects.keys()]).toEqual(['/work/first.isinglass']);
    await made.session.close(false);

    const again = await bench({ disk });
    again.answer = '/work/first.isinglass';
    expect(await again.session.handlers.projects.open({}, signal)).toEqual({
      ...{ name: 'first', missing: [], changed: [], aside: false },
    });
    expect(await names(again)).toEqual(['a.npy', 'b.npy']);
    const [before] = await made.session.handlers.runs.list({}, signal);
    expect(await again.session.handlers.runs.list({}, signal)).toEqual([before]);
    expect((await again.session.handlers.preparation.get({}, signal)).options.invert).toBe(true);
    expect(await again.session.handlers.projects.current({}, signal)).toMatchObject({
      ...{ notes: 'of the fourth of May', unsaved: false },
    });
  });

  it('that was downloaded counts as saved when it is stored, and not before', async () => {
    const made = await fitted(new Disk(), false);
    const { projects } = made.session.handlers;
    await expect((async () => projects.open({}, signal))()).rejects.toBeForeseen();
    const saved = await projects.save({ as: false }, signal);
    if (saved?.kind !== 'download') throw new Error('It was not handed over.');
    expect(made.session.unsaved).toBe(true);
    // a state that never was
    await projects.stored({ state: saved.state + 100, name: 'x.isinglass' }, signal);
    expect(made.session.unsaved).toBe(true);
    await projects.stored({ state: saved.state, name: 'mine.isinglass' }, signal);
    expect(await projects.current({}, signal)).toMatchObject({ name: 'mine', unsaved: false });
    // what has changed since is not in it
    await projects.setNotes({ notes: 'more' }, signal);
    expect(made.session.unsaved).toBe(true);
  });

  it('that cannot be written stays unsaved, where it was', async () => {
    const disk = new Disk();
    const made = await fitted(disk);
    const { projects } = made.session.handlers;
    made.answer = '/work/a.isinglass';
    await projects.save({ as: false }, signal);
    await projects.setNotes({ notes: 'more' }, signal);
    disk.full = new Error('No space is left.');
    made.answer = '/full/b.isinglass';
    await expect(projects.save({ as: true }, signal)).rejects.toThrow(disk.full);
    expect(await projects.current({}, signal)).toMatchObject({
      ...{ name: 'a', place: '/work/a.isinglass', unsaved: true },
    });
    expect([...disk.claims.keys()]).toEqual(['/work/a.isinglass']);
  });

  it('is opened by one session at a time, and the work of the other stays', async () => {
    const disk = new Disk();
    const first = await fitted(disk);
    first.answer = '/work/a.isinglass';
    await first.session.handlers.projects.save({ as: false }, signal);
    const second = await opened(disk);
    second.answer = '/work/a.isinglass';
    await expect(second.session.handlers.projects.open({}, signal)).rejects.toBeForeseen();
    expect(await names(second)).toEqual(['a.npy', 'b.npy']);
    await first.session.close(false);
    await second.session.handlers.projects.open({}, signal);
    expect(await runNames(second)).toEqual(['Run 1']);
  });

  it('that is damaged leaves the session as it was', async () => {
    const disk = new Disk();
    disk.projects.set('/bad.isinglass', new Map([['project.json', new Uint8Array(3)]]));
    const made = await fitted(disk);
    made.answer = '/bad.isinglass';
    await expect(made.session.handlers.projects.open({}, signal)).rejects.toBeForeseen();
    expect(await names(made)).toEqual(['a.npy', 'b.npy']);
    expect(await runNames(made)).toEqual(['Run 1']);
  });

  it('begun anew puts unsaved work aside, from where it comes back', async () => {
    const disk = new Disk();
    const made = await fitted(disk);
    const { projects } = made.session.handlers;
    await projects.create({}, signal);
    expect(made.of('projects.opened')).toMatchObject([{ name: null, aside: true }]);
    expect([await names(made), await runNames(made)]).toEqual([[], []]);
    expect(made.session.unsaved).toBe(false);
    const [aside] = await projects.left({}, signal);
    expect(aside).toMatchObject({ pictures: 2, runs: 1, fit: null });
    await projects.recover({ id: aside.id, goOn: false }, signal);
    expect([await names(made), await runNames(made)]).toEqual([['a.npy', 'b.npy'], ['Run 1']]);
    expect(made.session.unsaved).toBe(true);
    expect(await projects.left({}, signal)).toEqual([]);
  });
});

describe('work is kept', () => {
  it('soon after a change, whole; not before, and not when it is saved', async () => {
    const disk = new Disk();
    const made = await opened(disk);
    expect(disk.kept.size).toBe(0);
    await pass(aWhile);
    expect(disk.kept.size).toBe(1);
    const { projects } = made.session.handlers;
    expect((await projects.current({}, signal)).kept).not.toBeNull();
    await projects.setNotes({ notes: 'n' }, signal);
    made.answer = '/work/a';
    await projects.save({ as: false }, signal);
    await pass(aWhile);
    expect(disk.kept.size).toBe(0);
    expect((await projects.current({}, signal)).kept).toBeNull();
  });

  it('again and again while a fit runs, each time with its state', async () => {
    const { made, thread } = await fitting(new Disk());
    const asked = () => thread.heard.filter((kind) => kind === 'checkpoint').length;
    const before = asked();
    expect(before).toBeGreaterThan(0);
    for (let k = 1; k <= 3; k++) {
      await pass(8000);
      thread.checkpoint(stateAfter(3));
      await pass(0);
      expect(asked()).toBe(before + k);
    }
    expect(await made.session.handlers.projects.current({}, signal)).toMatchObject({
      problem: null,
    });
  });

  it('with the state before where the fit does not answer, and says so', async () => {
    const disk = new Disk();
    const { made, thread } = await fitting(disk);
    await pass(8000);
    await pass(6000);
    const { problem } = await made.session.handlers.projects.current({}, signal);
    expect(problem?.name).toBe('ExplainedError');
    const [kept] = disk.kept.values();
    const { runs } = JSON.parse(new TextDecoder().decode(kept.get('project.json')));
    expect(runs[0].fit.rows).toBe(3);
    // all is well when it answers again
    await pass(8000);
    thread.checkpoint(stateAfter(5));
    await pass(aWhile);
    expect((await made.session.handlers.projects.current({}, signal)).problem).toBeNull();
  });

  it('later where it could not be kept, which a person hears of until then', async () => {
    const disk = new Disk();
    disk.full = new Error('No space is left.');
    const made = await opened(disk);
    await pass(aWhile);
    const current = () => made.session.handlers.projects.current({}, signal);
    expect((await current()).problem?.message).toBe('No space is left.');
    expect(made.of('projects.changed').at(-1)?.problem).not.toBeNull();
    disk.full = null;
    // nobody has to change anything for that
    await pass(8000);
    expect((await current()).problem).toBeNull();
    expect(disk.kept.size).toBe(1);
  });

  it('for the next start where the session is closed so, else it is gone', async () => {
    const disk = new Disk();
    await (await fitted(disk)).session.close(false);
    expect(disk.kept.size).toBe(0);
    const { made, thread } = await fitting(disk);
    const closed = made.session.close(true);
    await pass(0);
    thread.checkpoint(stateAfter(5));
    await pass(0);
    thread.end({ stopped: true });
    await closed;
    expect(disk.kept.size).toBe(1);
  });
});

describe('after a crash', () => {
  async function crashed() {
    const disk = new Disk();
    const { made, id } = await fitting(disk);
    made.crash();
    const next = await bench({ disk });
    const [left] = await next.session.handlers.projects.left({}, signal);
    return { disk, next, left, id };
  }

  it('what was kept is named with its fit, and goes on from its last state', async () => {
    const { next, left, id } = await crashed();
    const { projects, runs } = next.session.handlers;
    expect(left).toMatchObject({
      ...{ name: null, pictures: 2, runs: 1 },
      fit: { name: 'Run 1', images: 6, step: 3, paused: false },
    });
    await projects.recover({ id: left.id, goOn: true }, signal);
    const thread = await next.thread();
    expect(thread.task).toMatchObject({ options, paused: false, data: spins });
    expect(thread.task.snapshot).toEqual(stateAfter(3));
    expect(await runs.list({}, signal)).toMatchObject([{ id, state: 'running', steps: 3 }]);
    expect(next.session.unsaved).toBe(true);
    thread.end();
    await vi.waitFor(() => expect(next.session.busy).toBe(false));
  });

  it('its fit can be ended where it stood, with an estimate, and no window hears of a fit', async () => {
    const { next, left, id } = await crashed();
    const { projects, runs } = next.session.handlers;
    const recovered = projects.recover({ id: left.id, goOn: false }, signal);
    const thread = await next.thread();
    thread.report(0);
    await pass(0);
    expect(thread.heard).toContain('stop');
    thread.checkpoint(stateAfter(3));
    thread.end({ stopped: true });
    await recovered;
    const [run] = await runs.list({}, signal);
    expect(run).toMatchObject({ id, state: 'stopped', steps: 3, continuable: true });
    expect(run.result?.estimate).toMatchObject({ J: 0.25 });
    expect([...next.of('fit.progress'), ...next.of('fit.ended')]).toEqual([]);
  });

  it('what is not wanted is gone, and what is damaged is not offered', async () => {
    const { disk, next, left } = await crashed();
    const { projects } = next.session.handlers;
    disk.kept.set('other', new Map([['project.json', new Uint8Array(5)]]));
    expect(await projects.left({}, signal)).toHaveLength(1);
    await expect(projects.recover({ id: 'other', goOn: true }, signal)).rejects.toBeForeseen();
    await projects.discard({ id: left.id }, signal);
    expect(await projects.left({}, signal)).toEqual([]);
  });
});
