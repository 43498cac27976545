import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright';
import sharp from 'sharp';
import { end, root, serveCommand } from './application.ts';
import { chromiumArguments, chromiumPath } from './chromium.ts';
import { readMessages } from './person.ts';

const themes = ['light', 'dark'] as const;
const sizes = [
  { width: 1280, height: 720 },
  { width: 2560, height: 1440 },
];

/** What stands in `docs/`: its name there, the scene, and where it is not light and small. */
const documented: readonly (readonly [name: string, scene: string, look?: string])[] = [
  ['window', 'fit'],
  ['window-large', 'fit', 'dark-2560'],
  ['window-data', 'data'],
  ['window-prepare', 'prepare'],
  ['window-check', 'check'],
  ['window-runs', 'runs'],
  ['window-help', 'help-methods'],
];

/**
 * Takes a picture of every pane and dialog, in both themes and two sizes.
 *
 * `--out FOLDER` says where they go; `--docs` renews those of `docs/`; `--only TEXT` takes scenes whose name has it.
 */
export async function takeScreenshots(given: string[]): Promise<void> {
  const { values } = parseArgs({
    args: given,
    options: {
      out: { type: 'string', default: join(tmpdir(), 'isinglass-screenshots') },
      docs: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
    },
  });
  mkdirSync(values.out, { recursive: true });
  const home = mkdtempSync(join(tmpdir(), 'isinglass-screenshots-home-'));
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: chromiumArguments,
  });
  const page = await browser.newPage();
  let server = await serveCommand(home, []);

  // a menu closes when the window changes its size, and is opened for each
  const shoot = async (scene: string, open?: () => Promise<void>) => {
    if (!scene.includes(values.only)) return;
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme });
      for (const size of sizes) {
        await page.setViewportSize(size);
        await open?.();
        // charts draw one after the other, and lay themselves out first
        await setTimeout(400);
        const path = join(values.out, `${scene}-${colorScheme}-${size.width}.png`);
        await page.screenshot({ path });
        if (open) await page.keyboard.press('Escape');
      }
    }
  };
  try {
    await page.setViewportSize(sizes[0]);
    await page.goto(server.address);
    await page.getByRole('navigation').waitFor();
    await tour(page, shoot, join(home, 'pictures'));
    // what a killed host leaves behind
    server.child.kill('SIGKILL');
    await once(server.child, 'exit');
    server = await serveCommand(home, []);
    await page.goto(server.address);
    await page.getByRole('dialog', { name: 'Unsaved work' }).waitFor();
    await shoot('recovery');
  } finally {
    await browser.close();
    await end(server.child);
    rmSync(home, { recursive: true, force: true });
  }
  if (values.docs) {
    for (const [name, scene, look = 'light-1280'] of documented) {
      const picture = sharp(join(values.out, `${scene}-${look}.png`));
      await picture
        .png({ palette: true, colours: 64, effort: 10, dither: 0.4 })
        .toFile(join(root, 'docs', `${name}.png`));
    }
  }
}

/** Pictures as a laboratory has them: long names, one that is broken, one that says nothing. */
async function writePictures(folder: string): Promise<string[]> {
  mkdirSync(folder);
  const paths: string[] = [];
  for (const texture of ['brick', 'grass', 'gravel']) {
    const whole = join(root, 'electron/samples', `${texture}.png`);
    const { width = 0, height = 0 } = await sharp(whole).metadata();
    const side = Math.floor(Math.min(width, height) / 2);
    for (let k = 0; k < 8; k++) {
      const left = Math.floor(((width - side) * (k % 4)) / 3);
      const top = Math.floor(((height - side) * Math.floor(k / 4)) / 1);
      const path = join(folder, `${texture}, sample 14, plate ${k + 1}, 2024-05-12T09-30.png`);
      await sharp(whole).extract({ left, top, width: side, height: side }).toFile(path);
      paths.push(path);
    }
  }
  const broken = join(folder, 'interrupted transfer.png');
  writeFileSync(broken, readFileSync(paths[0]).subarray(0, 2000));
  return [...paths, broken];
}

