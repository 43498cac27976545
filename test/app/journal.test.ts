import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { defaultFitOptions } from '../../shared/inference/options.ts';
import { allHosts, end, launch, root, serveCommand } from './application.ts';
import { enter, hostOf } from './client.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-journal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The file that a sentence names. */
const reportIn = (text: string | null) =>
  readFileSync(/is in (.*report-.*\.txt)\./.exec(text ?? '')?.[1] ?? '', 'utf8');

describe('the log', () => {
  it('tells what the browser host did, and nothing of what was in the files', async () => {
    const home = join(folder, 'home');
    const rows = '0,1,1,0,1\n1,1,0,1,0\n0,0,1,1,1\n1,0,1,1,0\n';
    writeFileSync(join(folder, 'good.csv'), rows);
    writeFileSync(join(folder, 'bad.csv'), rows.replace('1,1,0,1,0', '1,1,0,1'));
    const paths = ['good.csv', 'bad.csv'].map((name) => join(folder, name));
    const server = await serveCommand(home, paths);
    const { host, close } = await hostOf(await enter(server.address));
    await host.fit.start({
      options: { ...defaultFitOptions, method: 'pseudolikelihood', seed: 1 },
    });
    for (let k = 0; k < 400 && (await host.fit.current()); k++) await setTimeout(25);
    const { logs } = await host.app.info();
    const problem = { name: 'TypeError', message: 'x is null', advice: null, details: 'at y.ts:1' };
    expect(reportIn((await host.app.report(problem)).advice)).toMatch(/at y\.ts:1/);
    // a question of the window's that makes no sense is refused, and is no fault of the program
    await expect(host.fit.pause()).rejects.toMatchObject({ advice: 'Start one first.' });
    close();
    await end(server.child);
    const log = readFileSync(join(logs, 'isinglass.log'), 'utf8');
    expect(logs).toBe(join(home, 'state/isinglass/logs'));
    expect(log).toMatch(/info Isinglass \d+\.\d+\.\d+ has started: browser, \d+ threads\./);
    expect(log).toMatch(/info run-1-\d+ begins: pseudolikelihood, 1 × 4 × 5\./);
    expect(log).toMatch(/info run-1-\d+ has ended\./);
    expect(log).toMatch(/error TypeError: x is null\n {4}at y\.ts:1/);
    expect(log.trimEnd()).toMatch(/info Isinglass has ended\.$/);
    for (const name of readdirSync(logs)) {
      expect(readFileSync(join(logs, name), 'utf8')).not.toMatch(/[01],[01],[01]|[-\d]+,[-\d]+,/);
    }
  });

  it('of the command line says where the report of a fault is, and has no stack on the screen', () => {
    writeFileSync(join(folder, 'spins.csv'), '0,1,1\n1,1,0\n0,0,1\n');
    // something that is certainly a fault, put in from outside
    const fault = `JSON.stringify = () => { throw new TypeError('a fault'); }`;
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        ...['--import', `data:text/javascript,${encodeURIComponent(fault)}`],
        ...[join(root, 'dist/node/cli.js'), 'fit', 'spins.csv', '--method', 'pseudolikelihood'],
      ],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, HOME: folder, XDG_STATE_HOME: join(folder, 'state') },
      },
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^Something went wrong in Isinglass: TypeError: a fault\.\nA report that you may send to the developers is in .*\n$/,
    );
    expect(reportIn(stderr)).toMatch(/^TypeError: a fault\n.*at /ms);
  });
});

describe.each(allHosts)('an error of the window itself, on %s', (kind) => {
  it('is shown as a sentence with the file of its report, and its details one click away', async () => {
    const application = await launch(kind);
    try {
      const { page } = application;
      await page.getByRole('button', { name: 'Fit the example textures' }).waitFor();
      await page.evaluate(() => {
        void Promise.reject(new TypeError('figure.axes is not iterable'));
      });
      const notice = page.getByRole('alert');
      await notice
        .getByText('Something went wrong in Isinglass: TypeError: figure.axes is not iterable.', {
          exact: true,
        })
        .waitFor();
      expect(reportIn(await notice.textContent())).toMatch(/TypeError: figure\.axes is not iter/);
      expect(await notice.locator('pre').isVisible()).toBe(false);
      await notice.getByText('Details').click();
      expect(await notice.locator('pre').innerText()).toMatch(/^TypeError: figure\.axes/);
      const shot = process.env.ISINGLASS_SHOTS;
      if (shot) await page.screenshot({ path: join(shot, `fault-${kind}.png`) });
    } finally {
      await application.close();
    }
  });
});
