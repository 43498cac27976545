import { useData } from '../stores/data.ts';
import { useExports } from '../stores/exports.ts';
import { useFit } from '../stores/fit.ts';
import { useNotices } from '../stores/notices.ts';
import { usePreparation } from '../stores/preparation.ts';
import { useProject } from '../stores/project.ts';
import { useRuns } from '../stores/runs.ts';
import { useSettings } from '../stores/settings.ts';
import { type Pane, useView } from '../stores/view.ts';
import { chooseFiles } from './choose-files.ts';
import { focusWork } from './kept-focus.ts';
import type { ShortcutAction } from './shortcuts.ts';

/** Does what menus and keys ask for. */
export function useCommands(): (action: ShortcutAction) => void {
  const data = useData();
  const fit = useFit();
  const preparation = usePreparation();
  const runs = useRuns();
  const settings = useSettings();
  const view = useView();
  const exports = useExports();
  const project = useProject();
  const notices = useNotices();
  const nothingToFit = () => data.pictures.length === 0 && !fit.active;

  return (action) => {
    switch (action) {
      case 'new-project':
        void project.create();
        break;
      case 'open-project':
        if (settings.info.host === 'electron') void project.open();
        else chooseFiles(false, data.addFiles);
        break;
      case 'save-project':
        void project.save(false);
        break;
      case 'save-project-as':
        void project.save(true);
        break;
      case 'open-files':
        if (settings.info.host === 'electron') void data.openFiles();
        else chooseFiles(false, data.addFiles);
        break;
      case 'open-folder':
        if (settings.info.host === 'electron') void data.openFolder();
        else chooseFiles(true, data.addFiles);
        break;
      case 'export-fit-file':
        if (runs.current) void exports.fitFile(runs.current);
        break;
      case 'undo':
        // nothing is taken back where nobody sees it
        if (view.pane === 'prepare') preparation.undo();
        else if (notices.undo()) break;
        else if (view.pane === 'data') data.undoRemove();
        else if (view.pane === 'runs') runs.undoRemove();
        break;
      case 'redo':
        if (view.pane === 'prepare') preparation.redo();
        break;
      case 'start-pause':
        if (!nothingToFit() && fit.run?.state !== 'preparing') void fit.startOrPause();
        break;
      case 'step':
        if (!nothingToFit() && (!fit.active || fit.paused)) void fit.step();
        break;
      case 'stop':
        if (fit.active) void fit.stop();
        break;
      case 'settings':
      case 'shortcuts':
      case 'help':
        view.dialog = action;
        break;
      default:
        view.pane = action.slice('pane-'.length) as Pane;
        focusWork();
    }
  };
}
