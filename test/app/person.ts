import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Locator } from 'playwright';
import { expect } from 'vitest';
import type { Application } from './application.ts';

/* what a person does in the window, whose dialogs are the system's or the browser's */

/** Milliseconds that a machine may be busy with something else before a wait is in vain. */
const patience = 20_000;

/** A spec that says, where it fails, what the window showed. */
export function spec(
  app: () => Application,
  steps: (app: Application) => Promise<void>,
): () => Promise<void> {
  return async () => {
    try {
      app().page.setDefaultTimeout(patience);
      await steps(app());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`${message}\n${await shown(app())}`, { cause: error });
    }
  };
}

/** Messages, dialogs and the status line, as text. */
async function shown({ page, output }: Application): Promise<string> {
  const texts = (selector: string) => page.locator(selector).allInnerTexts();
  const found = Promise.all(['[role=alert], .notice', '[role=dialog]', '.job, .status'].map(texts));
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), 2000));
  const [messages, dialogs, status] = (await Promise.race([found, late]).catch(() => null)) ?? [];
  return messages
    ? `The window showed: ${JSON.stringify({ messages, dialogs, status })}; the program wrote: ${output()}`
    : `The window did not say what it showed; the program wrote: ${output()}`;
}

/** Waits until a value is what it should be; `what` stands in the failure. */
export function soon<T>(what: string, value: () => Promise<T> | T) {
  return expect.poll(value, { timeout: patience, message: what });
}

/** Goes to a pane of the rail. */
export async function pane({ page }: Application, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name }).click();
}

/** Types a value into a field, and leaves it. */
export async function type(
  { page }: Application,
  values: Readonly<Record<string, string | number>>,
): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    await page.getByLabel(name, { exact: true }).fill(String(value));
    await page.keyboard.press('Tab');
  }
}

/** Begins with nothing, as after a start. */
export async function newProject(app: Application): Promise<void> {
  const { page } = app;
  await pane(app, 'Data');
  await page.getByRole('button', { name: /^Project / }).click();
  await page.getByRole('menuitem', { name: 'New project' }).click();
  await page.getByRole('heading', { name: 'Pictures in, couplings out' }).waitFor();
  await readMessages(app);
}

/** Puts every message away, so that the next one cannot be taken for it. */
export async function readMessages({ page }: Pick<Application, 'page'>): Promise<void> {
  const read = page.getByRole('button', { name: 'Put the message away' });
  // by the page itself: one that goes in that moment of its own accord is not waited for
  const press = (buttons: Element[]) => {
    for (const button of buttons as HTMLElement[]) button.click();
  };
  while ((await read.count()) > 0) await read.evaluateAll(press);
}

/** Opens files, or a folder, by a button of the window. */
export function choose(app: Application, button: string, paths: readonly string[]): Promise<void> {
  return choosing(app, paths, () => app.page.getByRole('button', { name: button }).click());
}

/** Chooses files, or a folder, in the dialog that something opens. */
export async function choosing(
  { kind, page, evaluate }: Application,
  paths: readonly string[],
  open: () => Promise<void>,
): Promise<void> {
  if (kind === 'browser') {
    // once in some hundred times a busy Chromium has not asked: then a person asks again
    for (let left = 3; left > 0; left--) {
      const asked = page.waitForEvent('filechooser', { timeout: 6000 }).catch(() => null);
      await open();
      const chooser = await asked;
      if (chooser) return chooser.setFiles([...paths]);
    }
    throw new Error('The browser never asked for files.');
  }
  await evaluate(
    `async ({ dialog }, filePaths) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths });
    }`,
    paths,
  );
  await open();
}

/** Where files are held over the window. */
const heldAt = { x: 500, y: 400 };

/** Files that are held over the window. */
interface Held {
  letGo(): Promise<void>;
  /** Out of the window again. */
  takeAway(): Promise<void>;
}

