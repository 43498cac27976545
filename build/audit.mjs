import { spawnSync } from 'node:child_process';
import { install, root } from './install.mjs';

/**
 * Asks the registry for known vulnerabilities of every package in the lock file: what is bundled counts
 * among the development packages, so none are left out.
 *
 * @returns {{ sentences: string[], code: 0 | 1 | 2 }} 1: some are known; 2: nobody could be asked
 */
function audit() {
  const { stdout } = spawnSync('npm', ['audit', '--json'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const report = parsed(stdout);
  if (!report?.metadata?.vulnerabilities) {
    const reason = report?.message ?? report?.error?.summary ?? 'no answer';
    const sentence = `The registry could not be asked for vulnerabilities (${reason}), so nothing is known: ask again elsewhere.`;
    return { sentences: [sentence], code: 2 };
  }
  const found = Object.values(report.vulnerabilities);
  const sentences = found.map(
    ({ name, severity, range, via }) =>
      `${name} ${range} (${severity}): ${via.map((cause) => cause.title ?? cause).join('; ')}`,
  );
  const { dependencies } = report.metadata;
  if (found.length > 0) return { sentences, code: 1 };
  return {
    sentences: [`None of ${dependencies.total} packages has a known vulnerability.`],
    code: 0,
  };
}

/** @param {string} text @returns {any} null where it is not JSON */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

install();
const { sentences, code } = audit();
process.stdout.write(`${sentences.join('\n')}\n`);
process.exitCode = code;
