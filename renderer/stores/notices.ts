import { defineStore } from 'pinia';
import { ref } from 'vue';
import { type ErrorData, ExplainedError, toErrorData } from '../../shared/protocol/errors.ts';

import { useHost } from './host.ts';

interface Action {
  readonly label: string;
  readonly run: () => void;
  /** Whether it takes back what the notice tells of. */
  readonly undoes?: boolean;
  /** Whether it waits for the person however long that takes. */
  readonly waits?: boolean;
}

/** Something that the person should know, until it is put away. */
export interface Notice {
  readonly id: number;
  readonly bad: boolean;
  readonly message: string;
  readonly advice: string | null;
  readonly details: string | null;
  /** One thing that can be done about it at once, such as undoing it. */
  readonly action: Action | null;
}

/** Milliseconds after which a notice that is no error goes by itself. */
const lifetime = 8000;
const mostNotices = 4;

export const useNotices = defineStore('notices', () => {
  const host = useHost();
  const notices = ref<Notice[]>([]);
  /** Somebody is at the messages: none goes by itself. */
  const held = ref(false);
  let lastId = 0;

  function add(notice: Omit<Notice, 'id'>): void {
    const id = ++lastId;
    // the same sentence twice says nothing new
    const others = notices.value.filter(({ message }) => message !== notice.message);
    notices.value = [...others, { ...notice, id }].slice(-mostNotices);
    if (!notice.bad && !notice.action?.waits) expire(id);
  }

  function expire(id: number): void {
    setTimeout(() => (held.value ? expire(id) : dismiss(id)), lifetime);
  }

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id);
  }

  /** Does what a notice offers, which is done with then. */
  function act({ id, action }: Notice): void {
    action?.run();
    dismiss(id);
  }

  /** Takes back what the newest notice that offers it tells of; false where none does. */
  function undo(): boolean {
    const newest = notices.value.findLast(({ action }) => action?.undoes);
    if (newest) act(newest);
    return newest !== undefined;
  }

  /** Tells of something that can be taken back. */
  function tellUndoable(message: string, run: () => void): void {
    tell(message, { label: 'Undo', run, undoes: true });
  }

  function tell(message: string, action: Action | null = null): void {
    add({ bad: false, message, advice: null, details: null, action });
  }

  function report(error: unknown): void {
    const data = toErrorData(error);
    if (data.name === 'Cancelled') return;
    const tellOf = ({ message, advice, details }: ErrorData) =>
      add({ bad: true, message, advice, details, action: null });
    // the host has recorded its own; this window's are told to it
    if (error instanceof ExplainedError) tellOf(data);
    else host.app.report(data).then(tellOf, () => tellOf(data));
  }

  /** Does something whose failure is told; answers undefined then. */
  async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      report(error);
      return undefined;
    }
  }

  return { notices, held, tell, tellUndoable, report, attempt, act, undo, dismiss };
});