/** Holds files and folders of this machine over the window, as a file manager does. */
export async function carry(
  { kind, page, evaluate }: Application,
  paths: readonly string[],
): Promise<Held> {
  if (kind === 'stand-in') {
    const files = paths.map((path) => ({ name: basename(path), size: statSync(path).size, path }));
    await evaluate(
      `({ BrowserWindow }, files) => BrowserWindow.getAllWindows()[0].webContents.grantFiles(files)`,
      files,
    );
  }
  const client = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  const move = async (type: 'dragEnter' | 'dragOver' | 'drop') => {
    await client.send('Input.dispatchDragEvent', { type, ...heldAt, data });
  };
  const hold = async () => {
    await move('dragEnter');
    await move('dragOver');
  };
  await hold();
  const letGo = async () => {
    await page.evaluate(() => {
      const note = () => Object.assign(window, { letGo: true });
      Object.assign(window, { letGo: false });
      window.addEventListener('drop', note, { once: true, capture: true });
    });
    // a browser that has not heard yet that the page takes the files makes nothing of a drop: a hand tries again
    await soon('a drop that reaches the page', async () => {
      await move('drop');
      const came = await page.evaluate(() => 'letGo' in window && window.letGo);
      if (!came) await hold();
      return came;
    }).toBe(true);
  };
  // Chromium's protocol ends a drag without the event that a hand leaves behind
  const takeAway = () =>
    page.evaluate(({ x, y }) => {
      const left = document.elementFromPoint(x, y) ?? document.body;
      left.dispatchEvent(new DragEvent('dragleave', { bubbles: true, relatedTarget: null }));
    }, heldAt);
  return { letGo, takeAway };
}

/** Drops files and folders onto the window. */
export async function drop(app: Application, paths: readonly string[]): Promise<void> {
  await (await carry(app, paths)).letGo();
}

/** The lattice of the Prepare pane, as a picture, once it follows the last change. */
export async function lattice({ page }: Application): Promise<string> {
  await page.locator('figure[aria-busy=false] canvas.lattice').waitFor();
  return page.locator('canvas.lattice').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
}

/** Chooses an entry of the export menu, and gives the text of the file that is saved. */
export async function exported(app: Application, entry: string, folder: string): Promise<string> {
  return (await exportedBytes(app, entry, folder)).toString('utf8');
}

/** The same, whatever is in the file. */
export function exportedBytes(app: Application, entry: string, folder: string): Promise<Buffer> {
  return saved(app, join(folder, `${entry.replace(/[^a-z]+/gi, '-')}-${app.kind}`), async () => {
    await app.page.getByRole('button', { name: 'Export' }).click();
    await app.page.getByRole('menuitem', { name: entry, exact: true }).click();
  });
}

/** What something saves, or the browser downloads, to a path. */
export async function saved(
  { kind, page, evaluate }: Application,
  path: string,
  save: () => Promise<void>,
): Promise<Buffer> {
  if (kind === 'browser') {
    // the system's own dialog would wait for a person
    await page.evaluate('delete window.showSaveFilePicker');
    const download = page.waitForEvent('download');
    await save();
    await (await download).saveAs(path);
  } else {
    await evaluate(
      `async ({ dialog }, filePath) => {
        dialog.showSaveDialog = async () => ({ canceled: false, filePath });
      }`,
      path,
    );
    await save();
    await page
      .getByText(/^Saved as/)
      .last()
      .waitFor();
    await soon('the file', () => existsSync(path)).toBe(true);
  }
  return readFileSync(path);
}

/** The step that the status line shows, waited for until it is at least so many. */
export async function steps({ page }: Application, least: number): Promise<number> {
  let step = 0;
  await soon(`step ${least} of the fit`, async () => {
    const text = await page.locator('.status').innerText();
    step = Number(/step ([\d,]+)/.exec(text)?.[1].replaceAll(',', '') ?? 0);
    return step;
  }).toBeGreaterThanOrEqual(least);
  return step;
}

/** Drags from the middle of something by so many pixels. */
export async function drag(
  { page }: Application,
  held: Locator,
  by: { x: number; y: number },
): Promise<void> {
  const box = await held.boundingBox();
  if (!box) throw new Error('There is nothing to take hold of.');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by.x / 2, y + by.y / 2);
  await page.mouse.move(x + by.x, y + by.y);
  await page.mouse.up();
}