async function tour(
  page: Page,
  shoot: (scene: string, open?: () => Promise<void>) => Promise<void>,
  folder: string,
) {
  const pane = (name: string) =>
    page.getByRole('navigation').getByRole('button', { name, exact: true }).click();
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const close = () => page.keyboard.press('Escape');

  await shoot('data-empty');
  for (const name of ['Prepare', 'Fit', 'Check', 'Runs']) {
    await pane(name);
    await shoot(`${name.toLowerCase()}-empty`);
  }
  await pane('Help');
  for (const name of ['steps', 'model', 'methods', 'errors']) {
    const tab = page.getByRole('tab').nth(['steps', 'model', 'methods', 'errors'].indexOf(name));
    await tab.click();
    await shoot(`help-${name}`);
  }
  await close();
  for (const [keys, name] of [
    ['Control+/', 'shortcuts'],
    ['Control+,', 'settings'],
  ]) {
    await page.keyboard.press(keys);
    await shoot(name);
    await close();
  }

  // pictures of three kinds, one of them broken
  await pane('Data');
  await page.getByRole('button', { name: 'Synthetic set' }).click();
  await shoot('synthetic');
  await close();
  const chooser = page.waitForEvent('filechooser');
  await button('Open pictures …').click();
  await (await chooser).setFiles(await writePictures(folder));
  await page.getByText(/could not be used/).waitFor();
  await page.getByRole('gridcell').nth(9).click();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[role=gridcell] canvas')].every(
      (canvas) => canvas.classList.contains('painted') || !canvas.checkVisibility(),
    ),
  );
  await readMessages({ page });
  await shoot('data');
  await pane('Prepare');
  await page.getByRole('spinbutton', { name: 'Rows' }).fill('32');
  await page.getByRole('spinbutton', { name: 'Columns' }).fill('32');
  await page.keyboard.press('Tab');
  await button('Measure').click();
  await page.getByRole('row', { name: /^the whole set −?\d/ }).waitFor();
  await shoot('prepare');
  await page.getByLabel('Tiles instead of one lattice').check();
  await setTimeout(500);
  await shoot('prepare-tiles');
  await page.getByLabel('Tiles instead of one lattice').uncheck();

  await pane('Fit');
  await page.getByLabel('seed', { exact: true }).fill('7');
  await page.keyboard.press('Tab');
  await shoot('fit-ready');
  await button('Start').click();
  await button('Result').waitFor({ timeout: 60_000 });
  await shoot('fit');
  await pane('Check');
  await page
    .getByRole('button', { name: 'Check again' })
    .or(page.getByRole('button', { name: 'Check this run' }))
    .waitFor();
  if (await button('Check this run').isVisible()) await button('Check this run').click();
  await button('Check again').waitFor({ timeout: 120_000 });
  await shoot('check');

  // other models and methods to compare
  await pane('Fit');
  await page.getByRole('radio', { name: 'Jx, Jy, h' }).check();
  await button('Start').click();
  await page.getByText('Run 2 ended').waitFor({ timeout: 180_000 });
  await shoot('fit-anisotropic');
  await page.getByLabel('Method', { exact: true }).selectOption('pseudolikelihood');
  await button('Start').click();
  await page.getByText('Run 3 ended').waitFor({ timeout: 60_000 });
  await shoot('fit-pseudolikelihood');
  await pane('Runs');
  await page.getByRole('row', { name: /^Run 1/ }).click();
  await shoot('runs');
  await shoot('export', () => button('Export').click());
  await shoot('project', () => page.getByRole('button', { name: /^Project/ }).click());

  // pictures of which no model can be made
  await pane('Data');
  await button('Remove all').click();
  await page
    .getByText('24 pictures removed.')
    .or(page.getByText(/pictures removed/))
    .waitFor();
  const white = join(folder, 'white.png');
  await sharp({ create: { width: 64, height: 64, channels: 3, background: '#fff' } })
    .png()
    .toFile(white);
  const next = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+O');
  await (await next).setFiles([white]);
  await page.getByRole('gridcell').first().waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText('Run 4 ended').waitFor({ timeout: 60_000 });
  await shoot('fit-no-estimate');
  await pane('Runs');
  await shoot('runs-no-estimate');
  // kept against a crash before the host is killed
  await page.getByRole('button', { name: /kept against a crash/ }).waitFor({ timeout: 20_000 });
}
