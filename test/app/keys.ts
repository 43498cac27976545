import type { Locator } from 'playwright';
import { expect } from 'vitest';
import type { Application } from './application.ts';

/* what a person does who has a keyboard and nothing else */

/** What has the focus, as the page tells. */
interface Stop {
  /** What it is called, as far as its own attributes, labels and text say. */
  readonly name: string;
  /** It is in sight, and a ring is drawn around it. */
  readonly seen: boolean;
  /** Nothing in the page has the focus. */
  readonly none: boolean;
  /** It is what was looked for. */
  readonly there: boolean;
}

/** Stops that a walk may make before it has gone around the whole window. */
const mostStops = 120;

/** What has the focus now. Runs in the page. */
function stop(goal: unknown): Stop {
  const active = document.activeElement;
  // after the last element the browser itself has it
  if (!active || active === document.body || !document.hasFocus()) {
    return { name: 'nothing', seen: false, none: true, there: false };
  }
  const labels = (active as Partial<HTMLInputElement>).labels ?? [];
  const called = active.ariaLabel ?? [...labels, active].map((one) => one.textContent).join('');
  const { left, right, top, bottom } = active.getBoundingClientRect();
  const inside = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
  const { outlineStyle, visibility } = getComputedStyle(active);
  const marked = outlineStyle !== 'none' || active.hasAttribute('data-highlighted');
  return {
    name: `${active.tagName.toLowerCase()} “${called.trim().slice(0, 60)}”`,
    seen: inside && marked && visibility === 'visible',
    none: false,
    there: active === goal,
  };
}

/** What has the focus; a failure where nothing has, or nobody could see it. */
export async function held({ page }: Application): Promise<string> {
  const { name, seen } = await page.evaluate(stop, null);
  expect(seen, `${name} has the focus, in sight and with a ring`).toBe(true);
  return name;
}

/** Goes on by Tab until something has the focus. Every stop on the way must be in sight, with a ring. */
export async function reach({ page }: Application, goal: Locator, key = 'Tab'): Promise<void> {
  const wanted = await goal.elementHandle();
  const passed: string[] = [];
  for (let k = 0; k < mostStops; k++) {
    await page.keyboard.press(key);
    const { name, seen, none, there } = await page.evaluate(stop, wanted);
    passed.push(name);
    // once around, the focus leaves the page
    if (!none) expect(seen, `in sight and with a ring: ${passed.join(', ')}`).toBe(true);
    if (there) return;
  }
  throw new Error(`${goal} is not reached by ${key}, which leads to ${passed.join(', ')}.`);
}

/** Reaches a button and presses it. */
export async function press(app: Application, name: string): Promise<void> {
  await reach(app, app.page.getByRole('button', { name, exact: true }));
  await app.page.keyboard.press('Enter');
}

/** Reaches a field and types another value in the place of what it holds. */
export async function enter(app: Application, name: string, value: string): Promise<void> {
  await reach(app, app.page.getByLabel(name, { exact: true }));
  await app.page.keyboard.press('Control+A');
  await app.page.keyboard.type(value);
  await app.page.keyboard.press('Enter');
}
