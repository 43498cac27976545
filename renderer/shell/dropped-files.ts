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

async function filesUnder(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    const file = entry as FileSystemFileEntry;
    return [await new Promise<File>((resolve, reject) => file.file(resolve, reject))];
  }
  const parts: File[] = [];
  for (const child of await entriesOf(entry as FileSystemDirectoryEntry)) {
    parts.push(...(await filesUnder(child)));
  }
  return parts;
}

/**
 * The files of a drop.
 *
 * @param unpack also those within dropped folders, for hosts that cannot look into a folder themselves
 */
export async function droppedFiles(transfer: DataTransfer, unpack: boolean): Promise<File[]> {
  if (!unpack) return [...transfer.files];
  // entries must be taken before the event is over
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const parts = await Promise.all(entries.map(filesUnder));
  return parts.flat();
}
