/** What is known of a published data set before any of it is on disk, and how it is listed once it is. */

import type { Dataset, Split } from './dataset.ts';

/** Facts only: what no public source states is left out, never guessed. */
export interface DatasetFacts {
  /** As a command line names it: lower case, words joined by hyphens. */
  name: string;
  /** As its paper names it. */
  title: string;
  /** Paper to cite: authors, title, venue, year. */
  citation: string;
  /** Page of its makers. */
  homepage: string;
  /** Of the recordings, and of the labels where that differs. */
  licence: string;
  /** What the audio is: how many files, how long, sample rate, channels, format. */
  audio: string;
  /** What to get from where, and how the folder must look: one clear instruction. */
  howToGet: string;
  /** Files as published, with sizes and checksums where published. */
  files: DatasetFile[];
  /** Published splits; the first is the default. */
  splits: PublishedSplit[];
  /** Faults reported in print, with their source. */
  knownFaults: string[];
  /** True where code renders the clips, so that there is no folder: `--data NAME`. */
  rendered?: true;
}

/** One published file of a data set. */
export interface DatasetFile {
  /** Inside the data set's folder, with forward slashes. */
  path: string;
  /** Size as published, bytes. */
  bytes?: number;
  /** Checksums as published, lower-case hexadecimal. */
  md5?: string;
  sha1?: string;
  sha256?: string;
  /** Stable public address, where there is one. */
  url?: string;
  /** True where the file is an archive to be unpacked into the data set's folder. */
  archive?: boolean;
}

/** A split that was published with the data set, or that later work shares. */
export interface PublishedSplit {
  /** As `--split` names it. */
  name: string;
  /** Who published it, or where it is written down. */
  source: string;
  /** Clips of each part, as published. */
  sizes?: Partial<Record<Split, number>>;
  /** Number of folds, where it is folds rather than parts. */
  folds?: number;
}

export interface ListOptions {
  /** Name of one of the data set's `splits`. Default: the first. */
  split?: string;
}

/** A data set that sonotag knows: its facts, and the reader of its folder. */
export interface KnownDataset {
  facts: DatasetFacts;
  /**
   * Lists a copy on disk. Files are not opened beyond the lists that come with the data set; a clip whose audio is
   * missing is among the `skipped`.
   *
   * @param root Folder of the copy.
   * @throws DatasetError if a list is missing or not laid out as published; it says what to get from where.
   */
  list(root: string, options?: ListOptions): Promise<Dataset>;
}
