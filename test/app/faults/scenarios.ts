import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { chromium } from 'playwright';
import { projectStore } from '../../../electron/node/projects/project-store.ts';
import { SessionFolder } from '../../../electron/node/projects/session-folder.ts';
import { root } from '../application.ts';
import { chromiumArguments, chromiumPath } from '../chromium.ts';
import { begin, bits, draw, finish, slowDown, startHost, until, whole } from './host.ts';
import { savedMembers } from './saver.ts';

/*
 * Faults done to the built program. Each gives one sentence about what was seen, and throws where anything was lost
 * that must not be.
 */

const here = import.meta.dirname;
/** A moment that nothing foretells, within so many milliseconds. */
const someTime = (least: number, most: number) =>
  setTimeout(least + (most - least) * Math.random());

/** @throws Error that names the parts in which they differ */
function same(a: object, b: object): void {
  if (isDeepStrictEqual(a, b)) return;
  const other = new Map(Object.entries(b));
  const parts = Object.entries(a).flatMap(([name, value]) => {
    const truth: unknown = other.get(name);
    if (isDeepStrictEqual(value, truth)) return [];
    if (!(value instanceof Float64Array && truth instanceof Float64Array)) return [name];
    const first = value.findIndex((number, k) => !Object.is(number, truth[k]));
    return [`${name} (${value.length} numbers for ${truth.length}, from ${first} on)`];
  });
  throw new Error(`The fit ended with other bits in ${parts.join(', ')}.`);
}

/** Kills the browser host at random moments of starting, opening, fitting and keeping. */
export async function killHosts(folder: string, kills: number): Promise<string> {
  const truth = await whole();
  const home = join(folder, 'killed');
  let lost = 0;
  for (let k = 0; ; k++) {
    const host = await startHost(home);
    const [left] = await host.host.projects.left();
    if (left) await host.host.projects.recover({ id: left.id, goOn: true });
    else {
      // killed before anything was kept
      lost++;
      await draw(host);
      await begin(host);
    }
    if (k === kills) {
      // a state that was kept before the fit's first one is a fit that was not begun
      if ((await host.host.runs.list()).length === 0) await begin(host);
      same(await bits(host, await finish(host)), truth);
      await host.stop();
      return `${kills} kills, ${lost - 1} of them before anything was kept: the same bits`;
    }
    if ((await host.host.runs.list()).length === 0) await begin(host);
    else await slowDown(host);
    // notes are kept at once: some kills hit just that
    const noting = host.host.projects.setNotes({ notes: `killed ${k} times` }).catch(() => {});
    await someTime(0, 1500);
    await host.kill();
    await noting;
  }
}

/** Kills a process that saves and keeps without end; what it had said to be saved must be there, whole. */
export async function killSavers(folder: string, kills: number): Promise<string> {
  let n = 0;
  const path = join(folder, 'p.isinglass');
  for (let k = 0; k < kills; k++) {
    const child = spawn(
      process.execPath,
      ['--input-type=module', '-e', runModule('saver.ts', 'saveForever', folder, n + 1)],
      { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
    });
    await until(async () => said.includes('kept'));
    await someTime(0, 300);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    const last = (what: string) =>
      Number(
        said
          .match(new RegExp(`${what} (\\d+)`, 'g'))
          ?.at(-1)
          ?.split(' ')[1],
      );
    const session = await SessionFolder.create(join(folder, 'sessions'));
    const store = projectStore(session, () => true);
    const found = await store.read(path);
    // at most one more than it has come to tell
    n = checkSaved(found, last('saved'));
    const [left] = await session.left();
    const kept = checkSaved(await session.peek(left.id), last('kept'));
    if (kept > n) throw new Error('It kept what it had not saved before.');
    for (const { id } of await session.left()) await session.discard(id);
    await session.close();
  }
  return `${kills} kills, ${n} saves: the last one told, or the one under way, and whole`;
}

function checkSaved(members: ReadonlyMap<string, Uint8Array>, told: number): number {
  const { n } = JSON.parse(Buffer.from(members.get('project.json') ?? []).toString());
  if (n !== told && n !== told + 1) throw new Error(`${told} was told to be saved, ${n} is.`);
  if (!isDeepStrictEqual(new Map(members), savedMembers(n))) throw new Error(`Save ${n} is mixed.`);
  return n;
}

/** A command that runs a function of a TypeScript module beside this one. */
function runModule(file: string, name: string, ...given: unknown[]): string {
  return `const { runnerImport } = await import('vite');
    const { module } = await runnerImport(${JSON.stringify(join(here, file))}, { root: ${JSON.stringify(root)}, configFile: false });
    await module[${JSON.stringify(name)}](...${JSON.stringify(given)});`;
}

