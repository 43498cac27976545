import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';
import type { LeftBehind, ProjectInfo, ProjectOpened } from '../../shared/protocol/projects.ts';
import { finishExport } from '../host.ts';
import { counted } from '../state/text.ts';
import { useHost } from './host.ts';
import { useNotices } from './notices.ts';
import { useView } from './view.ts';

const untitled: ProjectInfo = {
  name: null,
  place: null,
  unsaved: false,
  kept: null,
  problem: null,
  notes: '',
};

/** Milliseconds without a key after which notes are told to the host. */
const pause = 400;

/** The project, and what crashes have left behind. */
export const useProject = defineStore('project', () => {
  const host = useHost();
  const view = useView();
  const { attempt, report, tell } = useNotices();
  const info = ref<ProjectInfo>(untitled);
  const left = shallowRef<readonly LeftBehind[]>([]);
  let offered = false;

  async function look(): Promise<void> {
    left.value = (await attempt(() => host.projects.left())) ?? [];
  }

  async function load(): Promise<void> {
    info.value = await host.projects.current();
    await look();
    // once, at the start: later it stands in the project's menu
    if (!offered && left.value.length > 0) view.dialog = 'left';
    offered = true;
  }

  async function save(as: boolean): Promise<void> {
    await sendNotes();
    const saved = await attempt(() => host.projects.save({ as }));
    if (!saved) return;
    finishExport(saved);
    tell(saved.kind === 'saved' ? `Saved as ${saved.name}.` : `${saved.name} downloaded.`);
  }

  async function recover(one: LeftBehind, goOn: boolean): Promise<void> {
    await attempt(() => host.projects.recover({ id: one.id, goOn }));
    if (goOn && one.fit) view.pane = 'fit';
    if (view.dialog === 'left') view.dialog = null;
  }

  async function discard({ id }: LeftBehind): Promise<void> {
    await attempt(() => host.projects.discard({ id }));
    await look();
    if (left.value.length === 0) view.dialog = null;
  }

  /** Says what opening a project has found. */
  function tellOpened({ changed, aside }: ProjectOpened): void {
    if (changed.length > 0) {
      tell(`${counted(changed.length, 'picture')} changed since, such as ${changed[0]}.`);
    }
    if (aside) {
      tell('The work before was not saved. It is kept.', {
        label: 'Bring back …',
        run: () => {
          view.dialog = 'left';
        },
      });
    }
  }

  /** Notes that were typed and that the host does not have yet. */
  let unsent: string | null = null;
  let timer = 0;

  function note(text: string): void {
    info.value = { ...info.value, notes: text };
    unsent = text;
    clearTimeout(timer);
    timer = window.setTimeout(sendNotes, pause);
  }

  async function sendNotes(): Promise<void> {
    clearTimeout(timer);
    const notes = unsent;
    if (notes === null) return;
    await attempt(() => host.projects.setNotes({ notes }));
    // more may have been typed meanwhile
    if (unsent === notes) unsent = null;
  }

  host.on('projects.changed', (changed) => {
    info.value = unsent === null ? changed : { ...changed, notes: unsent };
  });
  watch(
    () => info.value.problem?.message,
    () => {
      if (info.value.problem) report(info.value.problem);
    },
  );

  return {
    info,
    left,
    load,
    save,
    recover,
    discard,
    tellOpened,
    note,
    sendNotes,
    create: () =>
      attempt(async () => {
        await sendNotes();
        await host.projects.create();
      }),
    open: () => attempt(() => host.projects.open()),
  };
});
