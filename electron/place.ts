import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserWindow, Rectangle, Screen } from 'electron';
import { writeAtomically } from './node/system/atomic.ts';

const fileName = 'window.json';

/** Where a window is, and by how much its page is enlarged. */
export interface Place extends Rectangle {
  readonly zoom: number;
}

/** Where the window was; null at the first start, or where that screen is gone. */
export async function rememberedPlace(folder: string, screen: Screen): Promise<Place | null> {
  const text = await readFile(join(folder, fileName), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { x, y, width, height, zoom = 1 } = JSON.parse(text) as Rectangle & { zoom?: number };
    // Electron's own bounds
    if (!(zoom >= 0.25 && zoom <= 5)) return null;
    if (![x, y, width, height].every(Number.isSafeInteger) || width < 800 || height < 500)
      return null;
    // enough of it must lie on a screen to be taken hold of
    const visible = screen.getAllDisplays().some(({ workArea: area }) => {
      const across = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
      return across > 100 && y >= area.y && y < area.y + area.height - 50;
    });
    return visible ? { x, y, width, height, zoom } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export async function rememberPlace(folder: string, window: BrowserWindow): Promise<void> {
  const place = { ...window.getNormalBounds(), zoom: window.webContents.getZoomFactor() };
  await writeAtomically(join(folder, fileName), JSON.stringify(place), { mode: 0o600 });
}
