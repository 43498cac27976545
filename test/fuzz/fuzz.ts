import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mutate, randomFrom } from './mutate.ts';
import type { Reader } from './readers.ts';

/** What any one file may cost (issue's bounds): 2 s, 500 MiB. */
const mostMilliseconds = 2000;
const mostBytes = 500 * 2 ** 20;

export interface FuzzReport {
  readonly inputs: number;
  readonly accepted: number;
  readonly refused: number;
  /** Different sentences of refusal, numbers left out. */
  readonly kinds: number;
  readonly slowest: number;
  readonly mebibytes: number;
  readonly findings: readonly { readonly what: string; readonly bytes: Buffer }[];
}

/**
 * Feeds a reader with damaged files. A file that is refused in a new way, or taken, becomes a seed itself,
 * so that damage goes deeper.
 *
 * @param folder must stay empty: nothing may be written into the working folder
 */
export async function fuzz(
  reader: Reader,
  count: number,
  seed: number,
  folder: string,
): Promise<FuzzReport> {
  const random = randomFrom(seed);
  const seeds = [...(await reader.seeds())];
  const kinds = new Set<string>();
  const findings: { what: string; bytes: Buffer }[] = [];
  const inherited = inheritance();
  let [accepted, refused, slowest, mebibytes] = [0, 0, 0, 0];
  // the decoder's own start is no file's cost
  for (const bytes of seeds) await reader.read(Buffer.from(bytes));
  for (let k = 0; k < count; k++) {
    const bytes = mutate(seeds, random);
    const before = process.memoryUsage.rss();
    // of the processor, so that other programs do not count
    const start = process.cpuUsage();
    let kind = 'accepted';
    try {
      await reader.read(Buffer.from(bytes));
      accepted++;
    } catch (error) {
      refused++;
      kind =
        error instanceof Error
          ? error.message.replace(/\d+|“[^”]*”/g, '#').slice(0, 80)
          : 'nothing';
      if (!reader.refuses(error))
        findings.push({ what: String(error instanceof Error ? error.stack : error), bytes });
    }
    const { user, system } = process.cpuUsage(start);
    const time = (user + system) / 1000;
    const grown = process.memoryUsage.rss() - before;
    slowest = Math.max(slowest, time);
    mebibytes = Math.max(mebibytes, grown / 2 ** 20);
    if (time > mostMilliseconds) findings.push({ what: `It took ${Math.round(time)} ms.`, bytes });
    if (grown > mostBytes)
      findings.push({ what: `It took ${Math.round(grown / 2 ** 20)} MiB.`, bytes });
    if (inheritance() !== inherited) findings.push({ what: 'A prototype was changed.', bytes });
    if (!kinds.has(kind) && seeds.length < 500 && bytes.length < 1e5 && bytes.length > 0)
      seeds.push(bytes);
    kinds.add(kind);
    if (findings.length >= 20) break;
  }
  if (readdirSync(folder).length > 0)
    findings.push({ what: `${folder} was written to.`, bytes: Buffer.alloc(0) });
  return {
    inputs: accepted + refused,
    accepted,
    refused,
    kinds: kinds.size,
    slowest,
    mebibytes,
    findings,
  };
}

/** What all objects inherit, as text. */
function inheritance(): string {
  return [Object.prototype, Array.prototype, Function.prototype, Map.prototype]
    .map((prototype) => Reflect.ownKeys(prototype).map(String).join())
    .join(';');
}

/** A name for a finding's file. */
export const fileName = (bytes: Buffer) =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 16);
