import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Application, allHosts, end, launch, root } from './application.ts';
import { soon } from './person.ts';

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

// a window would open elsewhere
it.runIf(process.platform === 'linux')('npm start ends with npm', async () => {
  const home = mkdtempSync(join(tmpdir(), 'isinglass-smoke-'));
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env;
  const npm = spawn('npm', ['run', 'start:browser'], { cwd: root, env: { ...env, HOME: home } });
  let output = '';
  npm.stdout.on('data', (text) => {
    output += text;
  });
  await soon('an address', () => output).toMatch(/http:\S+token=/);
  const address = /http:\S+/.exec(output)?.[0] ?? '';
  await end(npm);
  await soon('an end', () => fetch(address).catch(() => null)).toBe(null);
  rmSync(home, { recursive: true, force: true });
});
