import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { _electron, chromium, type Page } from 'playwright';
import { chromiumArguments, chromiumPath } from './chromium.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export type HostKind = 'stand-in' | 'browser' | 'electron';

/** The whole application under test, in one of its hosts. */
export interface Application {
  readonly kind: HostKind;
  readonly page: Page;
  /**
   * Runs `async (electron, argument) => …`, given as text, in Electron's main process or its stand-in's.
   *
   * @throws Error on the browser host, which has none
   */
  evaluate(inMain: string, argument?: unknown): Promise<unknown>;
  /** What the program has written. */
  output(): string;
  /** Resolves when the program has ended by itself; rejects with what it has written where that takes too long. */
  ended(): Promise<void>;
  /** Ends it, whatever state it is in. */
  close(): Promise<void>;
}

const electronBinary = (() => {
  const note = join(root, 'node_modules/electron/path.txt');
  if (!existsSync(note)) return null;
  const path = join(root, 'node_modules/electron/dist', readFileSync(note, 'utf8'));
  return existsSync(path) ? path : null;
})();

/** Hosts with Electron's API: its stand-in, and the real one wherever its binary is installed. */
export const electronHosts: readonly HostKind[] = electronBinary
  ? ['stand-in', 'electron']
  : ['stand-in'];

/** All hosts that this machine can run. */
export const allHosts: readonly HostKind[] = [...electronHosts, 'browser'];

/**
 * Starts the built application.
 *
 * @param paths files and folders on its command line
 * @param home folder of its settings and of what it keeps, which stays; without one it has its own for a while
 */
export function launch(
  kind: HostKind,
  paths: readonly string[] = [],
  home: string | null = null,
): Promise<Application> {
  return {
    'stand-in': () => launchStandIn(paths, null, home),
    browser: () => inBrowser(paths, home),
    electron: () => inElectron(paths, home),
  }[kind]();
}

/** The folder that a start keeps its things in, and its removal where nobody wants it any more. */
function homeOf(given: string | null): { home: string; forget(): void } {
  const home = given ?? mkdtempSync(join(tmpdir(), 'isinglass-test-'));
  return { home, forget: () => given ?? rmSync(home, { recursive: true, force: true }) };
}

/**
 * Starts the application on Electron's stand-in.
 *
 * @param packaged folder of an unpacked package to start instead of what was built here
 */
export async function launchStandIn(
  paths: readonly string[] = [],
  packaged: string | null = null,
  given: string | null = null,
): Promise<Application> {
  const { home: userData, forget } = homeOf(given);
  const debuggingPort = await freePort();
  const settings = {
    executablePath: chromiumPath(),
    args: chromiumArguments,
    userData,
    debuggingPort,
    isPackaged: packaged !== null,
  };
  const child = fork(join(packaged ?? root, 'dist/node/main.js'), [...paths], {
    execArgv: ['--import', join(root, 'test/app/electron-stand-in/register.mjs')],
    env: { ...process.env, STAND_IN: JSON.stringify(settings) },
    // the entry stands where Electron has the application's folder
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output = collect(child);
  const answers = new Map<number, (answer: { value?: unknown; error?: string }) => void>();
  child.on('message', (answer: { id: number; value?: unknown; error?: string }) => {
    answers.get(answer.id)?.(answer);
    answers.delete(answer.id);
  });
  child.on('exit', () => {
    for (const answer of answers.values()) answer({ error: 'The program has ended.' });
  });
  const browser = await retry(output, child, () =>
    chromium.connectOverCDP(`http://127.0.0.1:${debuggingPort}`),
  );
  const page = await retry(output, child, async () => {
    const found = browser
      .contexts()
      .flatMap((context) => context.pages())
      .find((candidate) => candidate.url().includes('app.localhost'));
    if (!found) throw new Error('There is no window yet.');
    return found;
  });
  let last = 0;
  return {
    kind: 'stand-in',
    page,
    output,
    evaluate: (source, argument) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        answers.set(id, ({ value, error }) =>
          error === undefined ? resolve(value) : reject(new Error(error)),
        );
        child.send({ id, source, argument });
      }),
    ended: () => ending(child, output),
    async close() {
      await end(child);
      forget();
    },
  };
}

async function inBrowser(paths: readonly string[], given: string | null): Promise<Application> {
  const { home, forget } = homeOf(given);
  const { child, output, address } = await serveCommand(home, paths);
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: chromiumArguments,
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(address);
  await page.waitForURL((url) => url.search === '');
  return {
    kind: 'browser',
    page,
    output,
    evaluate: () => Promise.reject(new Error('The browser host has no main process of Electron.')),
    ended: () => ending(child, output),
    async close() {
      await browser.close();
      await end(child);
      forget();
    },
  };
}

async function inElectron(paths: readonly string[], given: string | null): Promise<Application> {
  const { home: userData, forget } = homeOf(given);
  const application = await _electron.launch({
    executablePath: electronBinary ?? '',
    args: [root, `--user-data-dir=${userData}`, '--no-sandbox', ...paths],
  });
  const page = await application.firstWindow();
  let written = '';
  for (const stream of [application.process().stdout, application.process().stderr]) {
    stream?.on('data', (text: Buffer) => {
      written += text.toString();
    });
  }
  return {
    kind: 'electron',
    page,
    output: () => written,
    evaluate: (source, argument) =>
      application.evaluate(
        (electron, [text, value]) => new Function(`return (${text})`)()(electron, value),
        [source, argument] as const,
      ),
    ended: () => ending(application.process(), () => written),
    async close() {
      await end(application.process());
      forget();
    },
  };
}

/** Starts `isinglass serve` and waits for the address that it prints. */
export async function serveCommand(
  home: string,
  paths: readonly string[],
  more: string[] = [],
  program = root,
  environment: Readonly<Record<string, string>> = {},
) {
  const child = spawn(
    process.execPath,
    [join(program, 'dist/node/cli.js'), 'serve', ...more, ...paths],
    {
      env: {
        ...process.env,
        HOME: home,
        XDG_CONFIG_HOME: join(home, 'config'),
        XDG_STATE_HOME: join(home, 'state'),
        ...environment,
      },
    },
  );
  const output = collect(child);
  const address = await retry(output, child, async () => {
    const found = /http:\/\/\S+token=\S+/.exec(output());
    if (!found) throw new Error('No address yet.');
    return found[0];
  });
  return { child, output, address };
}

function collect(child: ChildProcess): () => string {
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text: Buffer) => {
      written += text.toString();
    });
  }
  return () => written;
}

/** Tries until it works, the program has ended, or 20 seconds are over. */
async function retry<T>(
  output: () => string,
  child: ChildProcess,
  action: () => Promise<T>,
): Promise<T> {
  const until = Date.now() + 20_000;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (child.exitCode !== null || Date.now() > until) {
        throw new Error(`The program did not start: ${output()}`, { cause: error });
      }
      await setTimeout(50);
    }
  }
}

/** Waits, at most 15 seconds, for a program that is about to end. */
async function ending(child: ChildProcess, output: () => string): Promise<void> {
  const late = AbortSignal.timeout(15_000);
  while (child.exitCode === null && child.signalCode === null) {
    if (late.aborted) throw new Error(`The program has not ended: ${output()}`);
    await setTimeout(50);
  }
}

/** Ends a program, by force where it does not want to. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const force = globalThis.setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(force);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
