import { describe, expect, it, vi } from 'vitest';
import type { ErrorData } from '../../shared/protocol/errors.ts';
import './foreseen.ts';
import { type Bench, bench, options, spins, until } from './stand-in.ts';

const signal = new AbortController().signal;
const begin = { options, paused: false, threads: null, stepsPerSecond: null };

async function withPictures(): Promise<Bench> {
  const made = await bench();
  await made.session.handlers.data.addPaths({ paths: ['/a.npy', '/b.npy'] }, signal);
  return made;
}

/** Asks for something of the part `fit`, as a window does; what it throws is a rejection. */
const ask = async <T>(request: () => T | Promise<T>): Promise<T> => request();

const states = (made: Bench) =>
  made
    .of('runs.changed')
    .flatMap(({ changed }) => changed.map(({ state }) => state))
    .filter((state, k, all) => state !== all[k - 1]);

describe('a fit', () => {
  it('is prepared, runs and ends, and its run has what its thread found', async () => {
    const made = await withPictures();
    const { fit, runs } = made.session.handlers;
    const begun = await ask(() => fit.start({ ...begin, threads: 1, stepsPerSecond: 5 }, signal));
    expect(begun.state).toBe('preparing');
    expect(made.session.busy).toBe(true);
    const thread = await made.thread();
    expect(thread.task).toMatchObject({
      ...{ data: spins, options, snapshot: null, paused: false, stepsPerSecond: 5, threads: 1 },
    });
    thread.report(3);
    thread.report(2);
    thread.end({ steps: 1 });
    await until(() => made.of('fit.ended').length === 1);
    expect(states(made)).toEqual(['preparing', 'running', 'ended']);
    const progress = made.of('fit.progress');
    expect(progress.map(({ firstRow, run }) => [firstRow, run.steps])).toEqual([
      [0, 3],
      [3, 5],
      [5, 6],
    ]);
    const [ended] = made.of('fit.ended');
    expect(ended).toMatchObject({ state: 'ended', steps: 6, images: 6, continuable: false });
    expect(ended.result?.estimate).toMatchObject({ J: 0.25, h: 0.5 });
    expect(runs.sources({ run: ended.id, first: 0, count: 9 }, signal)).toMatchObject({ total: 2 });
    expect(made.session.busy).toBe(false);
    // a thread that has ended is let go
    expect(thread.terminated).toBe(true);
  });

  it('hears pause, step, resume and changes in the order in which they were asked for', async () => {
    const made = await withPictures();
    const { fit } = made.session.handlers;
    await ask(() => fit.start({ ...begin, paused: true }, signal));
    const thread = await made.thread();
    expect(thread.task.paused).toBe(true);
    thread.report(0, true);
    fit.step({}, signal);
    thread.report(1, true);
    fit.resume({}, signal);
    thread.report(1, false);
    fit.adjust({ alpha: [0.2], stepsPerSecond: 7 }, signal);
    fit.pause({}, signal);
    thread.report(1, true);
    expect(thread.told).toEqual([
      { kind: 'step' },
      { kind: 'resume' },
      { kind: 'pace', stepsPerSecond: 7 },
      { kind: 'adjust', changes: { alpha: [0.2] } },
      { kind: 'pause' },
    ]);
    expect(await ask(() => fit.pace({}, signal))).toBe(7);
    expect(states(made)).toEqual(['preparing', 'paused', 'running', 'paused']);
    const stopped = ask(() => fit.stop({}, signal));
    expect(thread.heard.at(-1)).toBe('stop');
    thread.checkpoint();
    thread.end({ stopped: true });
    expect(await stopped).toMatchObject({ state: 'stopped', continuable: true, steps: 3 });
  });

  it('is the only one, and without one there is nothing to tell', async () => {
    const made = await withPictures();
    const { fit } = made.session.handlers;
    for (const name of ['pause', 'resume', 'step', 'stop', 'reset'] as const) {
      await expect(
        ask<unknown>(() => fit[name]({}, signal)),
        name,
      ).rejects.toBeForeseen();
    }
    await ask(() => fit.start(begin, signal));
    await expect(ask(() => fit.start(begin, signal))).rejects.toBeForeseen();
    const thread = await made.thread();
    thread.report();
    await expect(ask(() => fit.start(begin, signal))).rejects.toBeForeseen();
    expect(made.session.handlers.runs.list({}, signal)).toHaveLength(1);
    thread.end();
    await until(() => !made.session.busy);
  });

  it('is taken back while its data are prepared', async () => {
    const made = await withPictures();
    const { load } = made.pictures;
    let aborted = false;
    made.pictures.load = (...given) => {
      const [, , , , taken] = given;
      return new Promise((_, reject) => {
        taken.addEventListener('abort', () => {
          aborted = true;
          reject(taken.reason);
        });
      });
    };
    const { fit } = made.session.handlers;
    await ask(() => fit.start(begin, signal));
    // there is no thread yet that could pause
    await expect(ask(() => fit.pause({}, signal))).rejects.toBeForeseen();
    expect(await ask(() => fit.stop({}, signal))).toMatchObject({ state: 'stopped', error: null });
    expect(aborted).toBe(true);
    expect(made.threads).toHaveLength(0);
    // and the next one begins as if nothing had been
    made.pictures.load = load;
    await ask(() => fit.start(begin, signal));
    (await made.thread()).end();
    await until(() => made.of('fit.ended').at(-1)?.state === 'ended');
  });

  it('fails with its data, or without any, and says why', async () => {
    const empty = await bench();
    await ask(() => empty.session.handlers.fit.start(begin, signal));
    await until(() => empty.of('fit.ended').length === 1);
    const [{ state, error }] = empty.of('fit.ended');
    expect([state, error?.name]).toEqual(['failed', 'ExplainedError']);
    expect(error?.advice).not.toBeNull();

    const made = await withPictures();
    made.pictures.load = () => Promise.reject(new Error('The disk is gone.'));
    await ask(() => made.session.handlers.fit.start(begin, signal));
    await until(() => made.of('fit.ended').length === 1);
    expect(made.of('fit.ended')[0]).toMatchObject({
      ...{ state: 'failed', error: { message: 'The disk is gone.' } },
    });
    expect(made.session.busy).toBe(false);
  });

  it('that fails keeps its last state, and goes on from there with the steps up to it', async () => {
    const made = await withPictures();
    const { fit } = made.session.handlers;
    const { id } = await ask(() => fit.start(begin, signal));
    const first = await made.thread();
    first.report(4);
    first.checkpoint();
    first.report(2);
    first.fail(new Error('The thread has died.'));
    await until(() => !made.session.busy);
    const [failed] = made.of('fit.ended');
    expect(failed).toMatchObject({ state: 'failed', steps: 6, continuable: true });
    // whoever reads it learns that the state was kept
    const withoutState = await failedWithoutState();
    expect(failed.error?.advice).not.toBe(withoutState?.advice);

    const again = { run: id, paused: false, threads: null, stepsPerSecond: null };
    expect(await ask(() => fit.goOn(again, signal))).toMatchObject({ steps: 4, error: null });
    const second = await made.thread();
    second.end({ steps: 0 });
    await until(() => !made.session.busy);
    expect(made.of('fit.ended')[1]).toMatchObject({ id, state: 'ended', steps: 4 });
    // a fit that has come to its end has nothing to go on from
    await expect(ask(() => fit.goOn(again, signal))).rejects.toBeForeseen();
  });

  async function failedWithoutState(): Promise<ErrorData | null> {
    const made = await withPictures();
    await ask(() => made.session.handlers.fit.start(begin, signal));
    const thread = await made.thread();
    thread.report(1);
    thread.fail(new Error('The thread has died.'));
    await until(() => !made.session.busy);
    const [ended] = made.of('fit.ended');
    expect(ended.continuable).toBe(false);
    return ended.error;
  }

  it('is forgotten by a reset, and its run with it', async () => {
    const made = await withPictures();
    const { fit, runs } = made.session.handlers;
    await ask(() => fit.start(begin, signal));
    const thread = await made.thread();
    thread.report();
    const reset = ask(() => fit.reset({}, signal));
    thread.end({ stopped: true });
    await reset;
    expect(runs.list({}, signal)).toEqual([]);
    expect(await ask(() => fit.current({}, signal))).toBeNull();
  });

  it('that does not hear a stop is ended, and says so; one that is young is ended at once', async () => {
    const made = await withPictures();
    const { fit } = made.session.handlers;
    await ask(() => fit.start(begin, signal));
    const deaf = await made.thread();
    deaf.report(1);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const stopped = ask(() => fit.stop({}, signal));
      await vi.advanceTimersByTimeAsync(10_000);
      expect(deaf.terminated).toBe(false);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(deaf.terminated).toBe(true);
      expect(await stopped).toMatchObject({ state: 'failed', error: { name: 'ExplainedError' } });
    } finally {
      vi.useRealTimers();
    }

    await ask(() => fit.start(begin, signal));
    const young = await made.thread();
    expect(await ask(() => fit.stop({}, signal))).toMatchObject({ state: 'stopped', error: null });
    expect([young.terminated, young.heard]).toEqual([true, []]);
  });
});
