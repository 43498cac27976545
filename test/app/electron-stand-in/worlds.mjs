/* Two functions that run in the page, sent there as text. */

/** In the page's own world, before any of its scripts: makes what the preload exposes. */
export function mainWorld(channel) {
  const calls = new Map();
  const callbacks = new Map();
  let last = 0;
  const tell = (kind, detail) =>
    document.dispatchEvent(new CustomEvent(`${channel}-${kind}`, { detail }));
  const build = (shape, path) => {
    if (shape !== 'function') {
      return Object.freeze(
        Object.fromEntries(
          Object.entries(shape).map(([key, inner]) => [key, build(inner, [...path, key])]),
        ),
      );
    }
    return (...given) => {
      const id = ++last;
      const args = given.map((value) => {
        if (typeof value !== 'function') return { value };
        callbacks.set(++last, value);
        return { callback: last };
      });
      let resolve;
      let reject;
      const promise = new Promise((...both) => {
        [resolve, reject] = both;
      });
      // the result comes within this very call; promises of it later
      let result;
      let answered = false;
      calls.set(id, (reply) => {
        answered = true;
        if (reply.kind === 'promise') result = promise;
        else if (reply.kind === 'value') result = reply.value;
        else if (reply.kind === 'function')
          result = build('function', ['returned', reply.returned]);
        else if (reply.kind === 'resolved') resolve(reply.value);
        else if (result === promise) reject(new Error(reply.message));
        else throw new Error(reply.message);
      });
      tell('call', { id, path, args });
      // what cannot cross to the preload's world, such as a proxy, is refused as the real bridge does
      if (!answered) throw new Error('An object could not be cloned.');
      return result;
    };
  };
  document.addEventListener(`${channel}-reply`, ({ detail }) => calls.get(detail.id)(detail));
  document.addEventListener(`${channel}-callback`, ({ detail }) =>
    callbacks.get(detail.id)(...detail.args),
  );
  document.addEventListener(`${channel}-expose`, ({ detail }) => {
    const value = build(detail.shape, ['exposed', detail.name]);
    Object.defineProperty(window, detail.name, { value, enumerable: true });
  });
  tell('ready');
}

/** In the isolated world: what a sandboxed preload finds when it requires electron. */
export function preloadWorld(channel, toText, fromText, runPreload) {
  const roots = { exposed: {}, returned: {} };
  let returned = 0;
  const tell = (kind, detail) =>
    document.dispatchEvent(new CustomEvent(`${channel}-${kind}`, { detail }));
  document.addEventListener(`${channel}-call`, ({ detail: { id, path, args } }) => {
    const reply = (kind, rest) => tell('reply', { id, kind, ...rest });
    try {
      const target = path.reduce((object, key) => object[key], roots);
      const values = args.map(({ value, callback }) =>
        callback === undefined
          ? value
          : (...given) => tell('callback', { id: callback, args: given }),
      );
      const result = target(...values);
      if (result instanceof Promise) {
        reply('promise');
        result.then(
          (value) => reply('resolved', { value }),
          (error) => reply('rejected', { message: error.message }),
        );
      } else if (typeof result === 'function') {
        roots.returned[++returned] = result;
        reply('function', { returned });
      } else reply('value', { value: result });
    } catch (error) {
      reply('rejected', { message: error.message });
    }
  });

  const waiting = new Map();
  const listeners = new Map();
  const parts = new Map();
  let last = 0;
  const send = (message) => {
    const text = toText(message);
    const id = ++last;
    for (let from = 0; from < text.length; from += 400_000) {
      const more = from + 400_000 < text.length;
      window.standInSend(JSON.stringify({ id, more, part: text.slice(from, from + 400_000) }));
    }
  };
  window.standInReceive = (id, more, part) => {
    const text = (parts.get(id) ?? '') + part;
    parts.set(id, text);
    if (more) return;
    parts.delete(id);
    const message = fromText(text);
    if (message.kind === 'event') {
      for (const listener of listeners.get(message.channel) ?? []) listener({}, ...message.args);
    } else {
      const { resolve, reject } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.kind === 'resolved') resolve(message.value);
      else reject(new Error(`Error invoking remote method: ${message.message}`));
    }
  };
  const paths = new Map();
  const keyOf = (file) => `${file.name}|${file.size}`;
  window.standInFiles = (files) => {
    for (const file of files) paths.set(keyOf(file), file.path);
  };
  const electron = {
    contextBridge: {
      exposeInMainWorld(name, api) {
        roots.exposed[name] = api;
        const shapeOf = (value) =>
          typeof value === 'function'
            ? 'function'
            : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shapeOf(item)]));
        const expose = () => tell('expose', { name, shape: shapeOf(api) });
        document.addEventListener(`${channel}-ready`, expose, { once: true });
        expose();
      },
    },
    ipcRenderer: {
      invoke: (name, ...args) =>
        new Promise((resolve, reject) => {
          const id = ++last;
          waiting.set(id, { resolve, reject });
          send({ kind: 'invoke', id, channel: name, args });
        }),
      send: (name, ...args) => send({ kind: 'send', channel: name, args }),
      on: (name, listener) => listeners.set(name, [...(listeners.get(name) ?? []), listener]),
    },
    webUtils: { getPathForFile: (file) => paths.get(keyOf(file)) ?? '' },
  };
  const require = (name) => {
    if (name !== 'electron') throw new Error(`A sandboxed preload cannot require ${name}.`);
    return electron;
  };
  runPreload(require, { exports: {} }, {});
}
