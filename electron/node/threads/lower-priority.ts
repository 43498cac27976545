import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Lets the calling thread, and the threads that it starts from now on, give way to whoever wants the
 * processor for a moment, so that a window stays smooth while every core samples. Only Linux has
 * priorities of threads that a program may set; elsewhere nothing changes.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return;
  // PID/task/TID
  const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL);
}
