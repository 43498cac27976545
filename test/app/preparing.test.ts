import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tiffBytes } from '../node/tiff-bytes.ts';
import { type Application, allHosts, launch } from './application.ts';
import { press } from './keys.ts';
import { choose, drag, lattice, newProject, pane, soon, spec, type } from './person.ts';
import { texture, textureNames } from './textures.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-preparing-'));
const pictures = join(folder, 'pictures');
beforeAll(async () => {
  mkdirSync(pictures);
  for (const name of textureNames) await texture(name).toFile(join(pictures, `${name}.png`));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(allHosts)('the preparation of pictures, on the host %s', (kind) => {
  let application: Application;
  beforeAll(async () => {
    application = await launch(kind);
  }, 60_000);
  afterAll(() => application?.close());
  const person = (does: (app: Application) => Promise<void>) => spec(() => application, does);

  it(
    'takes back every change of the preparation, and does it again',
    person(async (app) => {
      const { page } = app;
      await newProject(app);
      await choose(app, 'Open folder …', [pictures]);
      await page.getByText('3 pictures added.').waitFor();
      await page.keyboard.press('Control+2');
      const field = (name: string) => page.getByLabel(name, { exact: true });
      /** What the pane shows: fields, and the lattice that follows them. */
      const state = async () => {
        const spins = await lattice(app);
        const values = ['Rows', 'Columns', 'width', 'Rule'].map((name) => field(name).inputValue());
        const invert = await field('Invert: dark is +1').isChecked();
        return [...(await Promise.all(values)), invert, spins];
      };
      const [undo, redo] = ['Undo', 'Redo'].map((name) =>
        page.getByRole('button', { name, exact: true }),
      );
      const can = async () => [await undo.isEnabled(), await redo.isEnabled()];
      const states = [await state()];
      expect(await can()).toEqual([false, false]);

      const histogram = page.getByRole('slider', { name: 'Threshold' }).locator('svg');
      const changes = [
        () => type(app, { Rows: 16 }),
        () => type(app, { Columns: 16 }),
        // many moves of the pointer, one change
        () =>
          drag(app, page.getByRole('button', { name: /^Lower right corner/ }), { x: -90, y: -90 }),
        () => drag(app, histogram, { x: 40, y: 0 }),
        () => field('Rule').selectOption('median'),
        () => field('Invert: dark is +1').check(),
      ];
      for (const [k, change] of changes.entries()) {
        await change();
        await soon(`a lattice after change ${k}`, async () => (await state()).join()).not.toBe(
          states[k].join(),
        );
        states.push(await state());
      }

      // by the key, a box and a field being at hand, and by the button
      for (let k = changes.length - 1; k >= 0; k--) {
        if (k % 2 === 1) await page.keyboard.press('Control+z');
        else await undo.click();
        await soon(`all as before change ${k}`, state).toEqual(states[k]);
      }
      expect(await can()).toEqual([false, true]);
      for (let k = 1; k <= changes.length; k++) {
        if (k % 2 === 1) await page.keyboard.press('Control+Shift+z');
        else await redo.click();
        await soon(`all as after change ${k}`, state).toEqual(states[k]);
      }
      expect(await can()).toEqual([true, false]);

      // a number that cannot be is wrong no more when another takes its place
      const grey = field('Grey value');
      await type(app, { 'Grey value': 300 });
      expect(await grey.getAttribute('aria-invalid')).toBe('true');
      for (let k = 0; k < 3; k++) await undo.click();
      await soon('a number that can be', () => grey.getAttribute('aria-invalid')).toBe('false');
      for (let k = 0; k < 3; k++) await redo.click();
      await soon('all again', state).toEqual(states.at(-1));

      // another change: what was taken back is gone
      await undo.click();
      await undo.click();
      await soon('two changes less', state).toEqual(states[4]);
      await type(app, { Rows: 12 });
      await soon('nothing to do again', can).toEqual([true, false]);
      await page.keyboard.press('Control+Shift+z');
      await soon('another lattice', async () => (await state())[0]).toBe('12');

      // a number that is being typed has an undo of its own, one that was taken has not
      await field('Rows').fill('9');
      await page.keyboard.press('Control+z');
      await page.keyboard.press('Escape');
      expect(await field('Columns').inputValue()).toBe('16');
      await field('Rows').fill('20');
      await page.keyboard.press('Enter');
      await soon('20 rows', () => page.locator('.status').innerText()).toContain('20 × 16');
      await page.keyboard.press('Control+z');
      await soon('12 rows', () => page.locator('.status').innerText()).toContain('12 × 16');

      // where the preparation is not seen, nothing of it is taken back
      for (const keys of ['3', 'z', 'Shift+z', '2']) await page.keyboard.press(`Control+${keys}`);
      expect((await state())[0]).toBe('12');
    }),
  );

  it(
    'looks at every tile, by a stepper or where it is clicked',
    person(async (app) => {
      const { page } = app;
      await newProject(app);
      await choose(app, 'Open folder …', [pictures]);
      await page.keyboard.press('Control+2');
      await type(app, { Rows: 32, Columns: 32 });
      await page.getByLabel('Tiles instead of one lattice').check();
      const shown = () => page.locator('.moves').innerText();
      await soon('the first tile', shown).toBe('tile 1 of 9');
      const row = page.getByRole('row', { name: /^this tile/ });
      const first = [await lattice(app), await row.innerText()];
      await press(app, 'Previous tile');
      await soon('the last tile', shown).toBe('tile 9 of 9');
      expect(await lattice(app)).not.toBe(first[0]);
      expect(await row.innerText()).not.toBe(first[1]);
      await press(app, 'Next tile');
      await soon('the first tile again', lattice.bind(null, app)).toBe(first[0]);
      const crop = page.getByRole('group', { name: /^Crop / });
      const click = async (across: number, down: number) => {
        const { width = 0, height = 0 } = (await crop.boundingBox()) ?? {};
        await crop.click({ position: { x: across * width, y: down * height } });
      };
      await click(0.8, 0.45);
      await soon('the tile there', shown).toBe('tile 6 of 9');
      await drag(app, page.getByRole('button', { name: /^Lower right corner/ }), {
        x: -20,
        y: -20,
      });
      await soon('fewer tiles', shown).toBe('tile 4 of 4');
      // a drag is no click on the tile where it ends
      await click(0.2, 0.2);
      await soon('the first of them', shown).toBe('tile 1 of 4');
      await drag(app, crop, { x: 15, y: 15 });
      await soon('a crop elsewhere', () => crop.getAttribute('aria-label')).not.toMatch(/^Crop 0,/);
      await lattice(app);
      expect(await shown()).toBe('tile 1 of 4');
    }),
  );

  it(
    'takes every picture of a stack, of which the person may keep the first only, and any channel',
    person(async (app) => {
      const { page } = app;
      await newProject(app);
      const stack = join(folder, 'stack.tif');
      // three pages of three channels, of which each has another pattern
      const value = (k: number, c: number, f: number) =>
        (k * (c + f + 2) + k * k) % 7 < 3 ? 220 : 30;
      const values = (f: number) =>
        Array.from({ length: 3 * 144 }, (_, k) => value(Math.floor(k / 3), k % 3, f));
      const pages = [0, 1, 2].map((f) => ({
        width: 12,
        height: 12,
        samples: 3,
        values: values(f),
      }));
      writeFileSync(stack, tiffBytes({ pages }));
      await choose(app, 'Open pictures …', [stack]);
      await page.getByText('stack.tif holds 3 pictures').waitFor();
      const cells = () => page.getByRole('gridcell').allInnerTexts();
      await soon('all pictures by their names', cells).toEqual(
        [1, 2, 3].map((number) => `stack.tif#${number}`),
      );
      await page.getByRole('gridcell').nth(1).click();
      await page.keyboard.press('Control+2');
      await page.getByLabel('Grey of', { exact: true }).selectOption('Channel 2');
      const spins = Array.from({ length: 144 }, (_, k) => (value(k, 1, 1) === 220 ? 1 : -1));
      const shown = async () => {
        const png = Buffer.from((await lattice(app)).split(',')[1], 'base64');
        const grey = await sharp(png).removeAlpha().greyscale().raw().toBuffer();
        const most = Math.max(...grey);
        return [...grey].map((value) => (value === most ? 1 : -1));
      };
      await soon('the second channel of the second picture', shown).toEqual(spins);
      await pane(app, 'Data');
      await page.getByRole('button', { name: 'Keep the first only' }).click();
      await soon('the first alone', cells).toEqual(['stack.tif#1']);
      await page.getByRole('button', { name: 'Undo' }).first().click();
      await soon('all of them again', cells).toHaveLength(3);
    }),
  );
});
