import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Application, launch, root } from './application.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds wrong by WCAG 2.1 A and AA, as lines to read. */
async function violations({ page }: Application): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe: engine } = window as unknown as {
      axe: {
        run(options: unknown): Promise<{
          violations: { id: string; nodes: { target: unknown; failureSummary: string }[] }[];
        }>;
      };
    };
    const found = await engine.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
    );
  });
}

/** Controls in sight that say nothing about themselves when they are pointed at. */
function withoutTooltip({ page }: Application): Promise<string[]> {
  return page.evaluate(() => {
    const controls =
      'button, input, select, textarea, [role=slider], [role=menuitem], [role=tab], rect[tabindex="0"]';
    return [...document.querySelectorAll<HTMLElement | SVGElement>(controls)]
      .filter((control) => control.getClientRects().length > 0)
      .filter((control) => !control.closest('[data-grace-area-trigger], [title]'))
      .filter((control) => !control.querySelector('title'))
      .map((control) => `${control.tagName} ${control.ariaLabel ?? control.textContent}`);
  });
}

interface TextNode {
  readonly nodeId: number;
  readonly nodeType: number;
  readonly nodeValue: string;
  readonly children?: readonly TextNode[];
}

/** Texts with letters that none of the bundled fonts has: another machine may have no such font, or an odd one. */
async function inForeignLetters({ page }: Application): Promise<string[]> {
  const client = await page.context().newCDPSession(page);
  await client.send('DOM.enable');
  await client.send('CSS.enable');
  const { root: document } = await client.send('DOM.getDocument', { depth: -1 });
  const texts = ({ nodeType, children = [], ...node }: TextNode): TextNode[] =>
    nodeType === 3 ? [{ nodeType, ...node }] : children.flatMap(texts);
  const found: string[] = [];
  for (const { nodeId, nodeValue } of texts(document)) {
    const { fonts } = await client.send('CSS.getPlatformFontsForNode', { nodeId });
    if (fonts.some(({ isCustomFont }) => !isCustomFont)) found.push(nodeValue.trim());
  }
  await client.detach();
  return found;
}

describe('accessibility in both themes', () => {
  let application: Application;
  beforeAll(async () => {
    application = await launch('browser', [`${root}electron/samples`]);
    const { page } = application;
    // the page's own policy lets no script in; the debugger may
    await page.evaluate(axe);
    await page.getByRole('gridcell').first().waitFor();
  }, 60_000);
  afterAll(() => application?.close());

  it.each(['light', 'dark'])(
    'finds no violation in any pane or dialog, theme %s',
    async (theme) => {
      const { page } = application;
      // fonts are the same in both
      const foreign = () => (theme === 'light' ? inForeignLetters(application) : []);
      await page.keyboard.press('Control+,');
      await page.getByLabel('Theme').selectOption(theme);
      expect(await violations(application)).toEqual([]);
      await page.keyboard.press('Escape');
      for (const pane of ['Data', 'Prepare', 'Fit', 'Check', 'Runs']) {
        await page.getByRole('navigation').getByRole('button', { name: pane }).click();
        expect(await violations(application), pane).toEqual([]);
        expect(await withoutTooltip(application), pane).toEqual([]);
        expect(await foreign(), pane).toEqual([]);
      }
      for (const [keys, name] of [
        ['F1', 'Help'],
        ['Control+/', 'Keyboard shortcuts'],
      ]) {
        await page.keyboard.press(keys);
        await page.getByRole('dialog', { name }).waitFor();
        expect(await violations(application), name).toEqual([]);
        expect(await withoutTooltip(application), name).toEqual([]);
        expect(await foreign(), name).toEqual([]);
        await page.keyboard.press('Escape');
      }
      // a fit under way and its result
      await page.getByRole('navigation').getByRole('button', { name: 'Fit' }).click();
      await page.getByRole('button', { name: 'Start' }).click();
      await page.getByRole('button', { name: 'Result' }).waitFor();
      expect(await violations(application), 'Fit with a result').toEqual([]);
      await page.getByRole('button', { name: 'Result' }).click();
      expect(await violations(application), 'Runs with a result').toEqual([]);
      expect(await foreign(), 'Runs with a result').toEqual([]);
      for (const menu of ['Export', /^Project/]) {
        await page.getByRole('button', { name: menu }).click();
        // a menu that has lost its button stands outside of the window
        await page.getByRole('menuitem').first().click({ trial: true });
        expect(await withoutTooltip(application), String(menu)).toEqual([]);
        await page.keyboard.press('Escape');
      }
      // a finished check
      await page.getByRole('navigation').getByRole('button', { name: 'Check' }).click();
      const ask = page.getByRole('button', { name: 'Check this run' });
      const done = page.getByRole('button', { name: 'Check again' });
      await ask.or(done).first().waitFor();
      if (await ask.isVisible()) await ask.click();
      await done.waitFor({ timeout: 60_000 });
      expect(await violations(application), 'Check with a result').toEqual([]);
      expect(await foreign(), 'Check with a result').toEqual([]);
    },
  );

  it('moves nothing where the system asks for less motion', async () => {
    const { page } = application;
    const probe = await page.evaluateHandle(() => {
      const [sheet] = document.styleSheets;
      const moving =
        'transition: opacity 3s; animation: probe 3s infinite; scroll-behavior: smooth;';
      sheet.insertRule('@keyframes probe { to { opacity: 0.5; } }', 0);
      // as specific as a component's own rules
      sheet.insertRule(`.probe[data-v], .probe[data-v]::after { content: ""; ${moving} }`, 1);
      const one = document.createElement('i');
      one.className = 'probe';
      one.dataset.v = '';
      return document.body.appendChild(one);
    });
    const motion = () =>
      probe.evaluate((one) =>
        ['', '::after'].flatMap((part) => {
          const { transitionDuration, animationDuration, scrollBehavior } = getComputedStyle(
            one,
            part,
          );
          return [transitionDuration, animationDuration, scrollBehavior];
        }),
      );
    expect(await motion()).toEqual(['3s', '3s', 'smooth', '3s', '3s', 'smooth']);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await motion()).toEqual(['0s', '0s', 'auto', '0s', '0s', 'auto']);
    await probe.evaluate((one) => one.remove());
    await page.keyboard.press('F1');
    await page.getByRole('dialog').waitFor();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    await page.keyboard.press('Escape');
    await page.emulateMedia({ reducedMotion: null });
  });

  it('would find one that is there (control)', async () => {
    await application.page.evaluate(() => {
      document.body.append(document.createElement('button'));
    });
    expect((await violations(application)).join()).toContain('button-name');
    expect(await withoutTooltip(application)).toHaveLength(1);
  });
});
