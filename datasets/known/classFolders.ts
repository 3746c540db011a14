/** Recordings in folders named after their class, for data sets that come without a list. */

import { extname } from 'node:path';
import { DatasetError } from '../dataset.ts';
import type { DatasetFacts } from '../facts.ts';
import { audioExtensions } from '../folder.ts';
import { requireKnownTag } from '../knownTags.ts';
import type { ListedClip } from './listFiles.ts';
import type { PresentFiles } from './presentFiles.ts';

/**
 * All audio files in the class folders of `folder`, sorted; folders without audio are passed over.
 *
 * @param classOf Tag of each class folder, by its name.
 * @throws DatasetError if a folder with audio is of no class, or a class folder is missing.
 */
export async function listClassFolders(
  facts: DatasetFacts,
  files: PresentFiles,
  folder: string,
  classOf: Readonly<Record<string, string>>,
): Promise<ListedClip[]> {
  const listed: ListedClip[] = [];
  const found = await files.foldersIn(folder);
  for (const name of found) {
    const audio = (await files.filesIn(folder + name)).filter(isAudio);
    if (audio.length === 0) continue;
    requireKnownTag(`${files.root}/${folder}${name}`, name, Object.keys(classOf));
    listed.push(
      ...audio.map((file) => ({
        path: `${folder}${name}/${file}`,
        id: `${name}/${file}`,
        labels: [classOf[name]],
      })),
    );
  }
  const missing = Object.keys(classOf).find((name) => !found.includes(name));
  if (missing !== undefined) {
    throw new DatasetError(
      `${facts.name}: the class folder "${missing}" is not in ${files.root}/${folder}. ${facts.howToGet}`,
    );
  }
  return listed;
}

function isAudio(name: string): boolean {
  return audioExtensions.includes(extname(name).toLowerCase());
}
