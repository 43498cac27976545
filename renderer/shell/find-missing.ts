import { useData } from '../stores/data.ts';
import { useSettings } from '../stores/settings.ts';
import { chooseFiles } from './choose-files.ts';

/** Asks where missing pictures are, in the host's own way, and takes only them. */
export function useFindMissing(): (folder: boolean) => void {
  const data = useData();
  const settings = useSettings();
  return (folder) => {
    if (settings.info.host === 'electron') void data.findMissing(folder);
    else {
      chooseFiles(folder, (files) => {
        const wanted = new Set(data.missing.map(({ name }) => name));
        void data.findMissingAmong(files.filter(({ name }) => wanted.has(name)));
      });
    }
  };
}
