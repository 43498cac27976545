import type { FittedSource } from '../../protocol/runs.ts';

type List = readonly FittedSource[];

/**
 * Lists of files as a project holds them: each once, however many runs and sets of spins have it. Thousands of pictures
 * would be written again for every run else, with every change.
 */
export class SourceLists {
  /** Lists that were compared once are not compared again: no list ever changes. */
  private readonly same = new WeakMap<List, List>();

  /** Gathers the lists of one state: `place` gives each its place among `lists`. */
  gather(): { readonly lists: readonly List[]; place(list: List): number } {
    const lists: List[] = [];
    const places = new Map<List, number>();
    const equal = (list: List) => {
      const known = this.same.get(list);
      if (known && places.has(known)) return known;
      return lists.find((other) => isEqual(list, other));
    };
    const place = (list: List) => {
      const there = places.get(list);
      if (there !== undefined) return there;
      const other = equal(list);
      if (other) this.same.set(list, other);
      const found = other ? (places.get(other) as number) : lists.push(list) - 1;
      places.set(list, found);
      return found;
    };
    return { lists, place };
  }
}

function isEqual(one: List, other: List): boolean {
  return (
    one.length === other.length &&
    one.every((source, k) => JSON.stringify(source) === JSON.stringify(other[k]))
  );
}
