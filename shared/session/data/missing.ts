import { frameName } from '../../data/image/frames.ts';
import type { ProjectStore } from '../ports.ts';
import { type DataSet, fileName, type Picture } from './data-set.ts';

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
  // by the names of files, and for each of these the pictures of every file that is called so
  const wanted = new Map<string, Picture[][]>();
  for (const picture of data.all()) {
    if (!picture.missing) continue;
    const files = wanted.get(fileName(picture)) ?? [];
    const same = files.find(([first]) => picture.frame !== null && first.path === picture.path);
    if (same) same.push(picture);
    else wanted.set(fileName(picture), [...files, [picture]]);
  }
  const places = new Map<number, Pick<Picture, 'path' | 'origin' | 'changed'>>();
  const others: File[] = [];
  for (const file of files) {
    const namesakes = wanted.get(file.name) ?? [];
    const content = namesakes.length > 0 ? await identify(file.path) : null;
    const same = namesakes.find(([{ sha256 }]) => sha256 !== null && sha256 === content?.sha256);
    const found = same ?? (namesakes.length === 1 ? namesakes[0] : undefined);
    if (!found) {
      others.push(file);
      continue;
    }
    namesakes.splice(namesakes.indexOf(found), 1);
    const { path, origin } = file;
    for (const { id, frame, sha256 } of found) {
      const changed = sha256 !== null && sha256 !== content?.sha256;
      places.set(id, { path, origin: origin === path ? frameName(path, frame) : origin, changed });
    }
  }
  data.find(places);
  return { found: places.size, others };
}
