import { frameName } from '../../data/image/frames.ts';
import { ExplainedError } from '../../protocol/errors.ts';
import type { Members, SavedPicture } from '../../protocol/project-file.ts';
import {
  type DataSet,
  fileName,
  kindOf,
  lostSentence,
  type Picture,
  plain,
} from '../data/data-set.ts';
import { lastPart } from '../path.ts';
import type { Pictures, ProjectStore, Store } from '../ports.ts';

/** Most bytes of pictures that a project file takes in: 1 GiB. */
const mostBytes = 2 ** 30;

interface Needs {
  readonly data: DataSet;
  readonly pictures: Pictures;
  readonly projects: ProjectStore;
  readonly temporary: Store['temporary'];
}

/** Pictures of the data set as projects refer to them, and back. */
export class PictureFiles {
  constructor(private readonly needs: Needs) {}

  /** For the session's own folder, which holds what was uploaded or drawn. */
  kept(): SavedPicture[] {
    return this.needs.data.all().map((picture) => this.refer(picture, null));
  }

  /**
   * For a project file, which holds copies of what was uploaded or drawn.
   *
   * @param project where the file will be; null: anywhere
   */
  async saved(
    project: string | null,
  ): Promise<{ pictures: SavedPicture[]; copies: Map<string, Uint8Array> }> {
    const { data, projects } = this.needs;
    const pictures: SavedPicture[] = [];
    const copies = new Map<string, Uint8Array>();
    let bytes = 0;
    // a stack is one file, however many of its pictures there are
    const members = new Map<string, string>();
    const identities = new Map<string, ReturnType<typeof projects.identify>>();
    const identify = (path: string) => {
      const identity = identities.get(path) ?? projects.identify(path);
      identities.set(path, identity);
      return identity;
    };
    for (const picture of data.all()) {
      const saved = this.refer(picture, project);
      const found = picture.missing ? null : await identify(picture.path);
      const known = {
        ...saved,
        bytes: found?.bytes ?? null,
        sha256: found?.sha256 ?? picture.sha256,
      };
      if (saved.own === null || !found) {
        pictures.push({ ...known, own: null });
        continue;
      }
      const member = members.get(picture.path);
      if (member !== undefined) {
        pictures.push({ ...known, own: null, copy: member });
        continue;
      }
      bytes += found.bytes;
      if (bytes > mostBytes) {
        throw new ExplainedError(
          'The uploaded pictures have more than 1 GiB, too much for one project file.',
          'Put them into a folder, and name it when starting Isinglass.',
        );
      }
      const ending = /\.[a-z0-9]{1,5}$/i.exec(fileName(picture))?.[0] ?? '';
      const copy = `pictures/${picture.id}${ending}`;
      members.set(picture.path, copy);
      copies.set(copy, await projects.content(picture.path));
      pictures.push({ ...known, own: null, copy });
    }
    return { pictures, copies };
  }

  /**
   * @param place the project's file, from where its pictures are looked for
   * @param copies files that the project holds
   */
  async restore(
    saved: readonly SavedPicture[],
    place: string | null,
    copies: Members,
  ): Promise<{ pictures: Picture[]; missing: string[]; changed: string[] }> {
    const { pictures: files, projects, temporary } = this.needs;
    const samples = new Map(
      saved.some(({ origin }) => origin === 'sample')
        ? (await files.samples()).map((path) => [lastPart(path), path])
        : [],
    );
    const [pictures, missing, changed]: [Picture[], string[], string[]] = [[], [], []];
    const unpacked = new Map<string, string>();
    for (const picture of saved) {
      const { id, name, origin, sha256, bytes, synthetic = null } = picture;
      const frame = picture.frame ?? null;
      const own = { ...plain, id, name, frame, kind: kindOf(name), sha256, synthetic };
      const sample = origin === 'sample' ? samples.get(name) : undefined;
      if (sample !== undefined) {
        pictures.push({ ...own, origin, path: sample });
      } else if (picture.copy !== null) {
        const content = copies.get(picture.copy) ?? new Uint8Array();
        const path =
          unpacked.get(picture.copy) ?? (await temporary(fileName({ name, frame }), content));
        unpacked.set(picture.copy, path);
        pictures.push({ ...own, origin, path });
      } else {
        // a synthetic set lies in a folder of this program, or nowhere
        const nowhere = synthetic && picture.own === null;
        const found = nowhere ? null : await projects.locate(picture, place);
        const path = found?.path ?? picture.path ?? name;
        const isOther = found !== null && bytes !== null && bytes !== found.bytes;
        if (!found) missing.push(name);
        else if (isOther) changed.push(name);
        const failure = found ? null : lostSentence(synthetic !== null, 'project', path);
        const shown = picture.own === null && !synthetic ? frameName(path, frame) : origin;
        pictures.push({ ...own, origin: shown, path, failure, missing: !found, changed: isOther });
      }
    }
    return { pictures, missing, changed };
  }

  private refer(
    { id, name, origin, path, frame, sha256, synthetic }: Picture,
    project: string | null,
  ): SavedPicture {
    const reference = this.needs.projects.reference(path, project);
    const own = { copy: null, bytes: null, sha256, synthetic, ...(frame !== null && { frame }) };
    return { id, name, origin, ...reference, ...own };
  }
}
