import { defineStore } from 'pinia';
import type { Exported } from '../../shared/protocol/exports.ts';
import type { RunSummary } from '../../shared/protocol/runs.ts';
import { finishExport } from '../host.ts';
import { useHost } from './host.ts';
import { useNotices } from './notices.ts';

/** Everything that leaves the program. */
export const useExports = defineStore('exports', () => {
  const host = useHost();
  const { attempt, tell } = useNotices();

  async function take(ask: () => Promise<Exported | null>): Promise<void> {
    const exported = await attempt(ask);
    if (!exported) return;
    finishExport(exported);
    tell(exported.kind === 'saved' ? `Saved as ${exported.name}.` : `${exported.name} downloaded.`);
  }

  /** A name that every file system takes. */
  const named = (run: RunSummary, ending: string) =>
    `${run.name.replace(/[^\p{L}\p{N} ._-]+/gu, '-').slice(0, 150)}${ending}`;

  return {
    fitFile: ({ id }: RunSummary) => take(() => host.export.fitFile({ run: id })),
    traceCsv: ({ id }: RunSummary) => take(() => host.export.traceCsv({ run: id })),
    spinsCsv: ({ id }: RunSummary) => take(() => host.export.spinsCsv({ run: id })),
    spinsNpy: ({ id }: RunSummary) => take(() => host.export.spinsNpy({ run: id })),
    png: (run: RunSummary, chart: string, content: Uint8Array<ArrayBuffer>) =>
      take(() =>
        host.export.file({ name: named(run, `.${chart}.png`), type: 'image/png', content }),
      ),
    svg: (run: RunSummary, chart: string, content: string) =>
      take(() =>
        host.export.file({ name: named(run, `.${chart}.svg`), type: 'image/svg+xml', content }),
      ),
    html: (run: RunSummary, content: string) =>
      take(() =>
        host.export.file({ name: named(run, '.report.html'), type: 'text/html', content }),
      ),
    pdf: (run: RunSummary, html: string) =>
      take(() => host.export.pdf({ name: named(run, '.report.pdf'), html })),
    copy: (text: string) =>
      attempt(async () => {
        await navigator.clipboard.writeText(text);
        tell('Copied.');
      }),
  };
});
