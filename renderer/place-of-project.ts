declare global {
  interface Window {
    /** Chromium's; other browsers have only downloads. */
    readonly showSaveFilePicker?: (options: {
      suggestedName: string;
      types: { description: string; accept: Record<string, string[]> }[];
    }) => Promise<FileSystemFileHandle>;
  }
}

/** Whether this browser lets a person choose a file that the page then writes, and tells when it is written. */
export const choosesFiles = () => window.showSaveFilePicker !== undefined;

/** Asks where a project shall be; null where the person has closed the dialog. */
export async function choosePlace(name: string): Promise<FileSystemFileHandle | null> {
  try {
    const types = [
      { description: 'Isinglass project', accept: { 'application/zip': ['.isinglass'] } },
    ];
    return (await window.showSaveFilePicker?.({ suggestedName: name, types })) ?? null;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

/** Writes a file whole: the one before stays until the last byte is there. */
export async function writePlace(
  place: FileSystemFileHandle,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const file = await place.createWritable();
  try {
    await file.write(bytes);
  } catch (error) {
    await file.abort();
    throw error;
  }
  await file.close();
}
