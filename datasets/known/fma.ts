/** FMA, a dump of the Free Music Archive, in its three sizes of 30 s clips: small, medium and large. */

import { byteOrder } from '../byteOrder.ts';
import { DatasetError } from '../dataset.ts';
import type { Dataset, Split } from '../dataset.ts';
import type { DatasetFacts, KnownDataset, ListOptions } from '../facts.ts';
import { chooseSplit, datasetOf, listFiles } from './listFiles.ts';
import type { ListedClip } from './listFiles.ts';
import { PresentFiles } from './presentFiles.ts';
import { readTable } from './readTable.ts';
import type { TableRow } from './readTable.ts';

type Size = 'small' | 'medium' | 'large';

const sizes: Record<Size, { audio: string; sha1: string; bytes: string; labels: string }> = {
  small: {
    audio: '8000 clips of 30 s, MP3',
    sha1: 'ade154f733639d52e35e32f5593efe5be76c6d70',
    bytes: '7.2 GiB',
    labels: 'the top genre, one of 8 balanced genres',
  },
  medium: {
    audio: '25 000 clips of 30 s, MP3',
    sha1: 'c67b69ea232021025fca9231fc1c7c1a063ab50b',
    bytes: '22 GiB',
    labels: 'the top genre, one of 16 uneven genres',
  },
  large: {
    audio: '106 574 clips of 30 s, MP3',
    sha1: '497109f4dd721066b5ce5e5f250ec604dc78939e',
    bytes: '93 GiB',
    labels: 'all genres of a track and those above them, of 161',
  },
};

const archives = 'https://os.unil.cloud.switch.ch/fma';

function factsOf(size: Size): DatasetFacts {
  const { audio, sha1, bytes, labels } = sizes[size];
  return {
    name: `fma-${size}`,
    title: `FMA ${size}`,
    citation:
      'M. Defferrard, K. Benzi, P. Vandergheynst and X. Bresson, "FMA: A Dataset For Music Analysis", ISMIR 2017',
    homepage: 'https://github.com/mdeff/fma',
    licence: 'metadata CC BY 4.0; each track as its artist chose, see the column track.license',
    audio: `${audio}; labels: ${labels}`,
    howToGet:
      `Get fma_metadata.zip (342 MiB) and fma_${size}.zip (${bytes}) and unpack both, so that ` +
      `DIR/fma_metadata/tracks.csv and DIR/fma_${size}/000/ are there.`,
    files: [
      {
        path: 'fma_metadata.zip',
        sha1: 'f0df49ffe5f2a6008d7dc83c6915b31835dfe733',
        url: `${archives}/fma_metadata.zip`,
        archive: true,
      },
      { path: `fma_${size}.zip`, sha1, url: `${archives}/fma_${size}.zip`, archive: true },
    ],
    splits: [
      {
        name: 'published',
        source: 'the column set.split of tracks.csv: training, validation, test, no artist in two parts',
        ...(size === 'small' && { sizes: { train: 6400, valid: 800, test: 800 } }),
      },
    ],
    knownFaults: [
      'Some clips are shorter than 30 s or cannot be decoded; the wiki of the repository lists them.',
      'Genres are those that artists chose themselves.',
    ],
  };
}

const splitNames: Record<string, Split> = { training: 'train', validation: 'valid', test: 'test' };
/** A size holds the smaller ones. */
const held: Record<Size, readonly string[]> = {
  small: ['small'],
  medium: ['small', 'medium'],
  large: ['small', 'medium', 'large'],
};
const columns = [
  'track_id',
  'set.split',
  'set.subset',
  'track.genre_top',
  'track.genres_all',
  'artist.id',
  'album.id',
  'track.license',
];

function createFma(size: Size): KnownDataset {
  const facts = factsOf(size);
  async function list(root: string, options: ListOptions = {}): Promise<Dataset> {
    const split = chooseSplit(facts, options.split);
    const files = new PresentFiles(root);
    const titles = size === 'large' ? await readGenres(facts, root) : null;
    const listed: ListedClip[] = [];
    const rows = readTable(facts, root, 'fma_metadata/tracks.csv', { columns, headerLines: 3 });
    for await (const row of rows) {
      if (!held[size].includes(row.get('set.subset'))) continue;
      listed.push({
        ...trackOf(row, size),
        labels: titles ? allGenres(row, titles) : [topGenre(row)],
      });
    }
    const tags = [...new Set(listed.flatMap(({ labels }) => labels))].sort(byteOrder);
    return datasetOf(facts, await listFiles(facts, files, listed), {
      tags,
      exclusive: titles === null,
      split,
    });
  }
  return { facts, list };
}

function trackOf(row: TableRow, size: Size): Omit<ListedClip, 'labels'> {
  const number = row.get('track_id').padStart(6, '0');
  const split = splitNames[row.get('set.split')];
  if (split === undefined) {
    throw new DatasetError(
      `${row.where}: unknown split "${row.get('set.split')}"; expected training, validation or test`,
    );
  }
  return {
    path: `fma_${size}/${number.slice(0, 3)}/${number}.mp3`,
    id: number,
    split,
    artist: row.get('artist.id'),
    album: row.get('album.id'),
    licence: row.get('track.license'),
  };
}

function topGenre(row: TableRow): string {
  const genre = row.get('track.genre_top');
  if (genre !== '') return genre;
  throw new DatasetError(`${row.where}: no top genre; every track of this size has one`);
}

/** Of a field such as `[21, 15]`. */
function allGenres(row: TableRow, titles: Map<string, string>): string[] {
  const ids = row.get('track.genres_all').match(/\d+/g) ?? [];
  return ids.map((id) => {
    const title = titles.get(id);
    if (title === undefined) throw new DatasetError(`${row.where}: genre ${id} is not in genres.csv`);
    return title;
  });
}

/** Title of each genre, with its number where two genres have one title. */
async function readGenres(facts: DatasetFacts, root: string): Promise<Map<string, string>> {
  const genres: [string, string][] = [];
  const rows = readTable(facts, root, 'fma_metadata/genres.csv', { columns: ['genre_id', 'title'] });
  for await (const row of rows) genres.push([row.get('genre_id'), row.get('title')]);
  const count = (title: string) => genres.filter(([, other]) => other === title).length;
  return new Map(genres.map(([id, title]) => [id, count(title) === 1 ? title : `${title} (${id})`]));
}

export const fmaSmall = createFma('small');
export const fmaMedium = createFma('medium');
export const fmaLarge = createFma('large');
