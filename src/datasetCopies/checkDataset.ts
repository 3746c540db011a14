/** Everything that can be found wrong with a copy of a data set, by listening to all of it once. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { extname, join, relative, resolve, sep } from 'node:path';
import { audioExtensions, hashSplit } from '../../datasets/index.ts';
import type { Clip, Dataset, DatasetFacts } from '../../datasets/index.ts';
import { AudioPool } from '../audio/audioPool.ts';
import { SILENCE_PEAK } from '../audio/checkSamples.ts';
import { clipPart } from '../audio/clipPart.ts';
import { inOrder } from '../audio/inOrder.ts';
import { resample } from '../audio/resample.ts';
import { checksumNames, hashFile, sizeOf } from '../download/downloadFile.ts';
import { InputError } from '../errors.ts';
import { silentReporter } from '../reporter.ts';
import type { Reporter } from '../reporter.ts';
import { isStored, StoreReader } from '../store/storeReader.ts';
import { findNearDuplicates } from './findNearDuplicates.ts';
import { fingerprintOf, fingerprintRate } from './fingerprint.ts';
import type { Fingerprint } from './fingerprint.ts';
import { partOf, sharedArtists } from './splitFaults.ts';

export const findingKinds = {
  missing: 'Listed, but the audio is not there',
  checksum: 'A list or archive that is not the published one',
  corrupt: 'Cannot be decoded',
  leak: 'The same recording in two parts of the split',
  leftOut: 'Found and not listed, with the reason',
  extra: 'Audio without labels: no list names it',
  silent: 'Silent: nothing above -90 dBFS',
  short: 'Too short',
  conflict: 'The same recording with different labels',
  duplicate: 'The same samples twice',
  nearDuplicate: 'The same recording at another gain, in another encoding, or overlapping',
  artist: 'An artist in several parts of the split',
  emptyTag: 'A tag that no clip carries',
} as const;

export type FindingKind = keyof typeof findingKinds;

/** Kinds that make results wrong or clips unusable; the others are to be looked at. */
export const errorKinds: readonly FindingKind[] = ['missing', 'checksum', 'corrupt', 'leak'];

export interface Finding {
  kind: FindingKind;
  /** What it is about: ids of clips, paths, an artist or a tag. */
  about: string[];
  detail: string;
}

export interface DatasetCheck {
  dataset: string;
  split: { name: string | null; hash: string };
  clips: number;
  /** Decoded in all. */
  seconds: number;
  findings: Finding[];
}

export interface CheckOptions {
  /** Folder of the copy, for audio that no list names and for checksums. Default: neither is looked at. */
  root?: string;
  facts?: DatasetFacts;
  /** A shorter clip is reported, seconds. Default 0.5. */
  shortestSeconds?: number;
  /** Decoding threads. Default: what the machine can run at once. */
  threads?: number;
  reporter?: Reporter;
}

/**
 * Decodes every clip, whole, to 12 kHz mono, and looks for what is missing, damaged, silent, short, twice there, or in two
 * parts of the split. One bad file never ends it.
 *
 * @example const { findings } = await checkDataset(await listDataset('recordings'), { root: 'recordings' })
 */
export async function checkDataset(dataset: Dataset, options: CheckOptions = {}): Promise<DatasetCheck> {
  const { root, facts, shortestSeconds = 0.5, threads, reporter = silentReporter } = options;
  const findings: Finding[] = dataset.skipped.map(({ path, reason }) => ({
    kind: reason.startsWith('file not found') ? 'missing' : 'leftOut',
    about: [path],
    detail: reason,
  }));
  if (root !== undefined) {
    findings.push(...(await findExtra(dataset, root)));
    if (facts) findings.push(...(await findWrongSums(facts, root)));
  }
  const heard = await listen(dataset.clips, { threads, reporter });
  for (const { clip, fault, seconds, peak } of heard) {
    const about = [clip.id];
    if (fault !== undefined) findings.push({ kind: 'corrupt', about, detail: fault });
    else if (peak <= SILENCE_PEAK)
      findings.push({ kind: 'silent', about, detail: `peak ${peak.toPrecision(2)}` });
    if (fault === undefined && seconds < shortestSeconds) {
      findings.push({ kind: 'short', about, detail: `${seconds.toFixed(3)} s` });
    }
  }
  findings.push(
    ...findDuplicates(heard.filter(({ fault, peak }) => fault === undefined && peak > SILENCE_PEAK)),
  );
  for (const { artist, parts } of sharedArtists(dataset.clips)) {
    findings.push({ kind: 'artist', about: [artist], detail: parts.join(', ') });
  }
  const carried = new Set(dataset.clips.flatMap(({ labels }) => labels));
  for (const tag of dataset.tags.filter((name) => !carried.has(name))) {
    findings.push({ kind: 'emptyTag', about: [tag], detail: 'no clip carries it' });
  }
  const order = Object.keys(findingKinds);
  findings.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return {
    dataset: dataset.name,
    split: { name: dataset.split ?? null, hash: hashSplit(dataset.clips) },
    clips: dataset.clips.length,
    seconds: heard.reduce((sum, { seconds }) => sum + seconds, 0),
    findings,
  };
}

