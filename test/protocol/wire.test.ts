import { describe, expect, it } from 'vitest';
import type { Reply } from '../../shared/protocol/bridge.ts';
import { connect } from '../../shared/protocol/client.ts';
import { decode, encode } from '../../shared/protocol/codec.ts';
import { eventNames, type Handlers, methodNames } from '../../shared/protocol/contract.ts';
import { dispatcher } from '../../shared/protocol/dispatch.ts';
import { Cancelled, ExplainedError } from '../../shared/protocol/errors.ts';
import { socketEnd, type ToHost, type ToWindow } from '../../shared/protocol/socket.ts';

/** A host with the given handlers behind an in-memory socket. */
async function overSocket(handlers: { [Part in keyof Handlers]?: Partial<Handlers[Part]> }) {
  const answers = dispatcher(handlers as Handlers);
  const toWindow = (frame: ToWindow) => end.receive(encode(frame));
  const wire = {
    send(bytes: Uint8Array) {
      const frame = decode(bytes) as ToHost;
      if (frame.kind === 'cancel') return answers.cancel('page', frame.ticket);
      const { ticket, method, parameters } = frame;
      answers
        .request('page', ticket, method, parameters)
        .then((reply) => toWindow({ kind: 'reply', ticket, reply }));
    },
  };
  const end = socketEnd<string>(wire, async (): Promise<Reply> => ({ ok: true, value: null }));
  toWindow({ kind: 'welcome', methods: methodNames, events: eventNames });
  return { host: connect(await end.bridge), end, wire, answers, toWindow };
}

/** Never answers; fails when it is aborted. */
const untilAborted = (_: unknown, signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('torn down')));
  });

describe('requests over a wire', () => {
  it('arrive checked and bring their results back with arrays whole', async () => {
    const { host } = await overSocket({
      data: {
        view: ({ picture, side }) => ({
          width: picture,
          height: 1,
          grey: new Uint8Array(side).fill(7),
          sourceWidth: 1,
          sourceHeight: Number.NaN,
        }),
      },
    });
    expect(await host.data.view({ picture: 3, side: 9 })).toStrictEqual({
      width: 3,
      height: 1,
      grey: new Uint8Array(9).fill(7),
      sourceWidth: 1,
      sourceHeight: Number.NaN,
    });
  });

  it('are refused when they are unknown or their parameters are not what the contract says', async () => {
    const { answers } = await overSocket({});
    const ask = (method: unknown, parameters: unknown) =>
      answers.request('x', 1, method, parameters);
    for (const [method, parameters] of [
      ['data.view', { picture: -1, side: 9 }],
      ['data.view', { picture: 1, side: 9, path: '/etc/passwd' }],
      ['data.view', null],
      ['export.file', { name: '../x.png', type: 'image/png', content: '' }],
      ['export.file', { name: '..', type: 'image/png', content: '' }],
      ['fit.start', { options: { seed: 1.5 } }],
      ['data.__proto__', {}],
      ['toString', {}],
      [{}, {}],
    ]) {
      const reply = await ask(method, parameters);
      expect(reply.ok, JSON.stringify([method, parameters])).toBe(false);
      expect(!reply.ok && reply.error.message).toMatch(/does not take|There is no request/);
    }
  });

  it('carry errors whole', async () => {
    const { host } = await overSocket({
      app: {
        info: () => {
          throw new ExplainedError('It broke.', 'Mend it.', 'at line 1');
        },
        recent: () => Promise.reject(new RangeError('too far')),
      },
    });
    await expect(host.app.info()).rejects.toMatchObject({
      name: 'ExplainedError',
      message: 'It broke.',
      advice: 'Mend it.',
      details: 'at line 1',
    });
    await expect(host.app.recent()).rejects.toMatchObject({
      name: 'RangeError',
      message: 'too far',
    });
  });

  it('can be taken back, one alone, before or while they run', async () => {
    const { host, answers } = await overSocket({
      data: { openFolder: untilAborted, openFiles: untilAborted },
    });
    await expect(host.data.openFolder({}, AbortSignal.abort())).rejects.toBeInstanceOf(Cancelled);
    const controller = new AbortController();
    const taken = host.data.openFolder({}, controller.signal);
    const other = host.data.openFiles();
    let otherEnded = false;
    other.catch(() => {
      otherEnded = true;
    });
    controller.abort();
    await expect(taken).rejects.toBeInstanceOf(Cancelled);
    expect(otherEnded).toBe(false);
    answers.disconnect('page');
    await expect(other).rejects.toBeInstanceOf(Cancelled);
  });

  it('fail when the connection is lost, and work again when it is back', async () => {
    const { host, end, wire } = await overSocket({
      data: { openFolder: untilAborted },
      app: { recent: () => [] },
    });
    const seen: boolean[] = [];
    host.on('app.connection', (connected) => seen.push(connected));
    const open = host.data.openFolder();
    end.lost();
    await expect(open).rejects.toThrow(/connection to Isinglass is lost/);
    await expect(host.app.recent()).rejects.toThrow(/connection to Isinglass is lost/);
    end.reconnected(wire);
    expect(await host.app.recent()).toEqual([]);
    expect(seen).toEqual([false, true]);
  });
});

describe('events over a wire', () => {
  it('reach every listener until it unsubscribes', async () => {
    const { host, toWindow } = await overSocket({});
    const seen: string[] = [];
    const off = host.on('app.menu', (command) => seen.push(`a ${command}`));
    host.on('app.menu', (command) => seen.push(`b ${command}`));
    toWindow({ kind: 'event', name: 'app.menu', payload: 'undo' });
    off();
    toWindow({ kind: 'event', name: 'app.menu', payload: 'redo' });
    expect(seen).toEqual(['a undo', 'b undo', 'b redo']);
  });
});
