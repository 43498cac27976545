/** Lets the person choose files, or a folder, in the browser's own way. */
export function chooseFiles(folder: boolean, take: (files: readonly File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.webkitdirectory = folder;
  input.addEventListener('change', () => take([...(input.files ?? [])]));
  input.click();
}
