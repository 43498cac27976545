import { z } from 'zod';
import { takes } from './declare.ts';
import { runId } from './schemas.ts';

/** Where an export went: saved by the host's dialog, or handed to the browser to download. */
export type Exported =
  | { readonly kind: 'saved'; readonly name: string }
  | {
      readonly kind: 'download';
      readonly name: string;
      readonly type: string;
      readonly bytes: Uint8Array<ArrayBuffer>;
    };

const run = z.strictObject({ run: runId });

/** A file name without any folder. */
export const fileName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^/\\:*?"<>|\p{Cc}]+$/u)
  .refine((name) => !/^\.+$/.test(name), 'a name is needed');

/** Every export answers null where the person closed the dialog. */
export const exportRequests = {
  fitFile: takes(run).gives<Exported | null>(),
  /** One row a step: step, parameters, moments, their noise. */
  traceCsv: takes(run).gives<Exported | null>(),
  /** The spins that the run was fitted to. */
  spinsCsv: takes(run).gives<Exported | null>(),
  spinsNpy: takes(run).gives<Exported | null>(),
  /** What the window itself has made: a chart as PNG or SVG, a report as HTML. */
  file: takes(
    z.strictObject({
      name: fileName,
      type: z.enum(['image/png', 'image/svg+xml', 'text/html', 'text/csv']),
      content: z.union([z.string().max(64 << 20), z.instanceof(Uint8Array)]),
    }),
  ).gives<Exported | null>(),
  /** A report as PDF (where `app.info` says so). */
  pdf: takes(
    z.strictObject({ name: fileName, html: z.string().max(64 << 20) }),
  ).gives<Exported | null>(),
};
