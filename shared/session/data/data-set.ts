import { frameName, ofFrame } from '../../data/image/frames.ts';
import type { DataSummary, PictureInfo } from '../../protocol/data.ts';
import { ExplainedError } from '../../protocol/errors.ts';
import { mostPictures } from '../../protocol/limits.ts';
import type { LoadedSet } from '../ports.ts';

/** A picture of the data set and the file behind it; the path stays on this side. */
export interface Picture extends PictureInfo {
  readonly path: string;
}

/** A file that becomes a picture. */
type NewPicture = Pick<Picture, 'path' | 'name' | 'origin'> & Partial<Omit<Picture, 'id' | 'kind'>>;

/** Why a picture that a fit file or a project names is not here. */
export function lostSentence(
  isSynthetic: boolean,
  beside: 'fit file' | 'project',
  path: string,
): string {
  return isSynthetic
    ? 'It has still to be drawn again from its J, h and seed.'
    : `It is neither where it was nor beside the ${beside}: ${path}`;
}

/** What a person calls a picture: its path where a person knows that, else its name. */
export function shownPath(picture: Picture): string {
  return isHidden(picture) ? picture.name : sourceName(picture);
}

/** What the set of spins calls a picture: its path, and which of the file's pictures it is. */
export function sourceName({ path, frame }: Pick<Picture, 'path' | 'frame'>): string {
  return frameName(path, frame);
}

/** What the file is called that a picture is one of. */
export function fileName({ name, frame }: Pick<Picture, 'name' | 'frame'>): string {
  return frame === null ? name : ofFrame(name).path;
}

/** Whether no person has chosen its path. */
function isHidden(picture: Picture): boolean {
  return picture.origin !== sourceName(picture);
}

/** A text about a picture, which may name its file, as a person may read it. */
export function aboutPicture(text: string, picture: Picture): string {
  if (!isHidden(picture)) return text;
  return text.replaceAll(picture.path, fileName(picture));
}

/** The same for a text about several. */
export function aboutPictures(text: string, pictures: readonly Picture[]): string {
  return hiddenOf(pictures).reduce((shown, picture) => aboutPicture(shown, picture), text);
}

/** Why a picture cannot be used, where its name stands beside the reason. */
function reasonAlone(reason: string, picture: Picture): string {
  const shown = aboutPicture(reason, picture);
  const name = `${shownPath(picture)}: `;
  return shown.startsWith(name) ? shown.slice(name.length) : shown;
}

/** Those whose path no person has chosen. */
function hiddenOf(pictures: readonly Picture[]): Picture[] {
  return pictures.filter(isHidden);
}

/** A loaded set without any path that no person has chosen, and with what synthetic sets were drawn from. */
export function withShownPaths(set: LoadedSet, pictures: readonly Picture[]): LoadedSet {
  const hidden = new Map(hiddenOf(pictures).map((picture) => [sourceName(picture), picture]));
  if (hidden.size === 0) return set;
  const show = (path: string) => {
    const picture = hidden.get(path);
    return picture ? shownPath(picture) : path;
  };
  return {
    ...set,
    sources: set.sources.map((source) => {
      const synthetic = hidden.get(source.path)?.synthetic;
      return { ...source, path: show(source.path), ...(synthetic && { synthetic }) };
    }),
    failures: set.failures.map(({ path, reason }) => {
      const picture = hidden.get(path);
      return { path: show(path), reason: picture ? aboutPicture(reason, picture) : reason };
    }),
    warnings: set.warnings.map((text) => aboutPictures(text, pictures)),
  };
}

/** What is known of a file that somebody has just chosen. */
export const plain = {
  frame: null,
  failure: null,
  missing: false,
  sha256: null,
  changed: false,
  synthetic: null,
} as const;

const spinFile = /\.(npy|csv|txt|pbm)$/i;

/** Whether a file holds spins or a picture, by its name. */
export function kindOf(name: string): PictureInfo['kind'] {
  return spinFile.test(name) ? 'spins' : 'picture';
}

/** The pictures of a session, in the order in which they came. */
export class DataSet {
  private pictures = new Map<number, Picture>();
  /** What was taken out and, in its place, put in, the last change at the end. */
  private readonly exchanged: { gone: readonly Picture[]; come: readonly number[] }[] = [];
  private lastId = 0;
  private revision = 0;

  /** @param changed told after every change */
  constructor(private readonly changed: (summary: DataSummary) => void) {}

