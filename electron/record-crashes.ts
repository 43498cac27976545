import type { App, Dialog } from 'electron';
import { toErrorData } from '../shared/protocol/errors.ts';
import type { Journal } from '../shared/session/ports.ts';

/** Records the end of a process of the program that nobody asked for; what ends the main process is told. */
export function recordCrashes(app: App, dialog: Dialog, journal: Journal): void {
  process.on('uncaughtException', (thrown) => {
    const { message, advice } = journal.explain(toErrorData(thrown));
    dialog.showErrorBox(
      'Isinglass has failed and ends',
      `${message}\n\nWhat was kept is offered at the next start. ${advice ?? ''}`,
    );
    app.exit(1);
  });
  const gone = (what: string, { reason, exitCode }: { reason: string; exitCode: number }) => {
    if (reason === 'clean-exit') return;
    journal.explain(toErrorData(new Error(`${what} has ended: ${reason}, exit code ${exitCode}.`)));
  };
  app.on('render-process-gone', (_, __, details) => gone("The window's process", details));
  app.on('child-process-gone', (_, details) => gone(`The process "${details.type}"`, details));
}
