import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { defaultFitOptions, type FitOptions } from '../../../shared/inference/options.ts';
import type { RunSummary } from '../../../shared/protocol/runs.ts';
import { end, serveCommand } from '../application.ts';
import { enter, hostOf } from '../client.ts';

/** A fit that takes some seconds: kernel of many chains, 16 × 16. */
export const options: FitOptions = {
  ...defaultFitOptions,
  ...{ boundary: 'periodic', method: 'gradient', seed: 12, steps: 2500 },
  gradient: { ...defaultFitOptions.gradient, alpha: [0.0002] },
};

export type FaultyHost = Awaited<ReturnType<typeof startHost>>;

/** A browser host with its own home, and a window without a page. @param root of the built program */
export async function startHost(home: string, root?: string) {
  const server = await serveCommand(home, [], [], root);
  const visitor = await enter(server.address);
  const client = await hostOf(visitor);
  return {
    ...{ host: client.host, address: server.address, visitor, pid: server.child.pid ?? 0 },
    async kill() {
      const gone = once(server.child, 'exit');
      server.child.kill('SIGKILL');
      await gone;
      client.close();
    },
    async stop() {
      client.close();
      await end(server.child);
    },
  };
}

export async function draw({ host }: FaultyHost): Promise<void> {
  await host.data.synthetic({
    ...{ rows: 16, cols: 16, boundary: 'periodic', J: 0.3, h: 5 },
    ...{ count: 20, sweeps: 50, seed: 3 },
  });
}

/** Begins the fit, slow enough to be still under way for a while. */
export async function begin({ host }: FaultyHost): Promise<void> {
  await host.fit.start({ options, paused: true });
  await until(async () => (await host.fit.current())?.state === 'paused');
  await host.fit.adjust({ stepsPerSecond: 100 });
  await host.fit.resume();
}

export async function until(condition: () => Promise<boolean>, seconds = 60): Promise<void> {
  const last = performance.now() + 1000 * seconds;
  while (!(await condition())) {
    if (performance.now() > last) throw new Error(`It did not come true in ${seconds} s.`);
    await setTimeout(20);
  }
}

/** The fit under way once it can be told something; null where it has ended. */
async function reachable({ host }: FaultyHost): Promise<RunSummary | null> {
  await until(async () => (await host.fit.current())?.state !== 'preparing');
  return host.fit.current();
}

/** Goes on slowly, where a fit is under way that was paused or fast. */
export async function slowDown(faulty: FaultyHost): Promise<void> {
  const { host } = faulty;
  const run = await reachable(faulty);
  if (!run) return;
  await host.fit.adjust({ stepsPerSecond: 100 });
  if (run.state === 'paused') await host.fit.resume();
}

/** Lets the fit run to its end at full speed. */
export async function finish(faulty: FaultyHost): Promise<RunSummary> {
  const { host } = faulty;
  if (await reachable(faulty)) {
    await host.fit.adjust({ stepsPerSecond: null });
    await host.fit.resume();
  }
  await until(async () => (await host.fit.current()) === null);
  const run = (await host.runs.list()).at(-1);
  if (run?.state !== 'ended') throw new Error(`The run is ${run?.state}: ${run?.error?.message}`);
  return run;
}

/** What a fit found, bit for bit. */
export async function bits({ host }: FaultyHost, { id, result, state }: RunSummary) {
  const { rows } = await host.runs.trace({ run: id, first: 0, last: 1e6, points: 1e6 });
  return { state, estimate: result?.estimate, covariance: result?.covariance, trace: rows };
}

let known: ReturnType<typeof untouched> | null = null;

/** The same fit, left alone; once for all scenarios. */
export function whole() {
  known ??= untouched();
  return known;
}

async function untouched() {
  const home = mkdtempSync(join(tmpdir(), 'isinglass-whole-'));
  const host = await startHost(home);
  try {
    await draw(host);
    await host.host.fit.start({ options });
    return await bits(host, await finish(host));
  } finally {
    await host.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
