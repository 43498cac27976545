import { type RecentEntry, type StoredRecent, storedRecent } from '../../protocol/app.ts';
import { ExplainedError } from '../../protocol/errors.ts';
import { isProjectFile, lastPart } from '../path.ts';
import type { Store } from '../ports.ts';

const most = 12;
/** What was opened lately, newest first; kept from one start to the next. */
export class Recent {
  private entries: StoredRecent[] = [];

  private constructor(private readonly store: Store) {}

  /** A list that cannot be read is begun anew: nothing else depends on it. */
  static async load(store: Store): Promise<Recent> {
    const recent = new Recent(store);
    recent.entries = storedRecent.array().safeParse(await store.read('recent')).data ?? [];
    return recent;
  }

  list(): RecentEntry[] {
    return this.entries.map(({ paths: _, ...entry }) => entry);
  }

  /** @throws ExplainedError if the list does not hold it */
  paths(id: string): readonly string[] {
    const entry = this.entries.find((candidate) => candidate.id === id);
    if (!entry) throw new ExplainedError('This entry is no longer in the list of recent ones.');
    return entry.paths;
  }

  /** @param files number of pictures that the paths gave */
  async add(paths: readonly string[], files: number): Promise<void> {
    const [first] = paths;
    const others = paths.length === 1 ? '' : ` and ${paths.length - 1} more`;
    const single = files === 1 || /\.fit\.json$/i.test(first);
    const kind = isProjectFile(first)
      ? 'project'
      : /\.fit\.json$/i.test(first)
        ? 'fit'
        : paths.length > 1 || single
          ? 'pictures'
          : 'folder';
    const same = (entry: { paths: string[] }) => entry.paths.join('\0') === paths.join('\0');
    const id = Math.max(0, ...this.entries.map((entry) => Number(entry.id))) + 1;
    const name = lastPart(first) + others;
    const entry: StoredRecent = { id: String(id), name, path: first, kind, paths: [...paths] };
    this.entries = [entry, ...this.entries.filter((old) => !same(old))].slice(0, most);
    await this.store.write('recent', this.entries);
  }

  async clear(): Promise<void> {
    this.entries = [];
    await this.store.write('recent', this.entries);
  }
}
