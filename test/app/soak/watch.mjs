// Loaded before the program by --import, in its main and every worker thread: writes the thread's memory to
// MEMORY_RECORD once a second, one JSON line each.
import { appendFileSync } from 'node:fs';
import { threadId } from 'node:worker_threads';

setInterval(() => {
  const { rss, heapUsed, external } = process.memoryUsage();
  const line = JSON.stringify({ time: Date.now(), thread: threadId, rss, heapUsed, external });
  appendFileSync(process.env.MEMORY_RECORD, `${line}\n`);
}, 1000).unref();
