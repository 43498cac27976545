import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseFitFile } from '../../shared/protocol/fit-file.ts';
import { type Application, allHosts, launch } from './application.ts';
import { enter, held, press, reach } from './keys.ts';
import { choosing, lattice, readMessages, saved, soon, spec, steps } from './person.ts';
import { texture, textureNames } from './textures.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-keyboard-'));
const pictures = join(folder, 'pictures');
beforeAll(async () => {
  mkdirSync(pictures);
  for (const name of textureNames) await texture(name).toFile(join(pictures, `${name}.png`));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whether something has the focus, as soon as everything has come to rest. */
const focused = (one: ReturnType<Application['page']['locator']>) =>
  soon(`the focus on ${one}`, () => one.evaluate((element) => element === document.activeElement));

describe.each(allHosts)('the keyboard alone, on the host %s', (kind) => {
  let application: Application;
  beforeAll(async () => {
    application = await launch(kind);
  }, 60_000);
  afterAll(() => application?.close());
  const person = (does: (app: Application) => Promise<void>) => spec(() => application, does);

  it(
    'goes from a folder over crop, threshold, fit, pause and stop to an export',
    person(async (app) => {
      const { page } = app;
      const button = (name: string) => page.getByRole('button', { name, exact: true });
      const main = page.getByRole('main');
      await choosing(app, [pictures], () => press(app, 'Open folder …'));
      await page.getByText('3 pictures added.').waitFor();
      // the button is gone with the first steps: its place has the focus
      await focused(main).toBe(true);
      await reach(app, page.getByRole('gridcell').first());
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Delete');
      await page.getByText('1 picture removed.').waitFor();
      expect(await held(app)).toContain('gravel.png');

      await page.keyboard.press('Control+2');
      await focused(main).toBe(true);
      const grip = page.getByRole('button', { name: /^Lower right corner/ });
      await reach(app, grip);
      // as wide as every other, however large the picture is shown
      const ring = (one: SVGGraphicsElement) =>
        Number.parseFloat(getComputedStyle(one).outlineWidth) * (one.getScreenCTM()?.a ?? 0);
      expect(await grip.evaluate(ring)).toBeCloseTo(2, 6);
      for (let k = 0; k < 3; k++) await page.keyboard.press('Shift+ArrowUp');
      const slider = page.getByRole('slider', { name: 'Threshold' });
      await reach(app, slider);
      await lattice(app);
      const otsu = Math.round(Number(await slider.getAttribute('aria-valuenow')));
      for (const [key, grey] of [
        ['End', '255'],
        ['Home', '0'],
      ]) {
        await page.keyboard.press(key);
        await soon(`the threshold after ${key}`, () => slider.getAttribute('aria-valuenow')).toBe(
          grey,
        );
      }
      await page.keyboard.press('Control+z');
      await soon('the threshold of before', async () =>
        Math.round(Number(await slider.getAttribute('aria-valuenow'))),
      ).toBe(otsu);
      for (const key of ['PageUp', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
      await enter(app, 'Rows', '16');
      await enter(app, 'Columns', '16');
      // what a field means stands beside it and its label
      const tip = page.locator('.tip');
      const edges = [tip, page.locator('label', { hasText: 'Columns' })].map(async (one) => {
        const box = await one.boundingBox();
        return box && [box.x, box.x + box.width];
      });
      const [told, label] = await Promise.all(edges);
      expect(told?.[1]).toBeLessThanOrEqual(label?.[0] ?? 0);
      await reach(app, page.getByLabel('Invert: dark is +1'));
      await tip.filter({ hasText: 'changes the sign of h' }).waitFor();
      await page.keyboard.press('Space');

      await page.keyboard.press('Control+3');
      await focused(main).toBe(true);
      await reach(app, page.getByLabel('Slow motion'));
      await page.keyboard.press('Space');
      await enter(app, 'Steps a second', '20');

      // the button that starts is the one that pauses and goes on
      await reach(app, button('Start'));
      await page.keyboard.press('Enter');
      await steps(app, 3);
      await focused(button('Pause')).toBe(true);
      await page.keyboard.press('Space');
      await page.getByText('Run 1 paused').waitFor();
      await focused(button('Resume')).toBe(true);
      const before = await steps(app, 3);
      await press(app, 'Step');
      expect(await steps(app, before + 1)).toBe(before + 1);
      await reach(app, button('Resume'), 'Shift+Tab');
      await page.keyboard.press('Enter');
      await steps(app, before + 3);
      await press(app, 'Stop');
      await page.getByText('Run 1 stopped').waitFor();
      await focused(button('Stop')).toBe(true);

      await press(app, 'Result');
      await focused(main).toBe(true);
      await press(app, 'Rename');
      await page.keyboard.type('by keys');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'by keys' }).waitFor();
      await focused(button('Rename')).toBe(true);
      const file = await saved(app, join(folder, `${kind}.fit.json`), async () => {
        await press(app, 'Export');
        await page.getByRole('menuitem').first().waitFor();
        await focused(page.getByRole('menuitem', { name: 'Fit file' })).toBe(true);
        await page.keyboard.press('Enter');
      });
      await focused(button('Export')).toBe(true);
      const { name, data, trace } = parseFitFile(file.toString(), 'the file');
      expect(name).toBe('by keys');
      expect(data.sources.map(({ path }) => path.split(/[/\\]/).at(-1))).toEqual([
        'brick.png',
        'gravel.png',
      ]);
      const { rows, cols, invert, crop, threshold } = data.preparation as Record<string, never>;
      expect([rows, cols, invert]).toEqual([16, 16, true]);
      expect(crop).toEqual({ x: 0, y: 0, width: 66, height: 66 });
      expect(threshold).toBe(otsu + 18);
      expect(trace.length).toBeGreaterThanOrEqual(before + 3);
    }),
  );

  it(
    'does what the list of shortcuts says, with nothing behind a dialog',
    person(async (app) => {
      const { page } = app;
      const pressed = (keys: string) =>
        page.keyboard.press(
          keys
            .replaceAll(' ', '+')
            .replace('Ctrl', 'Control')
            .replace(/[A-Z]$/, (key) => key.toLowerCase()),
        );
      const status = () => page.locator('.status').innerText();
      const file = (ending: string) => async (keys: string) => {
        const bytes = await saved(app, join(folder, `${kind}-${ending}`), () => pressed(keys));
        expect(bytes.length).toBeGreaterThan(100);
      };
      const pane = (name: string) => async (keys: string) => {
        await pressed(keys);
        await soon(`the pane ${name}`, () =>
          page.getByRole('navigation').getByRole('button', { name }).getAttribute('aria-current'),
        ).toBe('page');
      };
      const dialog = (name: string) => async (keys: string) => {
        await pressed(keys);
        await page.getByRole('dialog', { name }).waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
        await held(app);
      };
      const inverted = (is: boolean) => async (keys: string) => {
        await pressed('Ctrl 2');
        await pressed(keys);
        await soon('the invert mark', () => page.getByLabel('Invert: dark is +1').isChecked()).toBe(
          is,
        );
      };
      const opened = (paths: string[], pictures: number) => async (keys: string) => {
        await choosing(app, paths, () => pressed(keys));
        await soon('pictures', status).toMatch(new RegExp(`^${pictures} pictures`));
      };
      const does: Record<string, (keys: string) => Promise<void>> = {
        'Ctrl S': file('one.isinglass'),
        'Ctrl Shift S': file('two.isinglass'),
        'Ctrl O': opened([join(pictures, 'grass.png')], 3),
        'Ctrl Shift O': opened([pictures], 6),
        'Ctrl 1': pane('Data'),
        'Ctrl 2': pane('Prepare'),
        'Ctrl 3': pane('Fit'),
        'Ctrl 4': pane('Check'),
        'Ctrl 5': pane('Runs'),
        'Ctrl Z': inverted(false),
        'Ctrl Shift Z': inverted(true),
        // no number comes twice, though the run that had the first one has another name
        'Ctrl Enter': async (keys) => {
          // what stands in a field that nobody has left counts
          await reach(app, page.getByLabel('seed', { exact: true }));
          await page.keyboard.press('Control+A');
          await page.keyboard.type('11');
          await pressed(keys);
          await soon('a fit', status).toContain('Run 2 running');
          // as many as a chart can be zoomed into
          await steps(app, 20);
          await pressed(keys);
          await soon('a pause', status).toContain('Run 2 paused');
        },
        'Ctrl .': async (keys) => {
          const before = await steps(app, 0);
          await pressed(keys);
          expect(await steps(app, before + 1)).toBe(before + 1);
        },
        'Ctrl Backspace': async (keys) => {
          await pressed(keys);
          await soon('an end', status).toContain('Run 2 stopped');
        },
        'Ctrl E': async (keys) => {
          const path = join(folder, `${kind}-shortcut.fit.json`);
          const bytes = await saved(app, path, () => pressed(keys));
          expect(parseFitFile(bytes.toString(), 'the file').seed).toBe(11);
        },
        'Ctrl ,': dialog('Settings'),
        'Ctrl /': dialog('Keyboard shortcuts'),
        F1: dialog('Help'),
      };
      await pressed('Ctrl /');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      const listed = await page
        .getByRole('dialog')
        .getByRole('row')
        .evaluateAll((rows) =>
          rows.map((row) =>
            [...row.querySelectorAll('kbd')].map((key) => key.textContent).join(' '),
          ),
        );
      expect(listed).toEqual([
        ...Object.keys(does),
        '+ − Arrows Home',
        'Shift Arrows',
        'Arrows',
        'Arrows Delete',
      ]);
      const seen = async () => [
        await status(),
        await page.locator('nav [aria-current]').innerText(),
      ];
      const before = await seen();
      for (const keys of ['Ctrl 1', 'Ctrl Enter', 'Ctrl Z']) await pressed(keys);
      expect(await seen()).toEqual(before);
      await page.keyboard.press('Escape');
      for (const [keys, check] of Object.entries(does)) await check(keys);

      // a chart
      await pressed('Ctrl 3');
      const chart = page.getByRole('img', { name: /^Coupling\./ });
      await reach(app, chart);
      const drawn = () => chart.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
      const all = await drawn();
      for (const key of ['+', 'ArrowLeft']) {
        const shown = await drawn();
        await page.keyboard.press(key);
        await soon(`a chart after ${key}`, drawn).not.toBe(shown);
      }
      await page.keyboard.press('Home');
      await soon('all of the chart', drawn).toBe(all);
      // what it says of a step, until that is enough
      await page.keyboard.press('Shift+ArrowLeft');
      await soon('a read-out', drawn).not.toBe(all);
      const read = await drawn();
      for (let k = 0; k < 30; k++) await page.keyboard.press('Shift+ArrowLeft');
      await soon('another read-out', drawn).not.toBe(read);
      await page.keyboard.press('Escape');
      await soon('the chart alone', drawn).toBe(all);
    }),
  );

  it(
    'has the focus where it was, after dialogs and menus',
    person(async (app) => {
      const { page } = app;
      const button = (name: string | RegExp) => page.getByRole('button', { name });
      const closed = () => page.getByRole('dialog').waitFor({ state: 'hidden' });
      // one dialog out of another
      await press(app, 'Help');
      await page.getByRole('dialog', { name: 'Help' }).waitFor();
      await press(app, 'Keyboard shortcuts');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      await held(app);
      await page.keyboard.press('Escape');
      await closed();
      await focused(button('Help')).toBe(true);
      // a menu that is left
      await reach(app, button(/^Project /));
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem').first().waitFor();
      await page.keyboard.press('Escape');
      await focused(button(/^Project /)).toBe(true);
      // a form that is sent by Enter
      await page.keyboard.press('Control+1');
      await press(app, 'Synthetic set …');
      await page.getByRole('dialog', { name: 'Synthetic set' }).waitFor();
      await focused(page.getByLabel('J', { exact: true })).toBe(true);
      const status = () => page.locator('.status').innerText();
      await page.keyboard.press('Enter');
      await soon('a set', status).toMatch(/^100 configurations · 32 × 32/);
      // taken back with the preparation that it had changed
      await page.keyboard.press('Control+z');
      await soon('the pictures as they were', status).toMatch(/^6 pictures · 16 × 16/);
      await press(app, 'Synthetic set …');
      await enter(app, 'Images', '3');
      await closed();
      await focused(button('Synthetic set …')).toBe(true);
      await soon('the set', status).toMatch(/^3 configurations/);
      // more pictures than are in the page: the one that is looked at is there, and has the focus
      const many = join(folder, `many-${kind}`);
      mkdirSync(many);
      for (let k = 1; k <= 150; k++) writeFileSync(join(many, `${k}.pbm`), 'P1\n2 2\n0 1 1 1\n');
      await choosing(app, [many], () => page.keyboard.press('Control+Shift+o'));
      await page.getByText('150 pictures added.').waitFor();
      const current = page.getByRole('gridcell', { selected: true });
      expect(await page.getByRole('gridcell').count()).toBeLessThan(100);
      await reach(app, current);
      for (const [key, name] of [
        ['End', /^150.pbm$/],
        ['PageUp', /^1[123]\d.pbm$/],
        ['Home', /^J 0.35/],
        ['PageDown', /^[234]\d.pbm$/],
      ] as const) {
        await page.keyboard.press(key);
        await focused(current).toBe(true);
        expect((await current.innerText()).trim(), key).toMatch(name);
        await held(app);
      }
      const looked = await current.innerText();
      await page.getByRole('grid').evaluate((grid) => grid.scrollTo({ top: grid.scrollHeight }));
      await page.keyboard.press('Control+1');
      await reach(app, current);
      expect(await current.innerText()).toBe(looked);
      await page.keyboard.press('Delete');
      await page.getByText('1 picture removed.').waitFor();
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('Control+z');
      await soon('what came back', () => current.innerText()).toBe(looked);
      await focused(current).toBe(true);
      // a run that is deleted, and one that is the last
      await page.keyboard.press('Control+5');
      for (const left of [1, 0]) {
        await reach(app, button('Delete').first());
        await page.keyboard.press('Enter');
        await soon('one run less', () => button('Delete').count()).toBe(left);
        expect(await held(app)).toMatch(left === 1 ? /^div “Table of runs/ : /^main/);
      }
      // and brought back by its message
      await reach(app, button('Undo').last());
      await page.keyboard.press('Enter');
      await soon('the run', () => button('Delete').count()).toBe(1);
      await held(app);
      await press(app, 'Delete');
      await soon('no run', () => button('Delete').count()).toBe(0);
      // and when its message has gone
      await readMessages(app);
      await page.keyboard.press('Control+z');
      await soon('the run again', () => button('Delete').count()).toBe(1);
      // pictures, which a set has taken the place of
      await page.keyboard.press('Control+1');
      await page.keyboard.press('Control+z');
      await soon('the pictures', () => page.locator('.status').innerText()).toMatch(
        /^\d+ pictures?/,
      );
    }),
  );
});
