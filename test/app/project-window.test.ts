import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright';
import { expect, it } from 'vitest';
import { end, serveCommand } from './application.ts';
import { chromiumArguments, chromiumPath } from './chromium.ts';

/** A chart has only as many points as a narrow window has room for, and all of them when it grows. */
async function seesEveryStepAgain(page: Page) {
  const drawn = () =>
    page
      .getByRole('img', { name: /^Gradient/ })
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const pane = (name: string) =>
    page.getByRole('navigation').getByRole('button', { name, exact: true }).click();
  await page.getByRole('button', { name: 'Result' }).waitFor();
  await page.waitForTimeout(500);
  const whole = await drawn();
  await page.setViewportSize({ width: 640, height: 720 });
  await pane('Data');
  await pane('Fit');
  await page.waitForTimeout(500);
  await page.setViewportSize({ width: 1280, height: 720 });
  await expect.poll(async () => (await drawn()) === whole, { timeout: 10_000 }).toBe(true);
}

it('offers in the window what a killed host has left, and goes on with its fit', async () => {
  const home = mkdtempSync(join(tmpdir(), 'isinglass-left-'));
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: chromiumArguments,
  });
  let server = await serveCommand(home, []);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.goto(server.address);
    await page.getByRole('button', { name: 'Fit the example textures' }).click();
    await expect
      .poll(() => page.getByRole('button', { name: /kept against a crash/ }).count(), {
        timeout: 20_000,
      })
      .toBe(1);
    await page.getByText('Run 1 ended').waitFor({ timeout: 20_000 });
    await seesEveryStepAgain(page);
    // a step size so small that the fit is still under way when the host is killed
    await page.getByLabel('α as a number').fill('0.000001');
    await page.getByLabel('Steps, at most').fill('100000000');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText(/Run 2 running/).waitFor({ timeout: 20_000 });
    await page.waitForTimeout(2000);
    server.child.kill('SIGKILL');
    await once(server.child, 'exit');

    server = await serveCommand(home, []);
    await page.goto(server.address);
    const dialog = page.getByRole('dialog', { name: 'Unsaved work' });
    await dialog.getByText(/A fit of 3 pictures/).waitFor({ timeout: 20_000 });
    const shot = process.env.ISINGLASS_SHOTS;
    if (shot) await page.screenshot({ path: join(shot, 'left.png') });
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await page.getByText(/Run 2 (running|ended)/).waitFor({ timeout: 20_000 });
    if (shot) await page.screenshot({ path: join(shot, 'recovered.png') });
    await page.getByRole('button', { name: /^Project Untitled/ }).click();
    await page.getByRole('menuitem', { name: 'New project' }).click();
    await page.getByText('The work before was not saved. It is kept.').waitFor();
    if (shot) await page.screenshot({ path: join(shot, 'new.png') });
    await page.getByRole('button', { name: 'Bring back …' }).click();
    await dialog.getByText(/Untitled/).waitFor();
  } finally {
    await browser.close();
    await end(server.child);
    rmSync(home, { recursive: true, force: true });
  }
}, 120_000);

it('counts as saved in the window when its file is written, or when the person says so', async () => {
  const home = mkdtempSync(join(tmpdir(), 'isinglass-stored-'));
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: chromiumArguments,
  });
  const server = await serveCommand(home, []);
  try {
    const page = await browser.newPage();
    // a file of the page's own in place of one that a person chooses
    await page.addInitScript(() => {
      const chosen = { refuses: false };
      Object.assign(window, {
        chosen,
        async showSaveFilePicker({ suggestedName }: { suggestedName: string }) {
          const folder = await navigator.storage.getDirectory();
          const file = await folder.getFileHandle(suggestedName, { create: true });
          if (!chosen.refuses) return file;
          return { name: file.name, createWritable: () => Promise.reject(new Error('disk full')) };
        },
      });
    });
    await page.goto(server.address);
    await page.getByRole('button', { name: 'Fit the example textures' }).click();
    await page.getByText('Run 1 ended').waitFor({ timeout: 20_000 });
    const project = page.getByRole('button', { name: /^Project / });
    const save = async (name: string) => {
      await project.click();
      await page.getByRole('menuitem', { name, exact: true }).click();
    };
    const unsaved = async () => /not saved/.test((await project.getAttribute('aria-label')) ?? '');
    await page.evaluate('chosen.refuses = true');
    await save('Save');
    await page.getByText('Untitled.isinglass was not written: disk full').waitFor();
    expect(await unsaved()).toBe(true);
    await page.evaluate('chosen.refuses = false');
    await save('Save');
    await page.getByText('Saved as Untitled.isinglass.').waitFor();
    await expect.poll(unsaved).toBe(false);
    const written = await page.evaluate(async () => {
      const folder = await navigator.storage.getDirectory();
      const file = await (await folder.getFileHandle('Untitled.isinglass')).getFile();
      return [file.size, await file.slice(0, 2).text()] as const;
    });
    expect(written[0]).toBeGreaterThan(1000);
    expect(written[1]).toBe('PK');
    // without such a file the person is asked
    await page.evaluate('delete window.showSaveFilePicker');
    await page.reload();
    await page.evaluate('delete window.showSaveFilePicker');
    await page.getByLabel('seed').first().fill('5');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('Run 2 ended').waitFor({ timeout: 20_000 });
    await expect.poll(unsaved).toBe(true);
    const download = page.waitForEvent('download');
    await save('Save');
    await (await download).path();
    expect(await unsaved()).toBe(true);
    const shot = process.env.ISINGLASS_SHOTS;
    if (shot) await page.screenshot({ path: join(shot, 'download.png') });
    await page.getByRole('button', { name: 'It is there' }).click();
    await expect.poll(unsaved).toBe(false);
  } finally {
    await browser.close();
    await end(server.child);
    rmSync(home, { recursive: true, force: true });
  }
}, 120_000);
