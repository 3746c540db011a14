/** Recordings with chord annotations: `song.lab` beside `song.mp3`, in a folder and the folders below it. */
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { byteOrder } from '../byteOrder.ts';
import { DatasetError, type Clip, type SkippedClip } from '../dataset.ts';
import { audioExtensions } from '../folder.ts';
import { readLab, type ChordSegment } from './labFile.ts';

/** A clip with its chords in place of tags: `labels` is empty. */
export interface ChordClip extends Clip {
  /** In order, without overlap. */
  segments: ChordSegment[];
}

export interface ChordDataset {
  name: string;
  clips: ChordClip[];
  skipped: SkippedClip[];
}

/**
 * Lists annotated recordings; an annotation with a fault, or with no recording of its name, is among the skipped with the
 * reason. Ids are paths relative to `root` with forward slashes, in byte order. Hidden files are passed over.
 *
 * @throws DatasetError if `root` cannot be read, or there is no annotated recording.
 * @example const { clips } = await listAnnotated('isophonics')
 */
export async function listAnnotated(root: string): Promise<ChordDataset> {
  const files = await listFiles(root);
  const audioOf = new Map<string, string[]>();
  for (const path of files.filter((each) => audioExtensions.includes(extname(each).toLowerCase()))) {
    const stem = stemOf(path);
    audioOf.set(stem, [...(audioOf.get(stem) ?? []), path]);
  }
  const clips: ChordClip[] = [];
  const skipped: SkippedClip[] = [];
  for (const path of files.filter((each) => extname(each).toLowerCase() === '.lab')) {
    const recordings = audioOf.get(stemOf(path)) ?? [];
    try {
      const segments = await readLab(path);
      if (recordings.length !== 1) throw new DatasetError(ambiguity(path, recordings));
      const id = relative(root, recordings[0]).split(sep).join('/');
      clips.push({ id, source: recordings[0], labels: [], segments });
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      skipped.push({ path, reason: error.message });
    }
  }
  if (clips.length === 0) {
    const first = skipped.length > 0 ? `; the first fault: ${skipped[0].reason}` : '';
    throw new DatasetError(
      `${root}: no annotated recording; expected song.lab beside song.wav or another audio file of the same name${first}`,
    );
  }
  return { name: root, clips, skipped };
}

function ambiguity(path: string, recordings: string[]): string {
  return recordings.length === 0
    ? `${path}: no recording of the same name beside it; expected an audio file such as ${stemOf(path)}.wav`
    : `${path}: ${recordings.length} recordings of the same name beside it; leave one`;
}

/** Paths of visible files below a folder, in byte order. */
async function listFiles(folder: string): Promise<string[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    throw new DatasetError(
      `${folder}: cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}); expected a folder of song.lab and song.wav`,
    );
  }
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !relative(folder, path)
          .split(sep)
          .some((name) => name.startsWith('.')),
    )
    .sort(byteOrder);
}

function stemOf(path: string): string {
  return path.slice(0, path.length - extname(path).length);
}
