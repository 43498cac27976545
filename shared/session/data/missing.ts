import type { ProjectStore } from '../ports.ts';
import type { DataSet, Picture } from './data-set.ts';

type File = Pick<Picture, 'path' | 'name' | 'origin'>;

/**
 * Gives files to missing pictures of the same name; where several have it, to the one of the same content.
 * A file of another content is taken too: the next fit warns of it.
 *
 * @returns how many pictures were found, and the files that were none of them
 */
export async function findMissing(
  data: DataSet,
  files: readonly File[],
  identify: ProjectStore['identify'],
): Promise<{ found: number; others: readonly File[] }> {
  const wanted = new Map<string, Picture[]>();
  for (const picture of data.all()) {
    if (!picture.missing) continue;
    wanted.set(picture.name, [...(wanted.get(picture.name) ?? []), picture]);
  }
  const places = new Map<number, Pick<Picture, 'path' | 'origin' | 'changed'>>();
  const others: File[] = [];
  for (const file of files) {
    const namesakes = wanted.get(file.name) ?? [];
    const content = namesakes.length > 0 ? await identify(file.path) : null;
    const same = namesakes.find(({ sha256 }) => sha256 !== null && sha256 === content?.sha256);
    const picture = same ?? (namesakes.length === 1 ? namesakes[0] : undefined);
    if (picture) {
      namesakes.splice(namesakes.indexOf(picture), 1);
      const changed = picture.sha256 !== null && picture.sha256 !== content?.sha256;
      places.set(picture.id, { path: file.path, origin: file.origin, changed });
    } else others.push(file);
  }
  data.find(places);
  return { found: places.size, others };
}
