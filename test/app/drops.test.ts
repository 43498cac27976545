import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseFitFile } from '../../shared/protocol/fit-file.ts';
import { type Application, allHosts, launch } from './application.ts';
import {
  carry,
  choose,
  drop,
  exported,
  lattice,
  newProject,
  pane,
  readMessages,
  saved,
  soon,
  spec,
  steps,
  type,
} from './person.ts';
import { texture, textureNames } from './textures.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-drops-'));
const pictures = join(folder, 'pictures');
const nothing = join(folder, 'nothing');
/** In the order of numbers, those of a folder within after its own. */
const names = ['2.png', '10.png', '1.png'];
beforeAll(async () => {
  mkdirSync(join(pictures, 'more'), { recursive: true });
  for (const [k, place] of ['2.png', '10.png', 'more/1.png'].entries())
    await texture(textureNames[k]).toFile(join(pictures, place));
  cpSync(join(pictures, '2.png'), join(pictures, '.hidden.png'));
  writeFileSync(join(pictures, 'about.md'), 'No picture.');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(allHosts.filter((kind) => kind !== 'electron'))('drops on the host %s', (kind) => {
  const fitFile = join(folder, `${kind}.fit.json`);
  const project = join(folder, `textures-${kind}.isinglass`);
  let application: Application;
  beforeAll(async () => {
    application = await launch(kind);
  }, 60_000);
  afterAll(() => application?.close());
  const person = (does: (app: Application) => Promise<void>) => spec(() => application, does);
  const status = (app: Application) => app.page.locator('.status').innerText();
  /** Fits by the exact method, which gives the same for the same spins. */
  const exactFit = async (app: Application) => {
    await pane(app, 'Fit');
    await app.page.getByLabel('Method', { exact: true }).selectOption('exact');
    await app.page.getByRole('button', { name: 'Start' }).click();
    await app.page.getByRole('button', { name: 'Result' }).click();
    return parseFitFile(await exported(app, 'Fit file', folder), 'the fit file');
  };

  it(
    'take every picture of a folder in the order of its names, and show where they land',
    person(async (app) => {
      const { page } = app;
      const here = page.getByText('Drop pictures, folders, spin arrays, a fit file or a project');
      await page.getByRole('heading', { name: 'Pictures in, couplings out' }).waitFor();
      // over a dialog, a browser would open the file in the window's place
      await page.keyboard.press('F1');
      await page.getByRole('dialog').waitFor();
      const { takeAway } = await carry(app, [pictures]);
      await here.waitFor();
      await takeAway();
      await here.waitFor({ state: 'detached' });
      const { letGo } = await carry(app, [pictures]);
      await here.waitFor();
      await letGo();
      await page.getByText(/^3 pictures added/).waitFor();
      await page.keyboard.press('Escape');
      expect(await here.count()).toBe(0);
      await soon('the names in their order', () =>
        page.getByRole('gridcell').allInnerTexts(),
      ).toEqual(names);
    }),
  );

  it(
    'say of a folder without pictures that there are none',
    person(async (app) => {
      mkdirSync(nothing, { recursive: true });
      writeFileSync(join(nothing, 'about.md'), 'No picture.');
      await drop(app, [nothing]);
      await app.page.getByText('no picture and no array of spins').waitFor();
      // a message, where there is one and not a line in the list of what failed, stands below all that can be clicked
      if (app.kind === 'browser') {
        const [work, message] = await Promise.all(
          ['main', '.notice.bad'].map((part) => app.page.locator(part).boundingBox()),
        );
        expect((work?.y ?? 0) + (work?.height ?? 0)).toBeLessThanOrEqual(message?.y ?? 0);
      }
      expect(await status(app)).toMatch(/^3 pictures/);
      await readMessages(app);
    }),
  );

  it(
    'take a fit file, and a project, and restore what they hold',
    person(async (app) => {
      const { page } = app;
      await pane(app, 'Prepare');
      await type(app, { Rows: 6, Columns: 6, width: 60 });
      await page.getByLabel('Rule', { exact: true }).selectOption('median');
      await soon('a lattice of 6 × 6', () => status(app)).toContain('6 × 6');
      const spins = await lattice(app);
      const file = await exactFit(app);
      writeFileSync(fitFile, JSON.stringify(file));
      // a run that is under way when the project is saved, and has to come to rest when it is opened
      await pane(app, 'Fit');
      await page.getByLabel('Method', { exact: true }).selectOption('gradient');
      await page.getByLabel('Slow motion').check();
      await page.getByRole('button', { name: 'Start' }).click();
      await steps(app, 2);
      await saved(app, project, () => page.keyboard.press('Control+s'));
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByText('Run 2 stopped').waitFor();

      await newProject(app);
      await drop(app, [fitFile]);
      const missing = page.getByRole('dialog', { name: 'Where are the pictures?' });
      if (kind === 'browser') {
        // no page may make this host look for a file, but a person may drop them
        await missing.waitFor();
        await drop(app, [pictures]);
        await page.getByText('3 pictures found again.').waitFor();
        await missing.waitFor({ state: 'hidden' });
      }
      const estimate = page.locator('.values .number').first();
      expect(await estimate.getAttribute('title')).toContain(String(file.estimate.J));
      await pane(app, 'Prepare');
      await soon('the spins of before', () => lattice(app)).toBe(spins);

      // runs of a project are there before all of it has come to rest: what is chosen then stays
      await newProject(app);
      await pane(app, 'Runs');
      await drop(app, [project]);
      await page.getByRole('button', { name: 'Show its charts' }).first().click();
      await soon('the name of the project', () => page.title()).toContain(`textures-${kind}`);
      await soon('the run that was chosen', () => status(app)).toContain('Run 1 ended');
      await pane(app, 'Runs');
      await soon('a fit that has come to rest', () =>
        page.locator('tbody tr').filter({ hasText: 'Run 2' }).innerText(),
      ).toContain('not converged');
      expect(await status(app)).toContain('Run 1 ended');
      await pane(app, 'Prepare');
      await soon('the spins of before', () => lattice(app)).toBe(spins);
    }),
  );

  it.runIf(kind === 'stand-in')(
    'lead to pictures that have moved, when they are asked for',
    person(async (app) => {
      const { page } = app;
      await newProject(app);
      const elsewhere = join(folder, 'elsewhere');
      mkdirSync(elsewhere);
      renameSync(pictures, join(elsewhere, 'moved'));
      await drop(app, [fitFile]);
      const missing = page.getByRole('dialog', { name: 'Where are the pictures?' });
      await missing.waitFor();
      expect(
        (await missing.getByRole('listitem').allInnerTexts()).map((text) => text.split(' ')[0]),
      )
        // as they stand in the file
        .toEqual(names);
      await missing.getByRole('button', { name: 'Later' }).click();
      await pane(app, 'Data');
      await page.getByText('3 pictures missing').waitFor();
      await page.getByRole('button', { name: 'Look for them …' }).click();

      // where they are not, the question stays; where they are, all of it comes back
      mkdirSync(join(folder, 'empty'));
      await choose(app, 'Look in a folder …', [join(folder, 'empty')]);
      await page.getByText('None of the missing pictures is there.').waitFor();
      expect(await missing.isVisible()).toBe(true);
      await choose(app, 'Look in a folder …', [elsewhere]);
      await page.getByText('3 pictures found again.').waitFor();
      await missing.waitFor({ state: 'hidden' });
      expect(await page.getByText('pictures missing').count()).toBe(0);
      await soon('thumbnails that are painted', () =>
        page
          .getByRole('gridcell')
          .locator('canvas')
          .first()
          .evaluate((canvas: HTMLCanvasElement) => canvas.width),
      ).toBe(96);
      const before = parseFitFile(readFileSync(fitFile, 'utf8'), 'the fit file');
      const again = await exactFit(app);
      expect(again.estimate).toEqual(before.estimate);
      expect(again.data.preparation).toEqual(before.data.preparation);
      expect(again.data.sources.map(({ sha256 }) => sha256)).toEqual(
        before.data.sources.map(({ sha256 }) => sha256),
      );
      renameSync(join(elsewhere, 'moved'), pictures);
    }),
  );
});
