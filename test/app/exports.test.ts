import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNpy } from '../../shared/data/arrays/npy.ts';
import { readText, writeText } from '../../shared/data/arrays/text.ts';
import { parseFitFile } from '../../shared/protocol/fit-file.ts';
import { type Application, allHosts, launch } from './application.ts';
import { exported, exportedBytes, pane, spec } from './person.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-exports-'));
const pictures = join(folder, 'pictures');
const [images, side] = [5, 6];
const spins = Int8Array.from({ length: images * side * side }, (_, k) =>
  (k * k + (k >> 3)) % 5 < 2 ? 1 : -1,
);

beforeAll(() => {
  mkdirSync(pictures);
  for (let image = 0; image < images; image++) {
    const own = spins.slice(image * side * side, (image + 1) * side * side);
    const text = writeText({ rows: side, cols: side, windows: 1, spins: own });
    writeFileSync(join(pictures, `${image}.csv`), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(allHosts)('everything that the host %s exports', (kind) => {
  let application: Application;
  let J = '';
  beforeAll(async () => {
    application = await launch(kind, [pictures]);
    const { page } = application;
    await pane(application, 'Fit');
    await page.getByLabel('Method', { exact: true }).selectOption('exact');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('button', { name: 'Result' }).click();
  }, 60_000);
  afterAll(() => application?.close());
  const saves = (does: (app: Application) => Promise<void>) => spec(() => application, does);

  it(
    'holds the estimate',
    saves(async (app) => {
      const { estimate } = parseFitFile(await exported(app, 'Fit file', folder), 'the file');
      // its error, of two digits, ends in the third place
      J = Math.abs(Number(estimate.J)).toFixed(3);
      expect(Number(J)).toBeGreaterThan(0);
    }),
  );

  it(
    'holds the spins that were fitted',
    saves(async (app) => {
      const npy = readNpy(await exportedBytes(app, 'Spins (.npy)', folder));
      const csv = readText(await exportedBytes(app, 'Spins (CSV)', folder));
      for (const read of [npy, csv]) {
        expect([read.windows, read.rows, read.cols]).toEqual([images, side, side]);
        expect(read.spins).toEqual(spins);
      }
    }),
  );

  it(
    'shows the charts as a picture and as a drawing with text',
    saves(async (app) => {
      const png = await exportedBytes(app, 'Coupling (PNG)', folder);
      expect(await sharp(png).metadata()).toMatchObject({ width: 2160, height: 1320 });
      // more than one colour
      expect((await sharp(png).stats()).entropy).toBeGreaterThan(0.05);
      const svg = await exported(app, 'Coupling (SVG)', folder);
      expect(svg).toMatch(/^<svg.*<text.*<\/svg>\s*$/s);
    }),
  );

  it(
    'reports on one page that asks nobody for anything',
    saves(async (app) => {
      const html = await exported(app, 'Report (HTML)', folder);
      expect(html).toContain(J);
      expect(html).not.toMatch(/<script|(src|href)="(?!data:|#)/);
      const entry = app.page.getByRole('menuitem', { name: 'Report (PDF)' });
      if (kind === 'browser') {
        // a browser prints the other one
        await app.page.getByRole('button', { name: 'Export' }).click();
        expect(await entry.count()).toBe(0);
        await app.page.keyboard.press('Escape');
        return;
      }
      const pdf = (await exportedBytes(app, 'Report (PDF)', folder)).toString('latin1');
      expect(pdf).toMatch(/^%PDF-1/);
      expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
    }),
  );

  it(
    'puts the result on the clipboard',
    saves(async ({ page }) => {
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: 'Copy the result' }).click();
      await page.getByText(/copied/i).waitFor();
      if (kind !== 'browser') return;
      await page.context().grantPermissions(['clipboard-read']);
      expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(J);
    }),
  );
});
