import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Application, allHosts, launch } from './application.ts';

let application: Application | null = null;
afterEach(async () => {
  await application?.close();
  application = null;
});

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

describe.each(allHosts)('the application on the host %s', (kind) => {
  it('opens its window, which reaches its host', async () => {
    application = await launch(kind);
    const { page } = application;
    await page.waitForFunction((text) => document.body.innerText.includes(text), version);
    expect(await page.title()).toContain('Isinglass');
  });
});
