import type { Bridge, Reply } from '../shared/protocol/bridge.ts';
import type { Added } from '../shared/protocol/data.ts';
import { type ErrorData, fromErrorData } from '../shared/protocol/errors.ts';
import type { SourceFailure } from '../shared/protocol/failure.ts';
import type { Uploading } from '../shared/protocol/socket.ts';
import { secretHeader } from '../shared/protocol/window-secret.ts';
import { ownSecret } from './own-secret.ts';

/** Uploads that are on their way at once. */
const lanes = 4;
/** Milliseconds between two reports of progress. */
const interval = 50;

/**
 * Uploads files to the browser host, then adds all of them in the order in which they came. Files that
 * it refuses are named among the failures; a lost connection ends it.
 *
 * @throws what aborted the signal; TypeError without a connection
 */
export async function uploadFiles(
  bridge: Bridge<File>,
  files: readonly File[],
  { ticket, signal, progress }: Uploading,
): Promise<Reply> {
  const ids: (string | null)[] = files.map(() => null);
  const failures: SourceFailure[] = [];
  let [next, done, last] = [0, 0, 0];
  const tell = (item: string, ended: boolean) =>
    progress({ job: 'open', done, total: files.length, item, ended });
  const lane = async () => {
    while (next < files.length) {
      const k = next++;
      const { name } = files[k];
      const answer = await send(files[k], signal);
      if (typeof answer === 'string') ids[k] = answer;
      else failures.push({ name, reason: fromErrorData(answer).message });
      done++;
      if (performance.now() - last < interval) continue;
      last = performance.now();
      tell(name, false);
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    tell('', true);
  }
  const uploads = ids.filter((id) => id !== null);
  const reply = await bridge.requests['data.addUploads'](ticket, { uploads });
  if (!reply.ok) return reply;
  const added = reply.value as Added;
  return { ok: true, value: { ...added, failures: [...failures, ...added.failures] } };
}

/** The upload's id, or why the host refuses it. */
async function send(file: File, signal: AbortSignal): Promise<string | ErrorData> {
  const address = `/upload?name=${encodeURIComponent(file.name)}`;
  const headers = { [secretHeader]: ownSecret() ?? '' };
  const response = await fetch(address, { method: 'PUT', body: file, signal, headers });
  const answer: unknown = await response.json();
  return response.ok ? (answer as { id: string }).id : (answer as ErrorData);
}
