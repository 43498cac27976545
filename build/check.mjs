import { spawnSync } from 'node:child_process';
import { install, root } from './install.mjs';

/** Everything about the source that a machine can judge without running it. */
const checks = [
  ['format and lint', 'biome', 'check', '--error-on-warnings', '.'],
  ['types: shared (no DOM, no Node)', 'tsc', '-p', 'shared'],
  ['types: electron', 'tsc', '-p', 'electron'],
  ['types: renderer', 'vue-tsc', '-p', 'renderer'],
  ['types: test', 'tsc', '-p', 'test'],
  ['types: whole application', 'tsc', '-p', 'test/app'],
  ['layers', 'depcruise', '--config', 'build/layers.cjs', 'shared', 'electron', 'renderer'],
  ['unused code', 'knip'],
];

/** Runs every check; prints the output of those that fail. @returns {{passed: number, failed: number}} */
export function check() {
  install();
  let failed = 0;
  for (const [name, command, ...args] of checks) {
    const { status, stdout, stderr } = spawnSync('npx', ['--no-install', command, ...args], {
      cwd: root,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    process.stdout.write(`${status === 0 ? 'ok    ' : 'FAILED'}  ${name}\n`);
    if (status !== 0) {
      failed++;
      process.stdout.write(`${stdout}${stderr}\n`);
    }
  }
  return { passed: checks.length - failed, failed };
}

if (import.meta.filename === process.argv[1]) process.exitCode = check().failed > 0 ? 1 : 0;
