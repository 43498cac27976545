import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Application, electronHosts, launch } from './application.ts';
import { exported, pane, soon, spec, steps, type } from './person.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-back-'));
const pictures = join(folder, 'pictures');
beforeAll(async () => {
  mkdirSync(pictures);
  for (const name of ['grass', 'gravel']) {
    await sharp(fileURLToPath(new URL(`../../electron/samples/${name}.png`, import.meta.url)))
      .extract({ left: 100, top: 100, width: 32, height: 32 })
      .toFile(join(pictures, `${name}.png`));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A fit in slow motion, which will not have converged for a minute. */
async function beginSlowFit(app: Application): Promise<number> {
  const { page } = app;
  await page.getByText(/^2 pictures/).waitFor();
  await pane(app, 'Fit');
  await type(app, { 'α as a number': 0.001 });
  await page.getByLabel('Slow motion').check();
  await page.getByRole('button', { name: 'Start' }).click();
  return steps(app, 2);
}

describe.each(electronHosts)('a window on the host %s whose page is gone', (kind) => {
  let application: Application;
  beforeAll(async () => {
    application = await launch(kind, [pictures]);
  }, 60_000);
  afterAll(() => application?.close());

  /** Runs code in the page that the window has now, which is not the one of the start any more. */
  const inPage = (code: string) =>
    application.evaluate(
      '({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0].webContents.executeJavaScript(code)',
      code,
    );
  /** Waits until the page shows a later step of the same fit than before; that step. */
  const later = async (before: number) => {
    let step = 0;
    await soon(`a page that shows the fit beyond step ${before}`, async () => {
      // while there is no page, nothing answers
      const text = await inPage('document.querySelector(".status")?.innerText').catch(() => null);
      const found = /Run 1 running\s+step ([\d,]+)/.exec(String(text));
      step = Number(found?.[1].replaceAll(',', '') ?? 0);
      return step;
    }).toBeGreaterThan(before);
    return step;
  };

  it(
    'has a new one, which takes up the fit that went on, after a crash and after a hang',
    spec(
      () => application,
      async (app) => {
        const before = await beginSlowFit(app);
        const crash = app.page.waitForEvent('crash');
        await app.evaluate(
          '({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].webContents.forcefullyCrashRenderer()',
        );
        await crash;
        const between = await later(before);
        expect(await inPage('isinglass.requests["data.summary"](-1, {})')).toMatchObject({
          value: { pictures: 2 },
        });

        // a page that never ends a task is given up when the person says so
        void inPage('for (;;) {}').catch(() => null);
        await app.evaluate(`async ({ BrowserWindow, dialog }) => {
          globalThis.asked = [];
          dialog.showMessageBox = async (_, { message }) => {
            globalThis.asked.push(message);
            return { response: 0 };
          };
          BrowserWindow.getAllWindows()[0].emit('unresponsive');
        }`);
        await later(between);
        expect(await app.evaluate('() => globalThis.asked')).toEqual([
          'The window does not answer.',
        ]);

        // one that breaks down again at once is not loaded over and over: the person is asked, once each time
        const asks = async (count: number) => {
          await app.evaluate(`({ BrowserWindow, dialog }) => {
            dialog.showMessageBox = (_, { message, detail }) => {
              globalThis.asked.push(message + ' ' + detail);
              return new Promise((resolve) => {
                globalThis.answer = (response) => resolve({ response });
              });
            };
            BrowserWindow.getAllWindows()[0].webContents.forcefullyCrashRenderer();
          }`);
          await soon('a question', () => app.evaluate('() => globalThis.asked.length')).toBe(count);
          expect(
            await app.evaluate(
              '({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].webContents.isCrashed()',
            ),
          ).toBe(true);
        };
        const answer = (response: number) =>
          app.evaluate('(_, response) => globalThis.answer(response)', response);
        const first = await later(between);
        await asks(2);
        await answer(0);
        const second = await later(first);
        await asks(3);
        // to close after all, and then to keep the window for the sake of the fit
        await answer(1);
        await soon('a question', () => app.evaluate('() => globalThis.asked.length')).toBe(4);
        await answer(0);
        await later(second);
        const again =
          'The window breaks down again and again. Pictures, runs and a fit under way are not touched by that.';
        expect(await app.evaluate('() => globalThis.asked.slice(1)')).toEqual([
          again,
          again,
          expect.stringMatching(/^A fit is under way\. Closing the window stops it\./),
        ]);

        // no step is missing
        const trace = await inPage(`(async () => {
          const { requests } = isinglass;
          const { value: { id } } = await requests['fit.current'](-2, {});
          await requests['fit.stop'](-3, {});
          const span = { run: id, first: 0, last: 1e9, points: 1e6 };
          const { value: { rows, total } } = await requests['runs.trace'](-4, span);
          const width = rows.length / total;
          return Array.from({ length: total }, (_, k) => rows[k * width]);
        })()`);
        expect(trace).toEqual((trace as number[]).map((_, k) => k + 1));
      },
    ),
  );
});

describe('a page of the browser host that is loaded anew in the midst of a fit', () => {
  let application: Application;
  beforeAll(async () => {
    application = await launch('browser', [pictures]);
  }, 60_000);
  afterAll(() => application?.close());

  it(
    'finds everything there, and every step',
    spec(
      () => application,
      async (app) => {
        const { page } = app;
        await pane(app, 'Prepare');
        await type(app, { Rows: 16, Columns: 16 });
        await type(app, { seed: 4711 });
        const before = await beginSlowFit(app);
        await page.reload();
        await page.getByText(/^2 pictures · 16 × 16/).waitFor();
        const after = await steps(app, before + 1);
        await pane(app, 'Fit');
        expect(await page.getByLabel('α as a number').inputValue()).toBe('0.001');
        expect(await page.getByLabel('Slow motion').isChecked()).toBe(true);
        const seed = page.getByLabel('seed', { exact: true });
        expect(await seed.inputValue()).toBe('4711');
        await page.getByRole('button', { name: 'Stop' }).click();
        await page.getByRole('button', { name: 'Result' }).click();
        const [, ...rows] = (await exported(app, 'Trace (CSV)', folder)).trim().split('\n');
        expect(rows.length).toBeGreaterThanOrEqual(after);
        expect(rows.map((row) => Number(row.split(',')[0]))).toEqual(rows.map((_, k) => k + 1));

        // one that has ended is shown as it was, with its seed
        await page.reload();
        await page.getByText('Run 1 stopped').waitFor();
        await steps(app, rows.length);
        await pane(app, 'Fit');
        await page.getByText('not converged').waitFor();
        expect(await seed.inputValue()).toBe('4711');
        expect(await page.getByText('other settings than on the right').count()).toBe(0);
      },
    ),
  );
});
