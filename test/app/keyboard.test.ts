import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseFitFile } from '../../shared/protocol/fit-file.ts';
import { type Application, allHosts, launch } from './application.ts';
import { enter, held, press, reach } from './keys.ts';
import { choosing, saved, soon, spec, steps } from './person.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-keyboard-'));
const pictures = join(folder, 'pictures');
beforeAll(async () => {
  mkdirSync(pictures);
  for (const name of ['brick', 'grass', 'gravel']) {
    await sharp(fileURLToPath(new URL(`../../electron/samples/${name}.png`, import.meta.url)))
      .extract({ left: 100, top: 100, width: 96, height: 96 })
      .toFile(join(pictures, `${name}.png`));
  }
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
      await reach(app, page.getByRole('button', { name: /^Lower right corner/ }));
      for (let k = 0; k < 3; k++) await page.keyboard.press('Shift+ArrowUp');
      const slider = page.getByRole('slider', { name: 'Threshold' });
      await reach(app, slider);
      const otsu = Math.round(Number(await slider.getAttribute('aria-valuenow')));
      for (const key of ['PageUp', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
      await enter(app, 'Rows', '16');
      await enter(app, 'Columns', '16');
      await reach(app, page.getByLabel('Invert: dark is +1'));
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
});
