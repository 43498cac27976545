import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BrowserWindow, dialog, type OpenDialogOptions, session } from 'electron';
import { pictureFormats } from '../shared/data/image/format.ts';
import type { Exchange } from '../shared/session/ports.ts';
import { writeAtomically } from './node/system/atomic.ts';

const endings = [...pictureFormats, 'jpg', 'tif', 'npy', 'csv', 'txt', 'pbm', 'json', 'isinglass'];

/** Files by native dialogs. */
export function nativeExchange(
  window: () => BrowserWindow | null,
): Pick<Exchange, 'open' | 'save' | 'project' | 'pdf' | 'uploads'> {
  return {
    async open(kind) {
      const options: OpenDialogOptions =
        kind === 'folder'
          ? { title: 'Open a folder of pictures', properties: ['openDirectory', 'multiSelections'] }
          : {
              title: 'Open pictures, spins, a fit file or a project',
              properties: ['openFile', 'multiSelections'],
              filters: [
                { name: 'Pictures, spins, fit files, projects', extensions: endings },
                { name: 'All files', extensions: ['*'] },
              ],
            };
      const parent = window();
      const { canceled, filePaths } = await (parent
        ? dialog.showOpenDialog(parent, options)
        : dialog.showOpenDialog(options));
      return canceled ? null : filePaths;
    },
    async save(name, _type, content) {
      const parent = window();
      const options = { defaultPath: name };
      const { canceled, filePath } = await (parent
        ? dialog.showSaveDialog(parent, options)
        : dialog.showSaveDialog(options));
      if (canceled || filePath === '') return null;
      await writeAtomically(filePath, content);
      return { kind: 'saved', name: basename(filePath) };
    },
    async project(kind, name) {
      const parent = window();
      const filters = [{ name: 'Isinglass projects', extensions: ['isinglass'] }];
      if (kind === 'open') {
        const options: OpenDialogOptions = {
          title: 'Open a project',
          properties: ['openFile'],
          filters,
        };
        const { canceled, filePaths } = await (parent
          ? dialog.showOpenDialog(parent, options)
          : dialog.showOpenDialog(options));
        return canceled ? null : (filePaths[0] ?? null);
      }
      const options = { title: 'Save the project', defaultPath: name, filters };
      const { canceled, filePath } = await (parent
        ? dialog.showSaveDialog(parent, options)
        : dialog.showSaveDialog(options));
      return canceled || filePath === '' ? null : filePath;
    },
    pdf: printPdf,
    uploads: () => [],
  };
}

/** Prints a page that can run nothing and load nothing but itself. */
async function printPdf(html: string): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'isinglass-report-'));
  const path = join(folder, 'report.html');
  const address = pathToFileURL(path).href;
  const own = session.fromPartition('report');
  own.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: url !== address && !url.startsWith('data:') });
  });
  const page = new BrowserWindow({
    show: false,
    webPreferences: {
      session: own,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      javascript: false,
    },
  });
  try {
    await writeFile(path, html);
    await page.loadURL(address);
    return new Uint8Array(
      await page.webContents.printToPDF({ pageSize: 'A4', printBackground: true }),
    );
  } finally {
    page.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}
