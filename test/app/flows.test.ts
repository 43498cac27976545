import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FitFile, parseFitFile } from '../../shared/protocol/fit-file.ts';
import { type Application, allHosts, launch } from './application.ts';
import { choose, drag, exported, newProject, pane, soon, spec, steps, type } from './person.ts';
import { texture } from './textures.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-flows-'));
const pictures = join(folder, 'pictures');
const many = join(folder, 'many');
const damaged = join(folder, 'damaged');
const side = 96;

beforeAll(async () => {
  for (const place of [pictures, many, damaged]) mkdirSync(place);
  const grass = await texture('grass').toBuffer();
  writeFileSync(join(pictures, 'grass.png'), grass);
  await texture('gravel').toFile(join(pictures, 'gravel.png'));

  // ten thousand black pictures but for the last one, which is white
  const plain = (grey: number) =>
    sharp(new Uint8Array(32 * 32).fill(grey), { raw: { width: 32, height: 32, channels: 1 } })
      .png()
      .toBuffer();
  writeFileSync(join(many, '00001.png'), await plain(0));
  for (let k = 2; k < 10_000; k++) {
    linkSync(join(many, '00001.png'), join(many, `${String(k).padStart(5, '0')}.png`));
  }
  writeFileSync(join(many, '10000.png'), await plain(255));

  writeFileSync(join(damaged, 'whole.png'), grass);
  writeFileSync(join(damaged, 'cut.png'), grass.subarray(0, grass.length / 2));
  writeFileSync(join(damaged, 'empty.png'), '');
  writeFileSync(join(damaged, 'words.png'), 'This is no picture.');
  writeFileSync(join(damaged, 'seven.csv'), '1,0,1\n0,7,1\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(allHosts)('the whole application on the host %s', (kind) => {
  const home = join(folder, `home-${kind}`);
  let application: Application;
  beforeAll(async () => {
    mkdirSync(home);
    application = await launch(kind, [many], home);
  }, 60_000);
  afterAll(() => application?.close());
  const person = (does: (app: Application) => Promise<void>) => spec(() => application, does);
  const traceOf = async (app: Application): Promise<string[]> => {
    await app.page.getByRole('button', { name: 'Stop' }).click();
    await app.page.getByRole('button', { name: 'Result' }).click();
    return (await exported(app, 'Trace (CSV)', folder)).trim().split('\n');
  };
  const fitFile = async (app: Application): Promise<FitFile> =>
    parseFitFile(await exported(app, 'Fit file', folder), 'the file');

  it(
    'shows 10,000 pictures in a strip that holds only those in sight',
    person(async ({ page }) => {
      await page.getByText('10,000 pictures', { exact: false }).first().waitFor();
      const grid = page.getByRole('grid', { name: 'Pictures' });
      await grid.getByRole('gridcell').first().click();
      const chosen = (await grid.getByRole('gridcell').first().innerText()).trim();
      // on and on at every frame, to the end
      const { cells, longest } = await grid.evaluate(async (element) => {
        const counts: number[] = [];
        const frames: number[] = [];
        let last = performance.now();
        for (let k = 1; k <= 60; k++) {
          element.scrollTop = (k / 60) * element.scrollHeight;
          await new Promise((resolve) => requestAnimationFrame(resolve));
          counts.push(element.querySelectorAll('[role=gridcell]').length);
          frames.push(performance.now() - last);
          last = performance.now();
        }
        return { cells: Math.max(...counts), longest: Math.max(...frames) };
      });
      process.stdout.write(
        `${kind}: longest frame of a scroll over 10,000 pictures ${Math.round(longest)} ms\n`,
      );
      expect(cells).toBeLessThan(200);
      // the focus is where it was, far above, and means the picture that was chosen
      expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe(chosen);
      // the last one is in sight, and painted as it is
      const last = grid.getByRole('gridcell').filter({ hasText: '10000.png' });
      await last.waitFor();
      await soon('the last picture, which is white', () =>
        last.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
          const middle = canvas.getContext('2d')?.getImageData(canvas.width / 2, 1, 1, 1).data;
          return [canvas.width, middle?.[0], middle?.[3]];
        }),
      ).toEqual([32, 255, 255]);
    }),
  );

  it(
    'lists damaged files with their reasons, and fits the others',
    person(async (app) => {
      const { page } = app;
      await newProject(app);
      // the page tidies up its memory while it asks for the folder, and does not forget the question
      await page.evaluate(() => {
        const tidy = () => {
          for (let k = 0; k < 20; k++) setTimeout((window as unknown as { gc(): void }).gc, 5 * k);
        };
        window.addEventListener('click', tidy, { once: true });
      });
      await choose(app, 'Open folder …', [damaged]);
      await page.getByText(/^\d pictures? added/).waitFor();
      await pane(app, 'Fit');
      await page.getByLabel('Method', { exact: true }).selectOption('pseudolikelihood');
      await page.getByRole('button', { name: 'Start' }).click();
      await page.getByRole('button', { name: 'Result' }).click();
      await page.getByText(/1 image of 64 × 64/).waitFor();
      await pane(app, 'Data');
      await page.getByText('4 files could not be used').waitFor();
      const reasons = await page.locator('.failures li').allInnerTexts();
      const [cut, empty, seven, words] = reasons.toSorted();
      expect(cut).toMatch(/^cut\.png .*(damaged|cut|incomplete|ends)/i);
      expect(empty).toMatch(/^empty\.png .*empty/i);
      expect(seven).toMatch(/^seven\.csv .*7/);
      expect(words).toMatch(/^words\.png .{20,}/);
    }),
  );

  it(
    'goes from a folder over crop, threshold and eq. (4) to a fit file, and opens it again',
    person(async (app) => {
      const { page } = app;
      await newProject(app);
      await choose(app, 'Open folder …', [pictures]);
      await page.getByText('2 pictures added.').waitFor();

      // a crop by its corner, then one threshold for all by the histogram
      await pane(app, 'Prepare');
      await type(app, { Rows: 16, Columns: 16 });
      await drag(app, page.getByRole('button', { name: /^Lower right corner/ }), {
        x: -120,
        y: -120,
      });
      const width = page.getByLabel('width', { exact: true });
      await soon('a crop that is smaller than the picture', async () =>
        Number(await width.inputValue()),
      ).toBeLessThan(side - 5);
      const histogram = page.getByRole('slider', { name: 'Threshold' }).locator('svg');
      await drag(app, histogram, {
        x: 0.02 * ((await histogram.boundingBox())?.width ?? 0),
        y: 0,
      });
      await soon('a threshold that is fixed', () =>
        page.getByLabel('Rule', { exact: true }).inputValue(),
      ).toBe('fixed');
      const value = page.getByLabel('Grey value', { exact: true });
      await soon('a threshold where it was dropped', async () =>
        Math.abs(Number(await value.inputValue()) - 0.52 * 255),
      ).toBeLessThan(1.5);
      const threshold = Number(await value.inputValue());
      const cropped = Number(await width.inputValue());
      expect(cropped).toBeGreaterThan(10);

      // eq. (4) in slow motion: pause, one step, another α, on, stop
      await pane(app, 'Fit');
      await page.getByLabel('Method', { exact: true }).selectOption('gradient');
      await page.getByLabel('Slow motion').check();
      await type(app, { 'Steps a second': 10, 'Decay, steps': 0 });
      await page.getByRole('button', { name: 'Start' }).click();
      await steps(app, 3);
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByText(/Run \d paused/).waitFor();
      const before = await steps(app, 3);
      await page.getByRole('button', { name: 'Step', exact: true }).click();
      expect(await steps(app, before + 1)).toBe(before + 1);
      await type(app, { 'α as a number': 0.02 });
      await page.getByRole('button', { name: 'Resume' }).click();
      await steps(app, before + 10);
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByRole('button', { name: 'Result' }).click();

      const file = await fitFile(app);
      expect(file.data.preparation).toMatchObject({
        ...{ rows: 16, cols: 16, threshold },
        crop: { width: cropped },
      });
      expect(file.data.sources).toHaveLength(2);
      expect(file.trace.length).toBeGreaterThanOrEqual(before + 10);
      // h ← h − α n (⟨m⟩ − m̄), with the α that was typed while it was paused
      const [previous, last] = file.trace.slice(-2) as Record<string, number>[];
      expect(previous.h - last.h).toBeCloseTo(
        0.02 * 256 * (last.magnetization - file.data.magnetization),
        9,
      );

      // all comes back, and the pictures where they are found or shown
      await newProject(app);
      const saved = join(folder, `${kind}.fit.json`);
      writeFileSync(saved, JSON.stringify(file));
      await choose(app, 'Open pictures …', [saved]);
      if (kind === 'browser') {
        // this host may look for no file by itself
        await page.getByRole('dialog', { name: 'Where are the pictures?' }).waitFor();
        await choose(app, 'Look in a folder …', [pictures]);
        await page.getByText('2 pictures found again.').waitFor();
      }
      // it opens the pane of runs by itself
      const exact = page.locator('.values .number').first();
      expect(Number.parseFloat((await exact.getAttribute('title')) ?? '')).toBe(file.estimate.J);
      await pane(app, 'Prepare');
      await soon('the crop of the file', () => width.inputValue()).toBe(String(cropped));
      await soon('the spins of the file', () =>
        page.locator('canvas.lattice').evaluate((lattice: HTMLCanvasElement) => lattice.width),
      ).toBe(16);
    }),
  );

  it(
    'finds the J and h of a synthetic set again, within four of the errors that it states',
    person(async (app) => {
      const { page } = app;
      await newProject(app);
      await page.getByRole('button', { name: 'Synthetic set' }).click();
      const truth = { J: 0.3, h: 0.05 * 144 };
      await type(app, {
        ...{ J: truth.J, 'h per site': truth.h / 144, Rows: 12, Columns: 12 },
        ...{ Images: 200, Seed: 3 },
      });
      await page.getByRole('button', { name: 'Draw the set' }).click();
      await page.getByText('200 configurations drawn').waitFor();
      await pane(app, 'Fit');
      await page.getByLabel('Method', { exact: true }).selectOption('mle');
      await type(app, { seed: 7 });
      await page.getByRole('button', { name: 'Start' }).click();
      await page.getByRole('button', { name: 'Result' }).click();
      const file = await fitFile(app);
      expect([file.method, file.converged, file.data.images]).toEqual(['mle', true, 200]);
      const z = (name: keyof typeof truth, value: number) =>
        (Number(file.estimate[name]) - value) / Number(file.standardError?.[name]);
      expect(Math.abs(z('J', truth.J))).toBeLessThan(4);
      expect(Math.abs(z('h', truth.h))).toBeLessThan(4);
      // the errors are small enough to tell the truth from nothing
      expect(z('J', 0)).toBeGreaterThan(20);
      expect(z('h', 0)).toBeGreaterThan(4);

      // elsewhere it is drawn again from what the file says, and nobody is asked for it
      await newProject(app);
      const saved = join(folder, `synthetic-${kind}.fit.json`);
      writeFileSync(saved, JSON.stringify(file));
      await choose(app, 'Open pictures …', [saved]);
      await page.getByText('1 synthetic set drawn again.').waitFor();
      expect(await page.getByRole('dialog').count()).toBe(0);
      await pane(app, 'Fit');
      await page.getByRole('button', { name: 'Start' }).click();
      await page.getByText(/Run 2 ended/).waitFor();
      await page.getByRole('button', { name: 'Result' }).click();
      const again = await fitFile(app);
      expect(again.data).toEqual(file.data);
      expect(again.estimate).toEqual(file.estimate);
    }),
  );

  it(
    kind === 'browser'
      ? 'keeps a fit that runs when it is ended, and goes on with it at the next start'
      : 'asks before it closes over a fit, and goes on with it in the saved project',
    person(async (app) => {
      const { page } = app;
      await newProject(app);
      await choose(app, 'Open folder …', [pictures]);
      await page.getByText('2 pictures added.').waitFor();
      await pane(app, 'Fit');
      await page.getByLabel('Method', { exact: true }).selectOption('gradient');
      await page.getByLabel('Slow motion').check();
      await type(app, { 'Steps a second': 20, 'α as a number': 0.001 });
      await page.getByRole('button', { name: 'Start' }).click();
      const before = await steps(app, 3);
      if (kind === 'browser') {
        // the page is no part of it: nothing is lost, so nothing is asked
        await app.close();
        application = await launch(kind, [], home);
        const left = application.page.getByRole('dialog', { name: 'Unsaved work' });
        const fit = left.locator('section').filter({ hasText: 'under way' });
        await fit.getByRole('button', { name: 'Go on' }).click();
      } else {
        const project = join(folder, `${kind}.isinglass`);
        const close = (answer: number) =>
          app.evaluate(
            `async ({ BrowserWindow, dialog }, [response, filePath]) => {
              globalThis.questions ??= [];
              dialog.showMessageBox = async (_, { message }) => {
                globalThis.questions.push(message);
                return { response };
              };
              dialog.showSaveDialog = async () => ({ canceled: false, filePath });
              BrowserWindow.getAllWindows()[0].close();
            }`,
            [answer, project],
          );
        await close(0);
        await soon('a question', () => app.evaluate('() => globalThis.questions')).toEqual([
          'A fit is under way.',
        ]);
        // kept open, it goes on; saved and closed, it ends
        await steps(app, (await steps(app, before)) + 2);
        await app.evaluate(
          '({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].webContents.setZoomFactor(1.25)',
        );
        const width = () => application.page.evaluate(() => innerWidth);
        await soon('a page that is enlarged', width).toBe(1024);
        await close(2);
        await app.ended();
        application = await launch(kind, [project], home);
        await soon('the zoom of before', width).toBe(1024);
        // what the specs before have left is offered
        await application.page.getByRole('dialog', { name: 'Unsaved work' }).waitFor();
        await application.page.keyboard.press('Escape');
        await pane(application, 'Runs');
        // the fit comes to rest where it stood
        await application.page.getByText('The fit has not converged').waitFor();
        await application.page.getByRole('button', { name: 'Show its charts' }).click();
        await application.page.getByRole('button', { name: 'Go on' }).click();
      }
      await application.page.getByText(/Run 1 running/).waitFor();
      await steps(application, before + 1);
      const [, ...rows] = await traceOf(application);
      expect(rows.length).toBeGreaterThan(before);
      expect(rows.map((row) => Number(row.split(',')[0]))).toEqual(rows.map((_, k) => k + 1));
    }),
  );
});
