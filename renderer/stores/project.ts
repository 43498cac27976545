import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';
import { ExplainedError, toErrorData } from '../../shared/protocol/errors.ts';
import type {
  LeftBehind,
  ProjectInfo,
  ProjectOpened,
  SavedProject,
} from '../../shared/protocol/projects.ts';
import { finishExport } from '../host.ts';
import { choosePlace, choosesFiles, writePlace } from '../place-of-project.ts';
import { counted } from '../state/text.ts';
import { useHost } from './host.ts';
import { useNotices } from './notices.ts';
import { useSettings } from './settings.ts';
import { useView } from './view.ts';

const untitled: ProjectInfo = {
  name: null,
  place: null,
  unsaved: false,
  kept: null,
  problem: null,
  notes: '',
};

/** A project that the window has to store. */
type Handed = Extract<SavedProject, { kind: 'download' }>;

/** Milliseconds without a key after which notes are told to the host. */
const pause = 400;

/** The project, and what crashes have left behind. */
export const useProject = defineStore('project', () => {
  const host = useHost();
  const settings = useSettings();
  const view = useView();
  const { attempt, report, tell } = useNotices();
  const info = ref<ProjectInfo>(untitled);
  const left = shallowRef<readonly LeftBehind[]>([]);
  let offered = false;
  /** The file that the person has chosen for this project, where the browser writes it. */
  let place: FileSystemFileHandle | null = null;

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
    // at once, while the browser still takes it for the person's own wish
    const chooses = settings.info.host === 'browser' && choosesFiles();
    if (chooses && (as || !place)) {
      const chosen = await attempt(() => choosePlace(`${info.value.name ?? 'Untitled'}.isinglass`));
      if (!chosen) return;
      place = chosen;
    }
    const saved = await attempt(() => host.projects.save({ as }));
    if (!saved) return;
    if (saved.kind === 'saved') tell(`Saved as ${saved.name}.`);
    else if (place) await attempt(() => write(saved, place as FileSystemFileHandle));
    else download(saved);
  }

  /** Writes to the chosen file, and only then tells the host that the project is saved. */
  async function write(saved: Handed, file: FileSystemFileHandle): Promise<void> {
    try {
      await writePlace(file, saved.bytes);
    } catch (error) {
      place = null;
      throw new ExplainedError(
        `${file.name} was not written: ${toErrorData(error).message}`,
        'Save it elsewhere. Until then the work is kept against a crash.',
      );
    }
    await host.projects.stored({ state: saved.state, name: file.name });
    tell(`Saved as ${file.name}.`);
  }

  /** No page is told what becomes of a download: the person is asked. */
  function download(saved: Handed): void {
    finishExport(saved);
    tell(
      `${saved.name} was handed to the browser’s downloads. Until you say that it is there, the work is kept here too.`,
      {
        label: 'It is there',
        waits: true,
        run: () =>
          void attempt(() => host.projects.stored({ state: saved.state, name: saved.name })),
      },
    );
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
    place = null;
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