  /** @returns their ids */
  add(files: readonly NewPicture[]): number[] {
    const ids = this.enter(files);
    if (files.length > 0) this.change();
    return ids;
  }

  /** @throws ExplainedError where they are too many */
  private enter(files: readonly NewPicture[]): number[] {
    if (this.pictures.size + files.length > mostPictures) {
      throw new ExplainedError(
        `A data set holds at most ${mostPictures.toLocaleString('en')} pictures, and these would be more.`,
        'Add fewer, or use arrays that hold many configurations each.',
      );
    }
    return files.map((file) => {
      const id = ++this.lastId;
      this.pictures.set(id, { ...plain, ...file, id, kind: kindOf(file.name) });
      return id;
    });
  }

  /** Puts other pictures in the place of all. */
  replace(pictures: readonly Picture[]): void {
    this.pictures = new Map(pictures.map((picture) => [picture.id, picture]));
    this.exchanged.length = 0;
    for (const id of this.pictures.keys()) this.lastId = Math.max(this.lastId, id);
    this.change();
  }

  /** Gives missing pictures, by id, the files that were found for them; those that were removed stay so. */
  find(
    files: ReadonlyMap<
      number,
      Pick<Picture, 'path' | 'origin'> & Partial<Pick<Picture, 'sha256' | 'changed'>>
    >,
  ): void {
    for (const [id, file] of files) {
      const picture = this.pictures.get(id);
      if (picture) this.pictures.set(id, { ...picture, ...file, failure: null, missing: false });
    }
    if (files.size > 0) this.change();
  }

  /**
   * Notes the files' SHA-256 as they are now.
   *
   * @returns the pictures whose files are not what they were
   */
  identify(hashes: ReadonlyMap<string, string>): Picture[] {
    const changed: Picture[] = [];
    for (const [id, picture] of this.pictures) {
      const sha256 = hashes.get(sourceName(picture));
      if (sha256 === undefined || (sha256 === picture.sha256 && !picture.changed)) continue;
      if (picture.sha256 !== null && sha256 !== picture.sha256) changed.push(picture);
      this.pictures.set(id, { ...picture, sha256, changed: false });
    }
    if (changed.length > 0) this.changed(this.summary());
    return changed;
  }

  /** Takes pictures out, and puts others in their place; `undoRemove` brings them back. */
  remove(ids: readonly number[], instead: readonly NewPicture[] = []): void {
    const gone = ids.flatMap((id) => this.pictures.get(id) ?? []);
    for (const { id } of gone) this.pictures.delete(id);
    const come = this.enter(instead);
    if (gone.length > 0) this.exchanged.push({ gone, come });
    if (gone.length > 0 || come.length > 0) this.change();
  }

  /** Takes back the last removal that has not been taken back. */
  undoRemove(): void {
    const last = this.exchanged.pop();
    if (!last) return;
    for (const id of last.come) this.pictures.delete(id);
    // what was added since the removal stays, behind what comes back
    const all = [...last.gone, ...this.pictures.values()].sort((a, b) => a.id - b.id);
    this.pictures = new Map(all.map((picture) => [picture.id, picture]));
    this.change();
  }

  /** Notes that files could not be decoded; a later success takes that back. */
  note(failures: ReadonlyMap<string, string>): void {
    let noted = false;
    for (const [id, picture] of this.pictures) {
      if (picture.missing) continue;
      const reason = failures.get(sourceName(picture));
      const failure = reason === undefined ? null : reasonAlone(reason, picture);
      if (failure === picture.failure) continue;
      this.pictures.set(id, { ...picture, failure });
      noted = true;
    }
    if (noted) this.changed(this.summary());
  }

  /** Notes that one picture could not be decoded. */
  fail(id: number, reason: string): void {
    const picture = this.pictures.get(id);
    if (!picture) return;
    const failure = reasonAlone(reason, picture);
    if (picture.failure === failure) return;
    this.pictures.set(id, { ...picture, failure });
    this.changed(this.summary());
  }

  /** @throws ExplainedError if it was removed */
  get(id: number): Picture {
    const picture = this.pictures.get(id);
    if (!picture) throw new ExplainedError('This picture is no longer in the data set.');
    return picture;
  }

  /** One picture whose file is read. @throws ExplainedError if it was removed, or is missing */
  readable(id: number): Picture {
    const picture = this.get(id);
    if (!picture.missing) return picture;
    throw new ExplainedError(picture.failure ?? `${picture.name} is missing.`);
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