/** The fit's thread throws, exits, hangs or runs out of memory; the host says so, and the fit goes on. */
export async function breakWorker(
  folder: string,
  fault: 'throws' | 'exits' | 'hangs' | 'takes all memory',
): Promise<string> {
  const truth = await whole();
  const host = await withFaults(folder, {
    FAULT: fault,
    // a heap of 4 GB takes long to fill
    ...(fault === 'takes all memory' && { NODE_OPTIONS: '--max-old-space-size=160' }),
  });
  try {
    await draw(host);
    await begin(host);
    if (fault === 'hangs') {
      // it is told, and a stop ends the thread
      await until(async () => (await host.host.projects.current()).problem !== null);
      await host.host.fit.stop();
    }
    await until(async () => (await host.host.fit.current()) === null);
    const [run] = await host.host.runs.list();
    if (run.state !== 'failed' || !run.continuable || !run.error) {
      throw new Error(`The run is ${run.state}, ${run.error?.message ?? 'without an error'}.`);
    }
    const { message, advice } = run.error;
    await host.host.fit.goOn({ run: run.id });
    same(await bits(host, await finish(host)), truth);
    if (!advice?.includes('Its last state was kept')) throw new Error(`It advised: ${advice}`);
    return `“${message}” Gone on: the same bits`;
  } finally {
    await host.stop();
  }
}

/** The fit's thread ends at random moments of starting, fitting and keeping, and is begun again from its last state. */
export async function endThreads(folder: string, times: number): Promise<string> {
  const truth = await whole();
  const host = await withFaults(folder, { FAULT: 'exits', FAULT_TIMES: String(times) });
  try {
    await draw(host);
    await begin(host);
    let early = 0;
    // slow enough to be under way at the last of them
    const slow = 1000 / times;
    for (let k = 0; k < times; k++) {
      await host.host.fit.adjust({ stepsPerSecond: slow }).catch(() => {});
      await until(async () => (await host.host.fit.current()) === null);
      const run = (await host.host.runs.list()).at(-1);
      if (run?.state !== 'failed') throw new Error(`After ${k} ends the run is ${run?.state}.`);
      const stepsPerSecond = k === times - 1 ? null : slow;
      if (run.continuable) await host.host.fit.goOn({ run: run.id, stepsPerSecond });
      else {
        early++;
        await begin(host);
      }
    }
    same(await bits(host, await finish(host)), truth);
    return `${times} ends, ${early} of them before a state was kept: the same bits`;
  } finally {
    await host.stop();
  }
}

/** A host of a copy of the program whose fit thread breaks. */
function withFaults(folder: string, environment: Record<string, string>) {
  const program = join(folder, 'program');
  const bundle = join(program, 'dist/node');
  cpSync(join(root, 'dist'), join(program, 'dist'), {
    recursive: true,
    filter: (path) => !path.startsWith(join(root, 'dist/packages')),
  });
  cpSync(join(root, 'package.json'), join(program, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(program, 'node_modules'));
  renameSync(join(bundle, 'fit-worker.js'), join(bundle, 'real-fit-worker.js'));
  cpSync(join(here, 'fault-worker.mjs'), join(bundle, 'fit-worker.js'));
  const all = { FAULT_DONE: join(folder, 'done'), ...environment };
  return withEnvironment(all, () => startHost(join(folder, 'home'), program));
}

async function withEnvironment<T>(variables: Record<string, string>, work: () => Promise<T>) {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(variables)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

/** Crashes the page of the window at random moments of a fit; another one takes its place. */
export async function killPages(folder: string, kills: number): Promise<string> {
  const truth = await whole();
  const host = await startHost(join(folder, 'home'));
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: chromiumArguments,
  });
  try {
    await draw(host);
    await begin(host);
    // slow enough to be under way when the last page has gone
    await host.host.fit.adjust({ stepsPerSecond: 2000 / (20 * kills) });
    const context = await browser.newContext();
    const [name, value] = host.visitor.cookie.split('=');
    await context.addCookies([{ name, value, url: host.visitor.origin }]);
    for (let k = 0; k < kills; k++) {
      const page = await context.newPage();
      await page.goto(host.visitor.origin);
      await page
        .getByText(/Run 1 running/)
        .waitFor()
        .catch(async (error: Error) => {
          const shown = await page.innerText('body').catch(() => 'nothing');
          throw new Error(`Page ${k} showed no running fit but: ${shown}`, { cause: error });
        });
      await someTime(0, 800);
      const crashed = page.waitForEvent('crash');
      // the answer to this never comes
      void (await context.newCDPSession(page)).send('Page.crash').catch(() => {});
      await crashed;
      await page.close();
    }
    await host.host.fit.adjust({ stepsPerSecond: null });
    same(await bits(host, await finish(host)), truth);
    return `${kills} pages killed: each next one showed the fit, the same bits`;
  } finally {
    await browser.close();
    await host.stop();
  }
}

