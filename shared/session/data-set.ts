import type { DataSummary, PictureInfo } from '../protocol/data.ts';
import { ExplainedError } from '../protocol/errors.ts';
import type { LoadedSet } from './ports.ts';

/** A picture of the data set and the file behind it; the path stays on this side. */
export interface Picture extends PictureInfo {
  readonly path: string;
}

/** What a person calls a picture: its path where a person knows that, else its name. */
export function shownPath({ origin, path, name }: Picture): string {
  return origin === path ? path : name;
}

/** A text about a picture, which may name its file, as a person may read it. */
export function aboutPicture(text: string, picture: Picture): string {
  return text.replaceAll(picture.path, shownPath(picture));
}

/** A loaded set without any path that no person has chosen. */
export function withShownPaths(set: LoadedSet, pictures: readonly Picture[]): LoadedSet {
  const hidden = new Map(
    pictures
      .filter(({ origin, path }) => origin !== path)
      .map((picture) => [picture.path, picture]),
  );
  if (hidden.size === 0) return set;
  const show = (path: string) => {
    const picture = hidden.get(path);
    return picture ? shownPath(picture) : path;
  };
  const about = (text: string) =>
    Array.from(hidden.values()).reduce((shown, picture) => aboutPicture(shown, picture), text);
  return {
    ...set,
    sources: set.sources.map((source) => ({ ...source, path: show(source.path) })),
    failures: set.failures.map(({ path, reason }) => {
      const picture = hidden.get(path);
      return { path: show(path), reason: picture ? aboutPicture(reason, picture) : reason };
    }),
    warnings: set.warnings.map(about),
  };
}

const spinFile = /\.(npy|csv|txt|pbm)$/i;

/** The pictures of a session, in the order in which they came. */
export class DataSet {
  private pictures = new Map<number, Picture>();
  private removed: Map<number, Picture> | null = null;
  private lastId = 0;
  private revision = 0;

  /** @param changed told after every change */
  constructor(private readonly changed: (summary: DataSummary) => void) {}

  add(files: readonly { path: string; name: string; origin: string }[]): void {
    for (const { path, name, origin } of files) {
      const kind = spinFile.test(name) ? 'spins' : 'picture';
      const id = ++this.lastId;
      this.pictures.set(id, { id, path, name, origin, kind, failure: null });
    }
    if (files.length > 0) this.change();
  }

  /** Takes pictures out; `undoRemove` brings them back until the next removal. */
  remove(ids: Iterable<number>): void {
    const before = this.pictures;
    this.pictures = new Map(before);
    for (const id of ids) this.pictures.delete(id);
    if (this.pictures.size === before.size) return;
    this.removed = before;
    this.change();
  }

  undoRemove(): void {
    if (!this.removed) return;
    // what was added since the removal stays, behind what comes back
    this.pictures = new Map([...this.removed, ...this.pictures]);
    this.removed = null;
    this.change();
  }

  /** Notes that files could not be decoded; a later success takes that back. */
  note(failures: ReadonlyMap<string, string>): void {
    let noted = false;
    for (const [id, picture] of this.pictures) {
      const reason = failures.get(picture.path);
      const failure = reason === undefined ? null : aboutPicture(reason, picture);
      if (failure === picture.failure) continue;
      this.pictures.set(id, { ...picture, failure });
      noted = true;
    }
    if (noted) this.changed(this.summary());
  }

  /** @throws ExplainedError if it was removed */
  get(id: number): Picture {
    const picture = this.pictures.get(id);
    if (!picture) throw new ExplainedError('This picture is no longer in the data set.');
    return picture;
  }

  all(): Picture[] {
    return [...this.pictures.values()];
  }

  list(first: number, count: number): { total: number; pictures: PictureInfo[] } {
    const pictures = this.all()
      .slice(first, first + count)
      .map(({ path: _, ...info }) => info);
    return { total: this.pictures.size, pictures };
  }

  summary(): DataSummary {
    let failed = 0;
    for (const { failure } of this.pictures.values()) if (failure !== null) failed++;
    return { revision: this.revision, pictures: this.pictures.size, failed };
  }

  private change(): void {
    this.revision++;
    this.changed(this.summary());
  }
}
