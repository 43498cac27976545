import type { z } from 'zod';
import { type AppEvents, appRequests } from './app.ts';
import { type CheckEvents, checkRequests } from './check.ts';
import { type DataEvents, dataRequests } from './data.ts';
import type { Request } from './declare.ts';
import { exportRequests } from './exports.ts';
import { type FitEvents, fitRequests } from './fit.ts';
import { preparationRequests } from './preparation.ts';
import { type ProjectsEvents, projectsRequests } from './projects.ts';
import { type RunsEvents, runsRequests } from './runs.ts';

/** Everything that the window may ask of a host. All else on both sides is derived from this map. */
export const requests = {
  app: appRequests,
  data: dataRequests,
  preparation: preparationRequests,
  fit: fitRequests,
  check: checkRequests,
  runs: runsRequests,
  export: exportRequests,
  projects: projectsRequests,
};

/** Everything that a host tells without being asked. */
export interface Events
  extends AppEvents,
    DataEvents,
    FitEvents,
    CheckEvents,
    RunsEvents,
    ProjectsEvents {}

export type EventName = keyof Events;

export const eventNames = [
  'app.menu',
  'app.connection',
  'data.progress',
  'data.changed',
  'fit.progress',
  'fit.ended',
  'check.progress',
  'runs.changed',
  'runs.restored',
  'projects.changed',
  'projects.opened',
] as const satisfies readonly EventName[];

/** Nobody who asks gives up what is asked with. */
type ReadonlyDeep<T> = T extends ArrayBufferView | ((...given: never[]) => unknown)
  ? T
  : { readonly [K in keyof T]: ReadonlyDeep<T[K]> };

type Parts = typeof requests;
type ResultOf<R> = R extends Request<z.ZodType, infer Result> ? Result : never;
type InputOf<R> = R extends Request<infer Schema, unknown> ? ReadonlyDeep<z.input<Schema>> : never;
type OutputOf<R> = R extends Request<infer Schema, unknown> ? z.output<Schema> : never;

/** The window's side: `host.data.list({ first: 0, count: 50 }, signal)`. */
export type Requests = {
  [Part in keyof Parts]: {
    [Name in keyof Parts[Part]]: (
      ...parameters: undefined extends InputOf<Parts[Part][Name]>
        ? [parameters?: InputOf<Parts[Part][Name]>, signal?: AbortSignal]
        : [parameters: InputOf<Parts[Part][Name]>, signal?: AbortSignal]
    ) => Promise<ResultOf<Parts[Part][Name]>>;
  };
};

/** The host's side: the same, with parameters checked and a signal always there. */
export type Handlers = {
  [Part in keyof Parts]: {
    [Name in keyof Parts[Part]]: (
      parameters: OutputOf<Parts[Part][Name]>,
      signal: AbortSignal,
    ) => ResultOf<Parts[Part][Name]> | Promise<ResultOf<Parts[Part][Name]>>;
  };
};

/** How a host tells something. */
export type Emit = <Name extends EventName>(name: Name, payload: Events[Name]) => void;

/** `data.list` and so on: how a request is called on a wire. */
export const methodNames: readonly string[] = Object.entries(requests).flatMap(([part, methods]) =>
  Object.keys(methods).map((name) => `${part}.${name}`),
);