interface Heard {
  clip: Clip;
  fault?: string;
  seconds: number;
  peak: number;
  /** Of the samples. */
  hash: string;
  fingerprint: Fingerprint;
}

async function listen(
  clips: Clip[],
  { threads, reporter }: { threads?: number; reporter: Reporter },
): Promise<Heard[]> {
  const pool = new AudioPool({ threads });
  const bar = reporter.bar('listening', clips.length);
  const reader = new StoreReader();
  const heard: Heard[] = [];
  try {
    for await (const one of inOrder(clips, pool.threads + 1, (clip) => listenTo(clip, pool, reader))) {
      heard.push(one);
      bar.update(heard.length);
    }
  } finally {
    bar.done();
    await Promise.all([pool.close(), reader.close()]);
  }
  return heard;
}

async function listenTo(clip: Clip, pool: AudioPool, reader: StoreReader): Promise<Heard> {
  try {
    const samples = await samplesOf(clip, pool, reader);
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    const hash = createHash('sha256').update(samples).digest('hex');
    return {
      clip,
      seconds: samples.length / fingerprintRate,
      peak,
      hash,
      fingerprint: fingerprintOf(samples),
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const fingerprint = { words: new Uint32Array(0), valid: new Uint8Array(0) };
    return { clip, fault: error.message, seconds: 0, peak: 0, hash: '', fingerprint };
  }
}

/** At the rate of fingerprints. */
async function samplesOf(clip: Clip, pool: AudioPool, reader: StoreReader): Promise<Float32Array> {
  const { source } = clip;
  if (isStored(source)) return resample(await reader.read(source), source.sampleRate, fingerprintRate);
  if (typeof source !== 'string') return source(fingerprintRate);
  const options = { sampleRate: fingerprintRate, allowSilence: true, ...clipPart(clip) };
  return (await pool.load(source, options)).samples;
}

/** The same samples, then the same recording among those whose samples differ. */
function findDuplicates(heard: Heard[]): Finding[] {
  const groups = groupByHash(heard);
  const findings = groups.flatMap((group) => {
    if (group.length < 2) return [];
    const clips = group.map(({ clip }) => clip);
    return judge(clips, 'duplicate', 'the same samples, at 12 kHz');
  });
  const one = groups.map(([first]) => first);
  for (const { first, second, agreement, offsetSeconds, seconds } of findNearDuplicates(
    one.map(({ fingerprint }) => fingerprint),
  )) {
    const detail =
      `${(100 * agreement).toFixed(0)} % of the fingerprint agrees over ${seconds.toFixed(1)} s` +
      (Math.abs(offsetSeconds) < 0.1 ? '' : `, shifted by ${offsetSeconds.toFixed(1)} s`);
    findings.push(...judge([one[first].clip, one[second].clip], 'nearDuplicate', detail));
  }
  return findings;
}

function groupByHash(heard: Heard[]): Heard[][] {
  const groups = new Map<string, Heard[]>();
  for (const one of heard) {
    const group = groups.get(one.hash);
    if (group) group.push(one);
    else groups.set(one.hash, [one]);
  }
  return [...groups.values()];
}

/** Clips of one recording: in several parts they make a test worthless, with several labels one is wrong. */
function judge(clips: Clip[], kind: 'duplicate' | 'nearDuplicate', detail: string): Finding[] {
  const about = clips.map(({ id }) => id);
  const findings: Finding[] = [{ kind, about, detail }];
  const parts = [...new Set(clips.map(partOf))];
  if (parts.length > 1) findings.push({ kind: 'leak', about, detail: `${parts.join(', ')}: ${detail}` });
  const labels = [...new Set(clips.map((clip) => clip.labels.toSorted().join(';')))];
  if (labels.length > 1)
    findings.push({ kind: 'conflict', about, detail: labels.map((text) => text || 'none').join(' | ') });
  return findings;
}

/** Audio files below the root that are no clip's, by way of no hidden folder. */
async function findExtra({ clips, skipped }: Dataset, root: string): Promise<Finding[]> {
  const named = new Set(
    [
      ...clips.flatMap(({ source }) => (typeof source === 'string' ? [source] : [])),
      ...skipped.map(({ path }) => path),
    ].map((path) => resolve(path)),
  );
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && audioExtensions.includes(extname(entry.name).toLowerCase()))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(
      (path) => !path.split('/').some((step) => step.startsWith('.')) && !named.has(resolve(root, path)),
    )
    .sort()
    .map((path) => ({ kind: 'extra', about: [path], detail: 'no list names it' }));
}

/** Published files that are there, against their published size and checksums. */
async function findWrongSums({ files }: DatasetFacts, root: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const file of files) {
    const path = join(root, file.path);
    const size = await sizeOf(path);
    const published = checksumNames.filter((name) => file[name] !== undefined);
    if (size === undefined) continue;
    const found = published.length > 0 ? await hashFile(path, published) : {};
    const wrong = published.find((name) => found[name] !== file[name]);
    const detail =
      file.bytes !== undefined && file.bytes !== size
        ? `${size} bytes, published are ${file.bytes}`
        : wrong && `${wrong} ${found[wrong]}, published is ${file[wrong]}`;
    if (detail !== undefined) findings.push({ kind: 'checksum', about: [file.path], detail });
  }
  return findings;
}