/** Fits a folder by the command line while something is done to the process or to its files. */
async function disturbed(
  folder: string,
  more: readonly string[],
  disturb: (pid: number, pictures: string, child: ReturnType<typeof spawn>) => Promise<void>,
): Promise<void> {
  const pictures = join(folder, 'pictures');
  mkdirSync(pictures, { recursive: true });
  for (let k = 0; k < 20; k++) {
    const rows = Array.from({ length: 16 }, (_, i) =>
      Array.from({ length: 16 }, (__, j) => ((i * i + j * k + ((i * j) >> 2)) % 3 ? 1 : 0)).join(
        ',',
      ),
    );
    writeFileSync(join(pictures, `${k}.csv`), `${rows.join('\n')}\n`);
  }
  const cli = join(root, 'dist/node/cli.js');
  const args = [
    ...[
      'fit',
      pictures,
      '--boundary',
      'periodic',
      '--method',
      'gradient',
      '--seed',
      '8',
      '--no-check',
    ],
    ...['--alpha', '0.0002', '--steps', '5000', '--threads', '2', '--checkpoint-every', '0.1'],
  ];
  const run = (given: readonly string[]) =>
    spawn(process.execPath, [cli, ...given], { cwd: folder, stdio: 'ignore' });
  const untouched = run([...args, '--out', 'whole.fit.json']);
  await once(untouched, 'exit');
  const child = spawn(process.execPath, [...more, cli, ...args, '--out', 'it.fit.json'], {
    cwd: folder,
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  await until(async () => existsSync(join(folder, 'it.fit.json.checkpoint')));
  await disturb(child.pid ?? 0, pictures, child);
  const [, signal] = await ended;
  if (signal === 'SIGKILL')
    await once(run(['fit', '--resume', 'it.fit.json', '--no-check']), 'exit');
  const read = (name: string) => {
    const { created: _, seconds, ...rest } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    if (!(seconds >= 0)) throw new Error(`It took ${seconds} s.`);
    return rest;
  };
  same(read('it.fit.json'), read('whole.fit.json'));
}

/** The folder of pictures is changed, then removed, while they are fitted; the fit is then killed, and resumed. */
export async function removePictures(folder: string): Promise<string> {
  await disturbed(folder, [], async (_, pictures, child) => {
    writeFileSync(join(pictures, '3.csv'), '1,1,1\n1,0,1\n1,1,1\n');
    await setTimeout(200);
    rmSync(pictures, { recursive: true });
    await setTimeout(200);
    child.kill('SIGKILL');
  });
  return 'changed, removed, then the fit killed and resumed: the same bits';
}

/** The clock is set back by a day in mid-fit; the fit is then killed, and resumed by another clock. */
export async function setClockBack(folder: string): Promise<string> {
  const shim = `--import=${pathToFileURL(join(here, 'clock-back.mjs'))}`;
  await disturbed(folder, [shim], async (_, __, child) => {
    await setTimeout(400);
    child.kill('SIGKILL');
  });
  return 'by a day, then the fit killed and resumed: the same bits, no negative time';
}

/** The process is suspended several times. @param seconds each time */
export async function suspend(folder: string, times: number, seconds: number): Promise<string> {
  await disturbed(folder, [], async (pid) => {
    for (let k = 0; k < times; k++) {
      process.kill(pid, 'SIGSTOP');
      await setTimeout(1000 * seconds);
      process.kill(pid, 'SIGCONT');
      await someTime(0, 200);
    }
  });
  return `${times} times for ${seconds} s: the same bits`;
}

/** Two hosts of one person at once: neither takes the other's work for left behind, and one's death is offered. */
export async function twoHosts(folder: string): Promise<string> {
  const [one, two] = await Promise.all([startHost(folder), startHost(folder)]);
  try {
    await draw(one);
    await one.host.projects.setNotes({ notes: 'of one' });
    await two.host.projects.setNotes({ notes: 'of two' });
    for (const { host } of [one, two]) {
      await until(async () => (await host.projects.current()).kept !== null);
      if ((await host.projects.left()).length > 0) throw new Error('It offers what is in use.');
    }
    await one.kill();
    const [left] = await two.host.projects.left();
    await two.host.projects.recover({ id: left.id, goOn: false });
    const { notes } = await two.host.projects.current();
    if (notes !== 'of one') throw new Error(`The notes are ${notes}.`);
    return 'each has its own work; what one left is offered by the other';
  } finally {
    await two.stop();
  }
}
