import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge, Reply } from '../shared/protocol/bridge.ts';
import { eventNames, methodNames } from '../shared/protocol/contract.ts';
import { channels } from './channels.ts';

type Listener = (payload: unknown) => void;

const ask = (ticket: number, method: string, parameters: unknown): Promise<Reply> =>
  ipcRenderer.invoke(channels.request, ticket, method, parameters);

const listeners = new Map<string, Set<Listener>>();
ipcRenderer.on(channels.event, (_, name: string, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload);
});

// paths come from files that a person dropped, never from the page
const exposed = methodNames.filter((name) => name !== 'data.addPaths');

const bridge: Bridge<File> = {
  requests: Object.fromEntries(
    exposed.map((method) => [
      method,
      (ticket: number, parameters: unknown) => ask(ticket, method, parameters),
    ]),
  ),
  events: Object.fromEntries(
    eventNames.map((name) => [
      name,
      (listener: Listener) => {
        const set = listeners.get(name) ?? new Set();
        listeners.set(name, set.add(listener));
        return () => {
          set.delete(listener);
        };
      },
    ]),
  ),
  cancel: (ticket) => ipcRenderer.send(channels.cancel, ticket),
  addFiles: (ticket, files) => {
    const paths = files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
    return ask(ticket, 'data.addPaths', { paths });
  },
};

contextBridge.exposeInMainWorld('isinglass', bridge);
