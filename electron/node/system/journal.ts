import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { type ErrorData, isForeseen } from '../../../shared/protocol/errors.ts';
import type { Journal } from '../../../shared/session/ports.ts';
import type { Log } from './log.ts';
import { program } from './program.ts';

/** Reports that stay; older ones are removed. */
const mostReports = 10;
/** Characters of the log that a report repeats. */
const repeated = 20_000;
const reportName = /^report-.*\.txt$/;

/**
 * What happens, in the log; and a report of every error that nobody foresaw, in a file of its own beside the log,
 * which a person may read and send. Nothing is ever sent from here.
 *
 * @param host what writes: "browser host"
 */
export function journal(log: Log, host: string): Journal {
  return {
    note: (sentence) => log.write('info', sentence),
    explain(error) {
      if (error.name === 'Cancelled') return error;
      log.write('error', `${error.name}: ${error.message}`, error.details ?? '');
      if (isForeseen(error)) return error;
      const told = writeReport(log, host, error);
      return {
        ...error,
        message: asSentence(error),
        advice: error.advice === null ? told : `${error.advice} ${told}`,
      };
    },
  };
}

/** What the engine or a library says is no sentence of ours: it is quoted in one. */
function asSentence({ name, message }: ErrorData): string {
  return message.endsWith('.')
    ? message
    : `Something went wrong in Isinglass: ${name}: ${message}.`;
}

/** Writes a report, and gives the sentence that says where it is. */
function writeReport(log: Log, host: string, error: ErrorData): string {
  const { rss, heapUsed, external } = process.memoryUsage();
  const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
  const now = new Date().toISOString();
  const text = [
    `Report of an error in Isinglass ${program.version}`,
    'It holds names of files and folders, and no content of pictures. It has been sent to nobody.',
    '',
    `time      ${now}`,
    `host      ${host}, process ${process.pid}, ${Math.round(process.uptime())} s after its start`,
    `system    ${process.platform} ${release()} ${process.arch}`,
    `versions  Node ${process.versions.node}, V8 ${process.versions.v8}${process.versions.electron ? `, Electron ${process.versions.electron}` : ''}`,
    `memory    ${mebibytes(rss)}, heap ${mebibytes(heapUsed)}, buffers ${mebibytes(external)}`,
    '',
    `${error.name}: ${error.message}`,
    error.details ?? '',
    '',
    `The end of ${log.path}:`,
    log.tail(repeated),
  ].join('\n');
  const path = join(log.folder, `report-${now.replace(/[:.]/g, '-')}-${process.pid}.txt`);
  try {
    mkdirSync(log.folder, { recursive: true, mode: 0o700 });
    writeFileSync(path, text, { mode: 0o600 });
    const reports = readdirSync(log.folder).filter((name) => reportName.test(name));
    for (const name of reports.sort().slice(0, -mostReports)) {
      rmSync(join(log.folder, name), { force: true });
    }
  } catch (reason) {
    return `A report of it could not be written (${reason instanceof Error ? reason.message : reason}).`;
  }
  return `A report that you may send to the developers is in ${path}.`;
}
