import type { MenuCommand } from '../../shared/protocol/app.ts';
import type { Pane } from '../stores/view.ts';

/** What a key combination does: a command of the menu, or a pane that is shown. */
export type ShortcutAction = MenuCommand | `pane-${Pane}`;

export interface Shortcut {
  /** As it is printed; Ctrl stands for ⌘ on a Mac. */
  readonly keys: string;
  readonly action: ShortcutAction;
  readonly does: string;
}

export const shortcuts: readonly Shortcut[] = [
  { keys: 'Ctrl S', action: 'save-project', does: 'Save the project' },
  { keys: 'Ctrl Shift S', action: 'save-project-as', does: 'Save the project under another name' },
  {
    keys: 'Ctrl O',
    action: 'open-files',
    does: 'Open pictures, spin arrays, a fit file or a project',
  },
  { keys: 'Ctrl Shift O', action: 'open-folder', does: 'Open a folder' },
  { keys: 'Ctrl 1', action: 'pane-data', does: 'Data' },
  { keys: 'Ctrl 2', action: 'pane-prepare', does: 'Prepare' },
  { keys: 'Ctrl 3', action: 'pane-fit', does: 'Fit' },
  { keys: 'Ctrl 4', action: 'pane-check', does: 'Check' },
  { keys: 'Ctrl 5', action: 'pane-runs', does: 'Runs' },
  {
    keys: 'Ctrl Z',
    action: 'undo',
    does: 'Undo: a change in Prepare, pictures or a run that were removed in Data and Runs',
  },
  { keys: 'Ctrl Shift Z', action: 'redo', does: 'Prepare: redo it' },
  { keys: 'Ctrl Enter', action: 'start-pause', does: 'Start, pause or resume the fit' },
  { keys: 'Ctrl .', action: 'step', does: 'One step of eq. (4)' },
  { keys: 'Ctrl Backspace', action: 'stop', does: 'Stop the fit and keep what it has' },
  { keys: 'Ctrl E', action: 'export-fit-file', does: 'Export the fit file of the chosen run' },
  { keys: 'Ctrl ,', action: 'settings', does: 'Settings' },
  { keys: 'Ctrl /', action: 'shortcuts', does: 'This list' },
  { keys: 'F1', action: 'help', does: 'Help' },
];

/** What of a key event matters here. */
interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** The action that a key event asks for; null for none. */
export function actionOf(event: PressedKey): ShortcutAction | null {
  if (event.altKey) return null;
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const pressed = [
    ...(event.ctrlKey || event.metaKey ? ['Ctrl'] : []),
    ...(event.shiftKey ? ['Shift'] : []),
    key,
  ].join(' ');
  return shortcuts.find(({ keys }) => keys === pressed)?.action ?? null;
}
