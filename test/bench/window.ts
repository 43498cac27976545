import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright';
import sharp from 'sharp';
import { steadyMalloc } from '../../build/steady-malloc.mjs';
import { end, serveCommand } from '../app/application.ts';
import { chromiumArguments, chromiumPath } from '../app/chromium.ts';

/** A window on the browser host, and the processes behind it. */
interface Bench {
  readonly page: Page;
  readonly browser: Browser;
  readonly host: number;
  close(): Promise<void>;
}

const row = (name: string, value: string, bound: string) =>
  process.stdout.write(`| ${name} | ${value} | ${bound} |\n`);
const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
const milliseconds = (values: readonly number[]) =>
  `median ${Math.round(median(values))} ms, most ${Math.round(Math.max(...values))} ms (${values.length} times)`;

/** `--seconds N` of the long fit's charts, `--minutes N` of watching memory, `--only PART`. */
export async function measureWindow(given: string[]): Promise<void> {
  const { values } = parseArgs({
    args: given,
    options: {
      only: { type: 'string' },
      seconds: { type: 'string', default: '20' },
      minutes: { type: 'string', default: '0' },
    },
  });
  const wanted = (part: string) => (values.only ?? part) === part;
  process.stdout.write('| what | measured | bound |\n| --- | --- | --- |\n');
  if (wanted('start')) await measureStart();
  if (wanted('preview')) await measurePreview();
  if (wanted('fit')) await measureFit(Number(values.seconds));
  if (wanted('memory') && Number(values.minutes) > 0) await measureMemory(Number(values.minutes));
}

/** A browser and how it ends. */
interface Launched {
  readonly browser: Browser;
  close(): Promise<void>;
}

/**
 * Chromium as `npm start` opens it: a child in the program's own session, within which Linux shares cores by priority.
 * Playwright's own way of starting it gives it another one.
 */
