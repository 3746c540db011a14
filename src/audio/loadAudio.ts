/** From an audio file to mono samples at the rate that is wanted. */

import { InputError } from '../errors.ts';
import { openByteSource } from './byteSource.ts';
import type { ByteSource } from './byteSource.ts';
import { checkAudible } from './checkSamples.ts';
import { ForeignFormatError } from './decodedAudio.ts';
import type { DecodedAudio, FrameRange, OpenCollector } from './decodedAudio.ts';
import { decodeFlac } from './decoders/decodeFlac.ts';
import { decodeMp3 } from './decoders/decodeMp3.ts';
import { decodeOggVorbis, decodeOpus } from './decoders/decodeOgg.ts';
import { decodeAu, decodeWav } from './decoders/decodePcmFile.ts';
import { decodeWithFfmpeg } from './ffmpeg.ts';
import { PartCollector } from './partCollector.ts';
import { resampledLength } from './resample.ts';
import { bestResampleBuild } from './resampleKernel/simdResampler.ts';
import type { ResampleBuild } from './resampleKernel/simdResampler.ts';
import { sniffFormat } from './sniffFormat.ts';
import type { AudioKind } from './sniffFormat.ts';

export interface LoadAudioOptions {
  /** Rate of the samples returned, Hz, a whole number, 1000 to 768000. */
  sampleRate: number;
  /** Where the wanted part starts, seconds, >= 0. Default 0. */
  offsetSeconds?: number;
  /** Length of the wanted part, seconds, > 0; less is returned where the file ends earlier. Default: to the end. */
  durationSeconds?: number;
  /** Lets a part through that has no sample above -90 dBFS. Default false. */
  allowSilence?: boolean;
}

export interface Waveform {
  /** `[samples]`, mono: the mean of the channels; full scale ±1. */
  samples: Float32Array;
  /** Hz. */
  sampleRate: number;
  /** The file as it is; `seconds` is the whole file's length. */
  source: { format: string; sampleRate: number; channels: number; seconds: number };
}

/**
 * Loads an audio file, mixed down to mono and resampled.
 *
 * WAV, AU, MP3, FLAC, Ogg Vorbis and Opus are decoded here; other formats by `ffmpeg` where it is on the PATH. The
 * format is recognised by the file's content, never by its name. A part (offset, duration) is the same to the bit as
 * that slice of the whole: it starts at sample `round(offsetSeconds × sampleRate)`. WAV and AU files are read only
 * where needed; FLAC, Ogg Vorbis and, where its frames allow, MP3 are decoded from at most a few seconds ahead of the
 * part, Opus and other formats from their start; nothing is decoded behind the part's end. Files are read, decoded and resampled in blocks: beside the waveform
 * itself a long file takes no more memory than a short one.
 * The last bits (140 dB below full scale) depend on whether the processor has fused multiply-add.
 * Decoding blocks the thread; AudioPool does the same in others.
 *
 * @throws InputError, one line with the path and the way out, if the file is missing, unreadable, empty, not audio,
 *   truncated, damaged, silent, shorter than the offset, or holds samples that are not finite or above 8.
 * @throws RangeError if an option is outside its range.
 * @example const { samples } = await loadAudio('song.mp3', { sampleRate: 12000, durationSeconds: 29 });
 */
export async function loadAudio(path: string, options: LoadAudioOptions): Promise<Waveform> {
  return loadAudioWith(bestResampleBuild(), path, options);
}

/** The same with a given kernel, so that all threads of a process resample to the same bits. */
export async function loadAudioWith(
  build: ResampleBuild | 'none',
  path: string,
  options: LoadAudioOptions,
): Promise<Waveform> {
  const { sampleRate, offsetSeconds = 0, durationSeconds = Infinity, allowSilence = false } = options;
  checkOptions(sampleRate, offsetSeconds, durationSeconds);
  const first = Math.round(offsetSeconds * sampleRate);
  const wanted = { first, end: first + Math.max(1, Math.round(durationSeconds * sampleRate)) };
  let collector: PartCollector | undefined;
  const decoded = await decodeFile(path, (fileRate) => {
    collector = new PartCollector({ path, wanted, fileRate, sampleRate, build });
    return collector;
  });
  const available = cutToFile(path, decoded, wanted, sampleRate);
  const collected = (decoded.totalFrames * collector!.fileRate) / decoded.sampleRate;
  const samples = collector!.finish(collected);
  if (!allowSilence) checkAudible(samples, path, describePart(available, sampleRate, decoded.channels));
  const { format, channels, totalFrames } = decoded;
  const seconds = totalFrames / decoded.sampleRate;
  return { samples, sampleRate, source: { format, sampleRate: decoded.sampleRate, channels, seconds } };
}

function checkOptions(sampleRate: number, offsetSeconds: number, durationSeconds: number): void {
  resampledLength(0, sampleRate, sampleRate); // checks the rate
  if (!(offsetSeconds >= 0 && Number.isFinite(offsetSeconds))) {
    throw new RangeError(
      `loadAudio: offsetSeconds must be >= 0 seconds; got ${offsetSeconds}. Pass 0 for the start.`,
    );
  }
  if (!(durationSeconds > 0)) {
    throw new RangeError(
      `loadAudio: durationSeconds must be > 0 seconds; got ${durationSeconds}. Leave it out for the whole file.`,
    );
  }
}

const DECODERS: Record<
  Exclude<AudioKind, 'foreign'>,
  (source: ByteSource, open: OpenCollector) => DecodedAudio | Promise<DecodedAudio>
> = {
  wav: decodeWav,
  au: decodeAu,
  mp3: decodeMp3,
  flac: decodeFlac,
  'ogg-vorbis': decodeOggVorbis,
  'ogg-opus': decodeOpus,
};

async function decodeFile(path: string, open: OpenCollector): Promise<DecodedAudio> {
  const source = openByteSource(path);
  try {
    const { kind, name } = sniffFormat(source);
    if (kind === 'foreign') return await decodeWithFfmpeg(path, name, open);
    try {
      return await DECODERS[kind](source, open);
    } catch (error) {
      if (!(error instanceof ForeignFormatError)) throw error;
      return await decodeWithFfmpeg(path, error.format, open);
    }
  } finally {
    source.close();
  }
}

/** The wanted part as far as the file goes, in samples at the rate wanted. */
function cutToFile(path: string, decoded: DecodedAudio, wanted: FrameRange, sampleRate: number): FrameRange {
  if (decoded.totalFrames === 0) {
    throw new InputError(
      `${path}: the ${decoded.format} file holds no audio samples. Replace it or remove it.`,
    );
  }
  const length = resampledLength(decoded.totalFrames, decoded.sampleRate, sampleRate);
  if (wanted.first >= length) {
    const seconds = (count: number) => (count / sampleRate).toFixed(2);
    throw new InputError(
      `${path}: holds ${seconds(length)} s of audio, but the part from ${seconds(wanted.first)} s on was asked for. ` +
        'Ask for an earlier part or remove the file.',
    );
  }
  return { first: wanted.first, end: Math.min(wanted.end, length) };
}

/** Channels of opposite sign cancel, so the mean is named where there are several. */
function describePart({ first, end }: FrameRange, sampleRate: number, channels: number): string {
  const what = channels > 1 ? `the mean of its ${channels} channels` : 'the part';
  return `${what} from ${(first / sampleRate).toFixed(2)} s to ${(end / sampleRate).toFixed(2)} s`;
}
