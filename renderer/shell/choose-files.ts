import { inFolderOrder, readable } from './dropped-files.ts';

/** Lets the person choose files, or a folder, in the browser's own way. */
export function chooseFiles(folder: boolean, take: (files: readonly File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.webkitdirectory = folder;
  // in the page, which holds it: nobody else does until the person has chosen, and the question would be forgotten
  input.hidden = true;
  document.body.append(input);
  input.addEventListener('change', () => {
    const chosen = [...(input.files ?? [])];
    const placed = chosen.map((file) => ({ file, place: file.webkitRelativePath || file.name }));
    input.remove();
    take(folder ? inFolderOrder(placed.filter(({ place }) => readable(place))) : chosen);
  });
  input.addEventListener('cancel', () => input.remove());
  input.click();
}
