import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { journal } from '../../electron/node/system/journal.ts';
import { Log } from '../../electron/node/system/log.ts';
import { logFolder } from '../../electron/node/system/system-folders.ts';
import { ExplainedError, toErrorData } from '../../shared/protocol/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const unexpected = (problem: unknown) => {
  throw problem;
};
const read = (...parts: string[]) => readFileSync(join(folder, ...parts), 'utf8');

describe('a log', () => {
  it('has one line an entry, with what belongs to it below, and nothing that a terminal obeys', () => {
    const log = new Log(join(folder, 'lines'), 'it', unexpected);
    log.write('info', 'It has begun.');
    log.write('error', 'one\r\ntwo', '\x1b[31mthree\x07\tfour');
    const lines = read('lines', 'it.log').split('\n');
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z \[\d+\] info It has begun\.$/);
    expect(lines.slice(1)).toEqual([
      expect.stringMatching(/error one$/),
      '    two',
      '    �[31mthree�\tfour',
      '',
    ]);
  });

  it('stays within four files of their size, the newest entries among them', () => {
    const log = new Log(join(folder, 'sizes'), 'it', unexpected, 2000);
    for (let k = 0; k < 500; k++) log.write('info', `Entry ${k}.`);
    const names = readdirSync(join(folder, 'sizes')).sort();
    expect(names).toEqual(['it.1.log', 'it.2.log', 'it.3.log', 'it.log']);
    for (const name of names) expect(statSync(join(folder, 'sizes', name)).size).toBeLessThan(2100);
    const all = ['it.3.log', 'it.2.log', 'it.1.log', 'it.log']
      .map((name) => read('sizes', name))
      .join('');
    const numbers = Array.from(all.matchAll(/Entry (\d+)/g), ([, k]) => Number(k));
    expect(numbers.at(-1)).toBe(499);
    // none is missing or doubled between the oldest that is kept and the last
    expect(numbers).toEqual(numbers.map((_, k) => 500 - numbers.length + k));
    expect(numbers.length).toBeGreaterThan(100);
  });

  it('cuts an entry that would bring a whole file with it', () => {
    const log = new Log(join(folder, 'long'), 'it', unexpected);
    log.write('error', 'x'.repeat(1e6));
    expect(read('long', 'it.log').length).toBeLessThan(8100);
  });

  it('tells once that it cannot be written, and hinders nobody', () => {
    writeFileSync(join(folder, 'file'), '');
    const problems: unknown[] = [];
    const log = new Log(join(folder, 'file'), 'it', (problem) => problems.push(problem));
    log.write('info', 'one');
    log.write('info', 'two');
    expect(problems).toHaveLength(1);
    const told = journal(log, 'test').explain(toErrorData(new TypeError('x')));
    expect(told.advice).toMatch(/^A report of it could not be written \(.*EEXIST|ENOTDIR/);
  });

  it('lies where the system keeps logs', () => {
    expect(logFolder('/home/a', 'linux', {})).toBe('/home/a/.local/state/isinglass/logs');
    expect(logFolder('/home/a', 'linux', { XDG_STATE_HOME: '/state' })).toBe(
      '/state/isinglass/logs',
    );
    expect(logFolder('/Users/a', 'darwin', {})).toBe('/Users/a/Library/Logs/Isinglass');
  });
});

describe('a journal', () => {
  it('reports what nobody foresaw in a file, which the advice names', () => {
    const log = new Log(join(folder, 'reports'), 'it', unexpected);
    const { note, explain } = journal(log, 'browser host');
    note('run-1 begins.');
    const error = toErrorData(new TypeError('undefined is not a function'));
    const told = explain(error);
    expect(told).toMatchObject({
      message: 'Something went wrong in Isinglass: TypeError: undefined is not a function.',
      details: error.details,
    });
    const path = /is in (.*\.txt)\.$/.exec(told.advice ?? '')?.[1] ?? '';
    const report = readFileSync(path, 'utf8');
    expect(report).toContain(error.details);
    expect(report).toContain('info run-1 begins.');
    expect(report).toMatch(/^host {6}browser host, process \d+/m);
    expect(report).toMatch(/^versions {2}Node \d+/m);
    expect(read('reports', 'it.log')).toContain('error TypeError: undefined is not a function');
  });

  it('leaves what was foreseen as it is, and keeps the newest ten reports', () => {
    const log = new Log(join(folder, 'many'), 'it', unexpected);
    const { explain } = journal(log, 'test');
    for (const error of [
      new ExplainedError('No fit is under way.', 'Start one first.'),
      new RangeError('A lattice needs at least two sites.'),
    ]) {
      expect(explain(toErrorData(error))).toEqual(toErrorData(error));
    }
    const reports = () => readdirSync(join(folder, 'many')).filter((name) => /report/.test(name));
    expect(reports()).toEqual([]);
    // the engine's own words are a fault of the program
    for (let k = 0; k < 15; k++) explain(toErrorData(new RangeError('Invalid array length')));
    expect(reports().length).toBeGreaterThan(0);
    expect(reports().length).toBeLessThanOrEqual(10);
  });
});