async function launch(): Promise<Launched> {
  const profile = mkdtempSync(join(tmpdir(), 'isinglass-bench-'));
  const child = spawn(
    chromiumPath(),
    [...chromiumArguments, '--headless', '--remote-debugging-port=0', `--user-data-dir=${profile}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(child, 'exit');
  let said = '';
  let address: string | undefined;
  for await (const chunk of child.stderr) {
    said += chunk;
    address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
    if (address) break;
  }
  if (!address) throw new Error(`Chromium ended: ${said}`);
  const browser = await chromium.connectOverCDP(address);
  return {
    browser,
    async close() {
      await browser.close();
      child.kill();
      await ended;
      // its other processes may still write
      rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

async function open(paths: readonly string[], launched?: Launched): Promise<Bench> {
  const home = mkdtempSync(join(tmpdir(), 'isinglass-bench-'));
  // as `npm start` starts it
  Object.assign(process.env, steadyMalloc);
  const { child, address } = await serveCommand(home, paths);
  const own = launched ?? (await launch());
  const page = await own.browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.goto(address);
  await page.getByRole('navigation').waitFor();
  return {
    page,
    browser: own.browser,
    host: child.pid ?? 0,
    async close() {
      await (launched ? page.close() : own.close());
      await end(child);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

const pane = (page: Page, name: string) =>
  page.getByRole('navigation').getByRole('button', { name }).click();

/** From the start of `isinglass serve` to a window that can be used. */
async function measureStart(): Promise<void> {
  const launched = await launch();
  const times: number[] = [];
  for (let k = 0; k < 6; k++) {
    const begun = performance.now();
    const bench = await open([], launched);
    // the first one warms the file cache and the browser
    if (k > 0) times.push(performance.now() - begun);
    await bench.close();
  }
  await launched.close();
  row('start of the program to a usable window', milliseconds(times), 'under 2 s');
}

/** From a change of the preparation to the spins painted anew, on a picture of 12 megapixels. */
async function measurePreview(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'isinglass-bench-'));
  const [width, height] = [4000, 3000];
  const data = Uint8Array.from({ length: width * height }, (_, k) => {
    const [q, r] = [Math.floor(k / width), k % width];
    return 128 + 70 * Math.sin(r / 37) * Math.cos(q / 23) + ((k * 2654435761) % 61) - 30;
  });
  const path = join(folder, 'surface.jpg');
  await sharp(data, { raw: { width, height, channels: 1 } })
    .jpeg({ quality: 85 })
    .toFile(path);
  const bench = await open([folder]);
  const { page } = bench;
  await pane(page, 'Prepare');
  const histogram = page.getByRole('slider', { name: 'Threshold' });
  await histogram.waitFor();
  await page.evaluate(() => {
    const state = { pressed: 0, times: [] as number[] };
    Object.assign(window, { bench: state });
    document.addEventListener('keydown', () => (state.pressed = performance.now()), true);
    const paint = CanvasRenderingContext2D.prototype.putImageData;
    Object.assign(CanvasRenderingContext2D.prototype, {
      putImageData(this: CanvasRenderingContext2D, ...given: unknown[]) {
        Reflect.apply(paint, this, given);
        // painted is what the next frame shows
        if (this.canvas.classList.contains('lattice'))
          requestAnimationFrame(() => state.times.push(performance.now() - state.pressed));
      },
    });
  });
  const taken = () =>
    page.evaluate(() => (window as unknown as { bench: { times: number[] } }).bench.times);
  const repeat = async (press: () => Promise<void>) => {
    const before = (await taken()).length;
    for (let k = 1; k <= 20; k++) {
      await press();
      while ((await taken()).length < before + k) await setTimeout(10);
    }
    return (await taken()).slice(before);
  };
  await histogram.focus();
  const threshold = await repeat(() => page.keyboard.press('ArrowRight'));
  row('threshold moved to spins shown, 12 megapixels', milliseconds(threshold), 'under 100 ms');
  await page.getByRole('group', { name: /^Crop/ }).focus();
  const crop = await repeat(() => page.keyboard.press('ArrowRight'));
  row('crop moved to spins shown, 12 megapixels', milliseconds(crop), 'under 100 ms');
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
}

/** A synthetic set of 256 × 256, and eq. (4) on it with a step size so small that it never ends. */
async function beginFit(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Synthetic set' }).click();
  for (const [name, value] of [
    ['Rows', '256'],
    ['Columns', '256'],
    ['Images', '4'],
  ]) {
    await page
      .getByRole('textbox', { name, exact: true })
      .or(page.getByLabel(name, { exact: true }))
      .fill(value);
  }
  await page.getByRole('button', { name: 'Draw the set' }).click();
  await page.getByRole('gridcell').first().waitFor();
  await pane(page, 'Fit');
  const fill = async (name: string, value: string) => {
    await page.getByLabel(name, { exact: true }).fill(value);
    await page.keyboard.press('Tab');
  };
  await fill('Steps, at most', '1000000000');
  await fill('α as a number', '0.000001');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByText(/^step [1-9]/).waitFor();
}

/** Frames and tasks of the window while all cores sample, then how soon a stop has stopped. */
async function measureFit(seconds: number): Promise<void> {
  const bench = await open([]);
  const { page } = bench;
  await beginFit(page);
  await setTimeout(3000);
  const { frames, tasks, events } = await page.evaluate(async (duration) => {
    const long: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) long.push(duration);
    });
    observer.observe({ type: 'longtask' });
    const steps = () => document.querySelector('.status')?.textContent ?? '';
    let [count, changes, last] = [0, 0, steps()];
    const until = performance.now() + duration * 1000;
    await new Promise<void>((resolve) => {
      const frame = () => {
        count++;
        const now = steps();
        if (now !== last) changes++;
        last = now;
        if (performance.now() < until) requestAnimationFrame(frame);
        else resolve();
      };
      requestAnimationFrame(frame);
    });
    return { frames: count / duration, tasks: long, events: changes / duration };
  }, seconds);
  const rate = await page.getByText(/steps\/s/).textContent();
  const longest = tasks.length > 0 ? `${Math.round(Math.max(...tasks))} ms` : 'none over 50 ms';
  row(
    `longest task of the window in ${seconds} s of a fit of 256 × 256`,
    `${longest} (${tasks.length} long)`,
    'none over 50 ms',
  );
  row('frames a second meanwhile', frames.toFixed(1), 'at least 30');
  row('new numbers a second meanwhile', `${events.toFixed(1)} (${rate?.trim()})`, '30');

  const times: number[] = [];
  for (let k = 0; k < 7; k++) {
    if (k > 0) {
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await setTimeout(1500);
    }
    times.push(
      await page.evaluate(async () => {
        const of = (name: string) =>
          [...document.querySelectorAll('header button')].find(
            (b) => b.textContent?.trim() === name,
          );
        const begun = performance.now();
        (of('Stop') as HTMLElement).click();
        await new Promise<void>((resolve) => {
          new MutationObserver((_, observer) => {
            if (!of('Start')) return;
            observer.disconnect();
            resolve();
          }).observe(document.body, { subtree: true, childList: true, characterData: true });
        });
        return performance.now() - begun;
      }),
    );
  }
  row('click on stop to stopped', milliseconds(times), 'under 100 ms');
  await bench.close();
}

/** Resident memory of the host's process and of the window's, in MiB. */
async function measureMemory(minutes: number): Promise<void> {
  const bench = await open([]);
  const { page, browser } = bench;
  await beginFit(page);
  const session = await browser.newBrowserCDPSession();
  const resident = (pid: number) =>
    (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 2 ** 20;
  const sample = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const windows = processInfo
      .filter(({ type }) => type === 'renderer')
      .map(({ id }) => resident(id));
    return { host: resident(bench.host), window: Math.max(...windows) };
  };
  // what is compiled and cached in the first two minutes is no leak, nor in the first steps where other work delays them
  await setTimeout(120_000);
  const step = async () =>
    Number(
      (await page.getByText(/^step [1-9]/).textContent())
        ?.replace(/^step ([\d,]+).*/, '$1')
        .replaceAll(',', ''),
    );
  while ((await step()) < 10_000) await setTimeout(1000);
  const first = await sample();
  const all = [first];
  for (let k = 0; k < 2 * minutes; k++) {
    await setTimeout(30_000);
    all.push(await sample());
    writeFileSync(join(tmpdir(), 'isinglass-memory.json'), JSON.stringify(all));
  }
  const steps = (await page.getByText(/^step [1-9]/).textContent())?.split(' ·')[0];
  for (const part of ['host', 'window'] as const) {
    const values = all.map((each) => each[part]);
    // a single sample may fall into a save, whose buffers wait for the next collection
    const medians = Array.from({ length: Math.ceil(minutes / 5) }, (_, k) =>
      median(values.slice(10 * k, 10 * (k + 1))),
    );
    const percent = (value: number) => `${((100 * value) / medians[0] - 100).toFixed(0)} %`;
    row(
      `memory of the ${part} over ${minutes} minutes of fitting (${steps}), medians of five minutes each`,
      `${medians[0].toFixed(0)} MiB, then ${medians.slice(1).map(percent).join(', ')}; single samples ${Math.min(...values).toFixed(0)} … ${Math.max(...values).toFixed(0)} MiB`,
      '± 10 %',
    );
  }
  await bench.close();
}
