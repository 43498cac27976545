import { looksReadable } from '../../shared/data/image/format.ts';

/** A file and its path within the folder that was dropped or chosen. */
interface Placed {
  readonly file: File;
  readonly place: string;
}

const byPlace = new Intl.Collator('en', { numeric: true });

/** The files of a folder in natural order (2.png before 10.png), as a folder that is opened has them. */
export function inFolderOrder(files: readonly Placed[]): File[] {
  return files.toSorted((a, b) => byPlace.compare(a.place, b.place)).map(({ file }) => file);
}

/** Whether a folder's entry may be a picture or spins: neither hidden nor of another kind. */
export function readable(place: string): boolean {
  return !place.split('/').some((part) => part.startsWith('.')) && looksReadable(place);
}

/** Entries that a folder hands out at once. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) return all;
    all.push(...part);
  }
}

async function filesUnder(entry: FileSystemEntry): Promise<Placed[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ file, place: entry.fullPath }];
  }
  const inside = (await entriesOf(entry as FileSystemDirectoryEntry)).filter(
    ({ isDirectory, name }) => (isDirectory ? !name.startsWith('.') : readable(name)),
  );
  return (await Promise.all(inside.map(filesUnder))).flat();
}

/**
 * The files of a drop, each dropped folder's in natural order.
 *
 * @param unpack also those within dropped folders, for hosts that cannot look into a folder themselves
 */
export async function droppedFiles(transfer: DataTransfer, unpack: boolean): Promise<File[]> {
  if (!unpack) return [...transfer.files];
  // entries must be taken before the event is over
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const parts = await Promise.all(entries.map(filesUnder));
  return parts.flatMap(inFolderOrder);
}
