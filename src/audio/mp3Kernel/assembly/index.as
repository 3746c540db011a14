// MPEG-1, 2 and 2.5 audio, layer III, to mono: ISO/IEC 11172-3 and 13818-3. AssemblyScript; no arrays, strings or managed
// classes, so no runtime and no data segment. Every place that the stream names is bounded by the bits that name it, or
// checked. What a sample is computed from, and in which order, depends on its stream alone, never on where a call starts.

import { bitPlace, startBits } from './bitReader';
import { readCoefficients } from './huffman';
import { addSpectrum, beginGranule, storeSlots } from './hybrid';
import { FRAME_BYTES, MAIN_DATA, OVERLAP, QUANTIZED, SCALE_FACTORS, SHORT_BANDS, SPARE, SPECTRA, SPECTRUM_BYTES } from './layout';
import { requantize } from './requantize';
import { readScaleFactors } from './scaleFactors';
import { Granule, granuleOf, readSideInfo } from './sideInfo';
import { synthesize } from './synthesis';

export { ALIAS, FRAME_BYTES, FREE, GAINS, LONG_BANDS, LOOKUPS, POWERS, PRETAB, SCALE_PARTS, SECANTS, SECANTS_18, SHORT_BANDS, SHORT_COSINES, SHORT_WINDOW, SYNTHESIS, TABLE_SELECT, WINDOWS } from './layout';

/** Bytes that a frame may look back for. */
const RESERVOIR: i32 = 511;

let isMpeg1 = false;
let channels = 0;
let header: i32 = 0;
let sampleStep = 1;
let samplePhase = 0;
let bands = 32;
let most = 576;
/** Bytes in MAIN_DATA. */
let mainBytes = 0;
/** 1 where a granule waits for the second one that it is synthesized with. */
let half = 0;

let consumed = 0;
/** Bytes of the input that the last call has used. */
export function consumedBytes(): i32 {
  return consumed;
}

/**
 * Forgets the stream before.
 *
 * @param first The first three bytes of a header, as a number; the bit rate in it does not matter.
 * @param step 1, or 2 for every second sample; @param phase then 0 for the first, 1 for the second.
 * @param keptBands Subbands that are wanted, from below, a multiple of 4, at most 32, or 16 where step is 2.
 */
export function start(first: i32, channelCount: i32, step: i32, phase: i32, keptBands: i32): void {
  header = first;
  isMpeg1 = ((first >> 11) & 3) == 3;
  channels = channelCount;
  sampleStep = step;
  samplePhase = phase;
  bands = keptBands;
  most = min(576, 18 * (keptBands + 1));
  mainBytes = 0;
  half = 0;
  memory.fill(SCALE_FACTORS, 0, 128);
  memory.fill(OVERLAP, 0, SPARE - OVERLAP);
}

/**
 * Decodes frames from `input` on, as long as whole ones of the stream follow there, and there is room.
 *
 * @param mostFrames Room at `output`, in frames, and half a frame of MPEG-1, one of MPEG-2.
 * @returns Samples written to `output`, float32; -1 for a frame that is damaged.
 */
export function decodeFrames(input: usize, end: usize, output: usize, mostFrames: i32): i32 {
  let at = input;
  let samples = 0;
  for (let frame = 0; frame < mostFrames && at + 4 <= end; frame++) {
    const word = <i32>bswap<u32>(load<u32>(at));
    // Sync word, version, layer and rate
    if (((word >> 8) ^ header) & 0xfffe0c) break;
    if (i32(((word >> 6) & 3) == 3) != i32(channels == 1)) break;
    const length = load<i32>(FRAME_BYTES + <usize>(((word >> 12) & 15) << 2)) + ((word >> 9) & 1);
    if (length < frameOverhead(word) || at + <usize>length > end) break;
    const written = decodeFrame(at, word, length, output + <usize>(samples << 2));
    if (written < 0) return -1;
    samples += written;
    at += <usize>length;
  }
  consumed = <i32>(at - input);
  return samples;
}

/** Samples of the granule that waits for a second one, if one does. */
export function finish(output: usize): i32 {
  if (half == 0) return 0;
  beginGranule();
  return storeGranule(output) / 2;
}

/** Header, checksum and side information of a frame, in bytes. */
@inline
function frameOverhead(word: i32): i32 {
  const side = isMpeg1 ? (channels == 1 ? 17 : 32) : channels == 1 ? 9 : 17;
  return 4 + side + (((word >> 16) & 1) == 0 ? 2 : 0);
}

function decodeFrame(at: usize, word: i32, length: i32, output: usize): i32 {
  const overhead = frameOverhead(word);
  startBits(at + 4 + (((word >> 16) & 1) == 0 ? 2 : 0), 0);
  const begin = readSideInfo(isMpeg1, channels);
  if (begin < 0) return -1;
  const before = min(mainBytes, RESERVOIR);
  memory.copy(MAIN_DATA, MAIN_DATA + <usize>(mainBytes - before), before);
  memory.copy(MAIN_DATA + <usize>before, at + <usize>overhead, length - overhead);
  mainBytes = before + length - overhead;
  memory.fill(MAIN_DATA + <usize>mainBytes, 0, 64);
  // A stream that was cut out of a longer one starts with frames whose data are not there: they stay silent.
  const isThere = begin <= before;
  let place = (before - begin) << 3;
  const usesDifference = ((word >> 6) & 3) == 1 && ((word >> 5) & 1) != 0;
  let samples = 0;
  const granules = isMpeg1 ? 2 : 1;
  for (let granule = 0; granule < granules; granule++) {
    beginGranule();
    if (isThere) place = decodeGranule(granule, place, usesDifference);
    if (place < 0 && isThere) return -1;
    samples += storeGranule(output + <usize>(samples << 2));
  }
  return samples;
}

/** Hands the granule's sums on; two at a time become samples. */
function storeGranule(output: usize): i32 {
  storeSlots(half, bands);
  half = 1 - half;
  return half == 0 ? synthesize(output, sampleStep, samplePhase) : 0;
}

/**
 * The mean of the channels: of sum and difference only the sum is needed, and where channels have blocks of the same type,
 * their spectra are added before all else.
 *
 * @returns The bit behind the granule; -1 if it is damaged.
 */
function decodeGranule(index: i32, place: i32, usesDifference: bool): i32 {
  const left = granuleOf(index, 0);
  const right = granuleOf(index, 1);
  const end = place + left.bits + (channels == 2 ? right.bits : 0);
  if (end > mainBytes << 3) return -1;
  if (channels == 1) return addChannel(index, 0, place, 0) ? end : -1;
  const isAlike = left.blockType == right.blockType && left.isMixed == right.isMixed;
  if (usesDifference && isAlike) {
    // The mean of (M + S) / sqrt 2 and (M - S) / sqrt 2 is M / sqrt 2. The factors of S may be shared later.
    if (!addChannel(index, 0, place, -2)) return -1;
    startBits(MAIN_DATA, place + left.bits);
    readScaleFactors(right, index, 1, isMpeg1);
    return end;
  }
  const quarters = usesDifference ? -6 : -4;
  const first = readSpectrum(index, 0, place, quarters);
  const second = readSpectrum(index, 1, place + left.bits, quarters);
  if (first < 0 || second < 0) return -1;
  const count = max(first, second);
  const spectrum = SPECTRA + SPECTRUM_BYTES;
  for (let i: usize = 0; i < <usize>count << 2; i += 16) {
    const a = v128.load(SPECTRA + i);
    const b = v128.load(spectrum + i);
    if (usesDifference) v128.store(spectrum + i, f32x4.sub(a, b));
    if (usesDifference || isAlike) v128.store(SPECTRA + i, f32x4.add(a, b));
  }
  addSpectrum(SPECTRA, usesDifference || isAlike ? count : first, left.blockType, left.isMixed != 0, bands);
  if (!isAlike) addSpectrum(spectrum, usesDifference ? count : second, right.blockType, right.isMixed != 0, bands);
  return end;
}

function addChannel(index: i32, channel: i32, place: i32, quarters: i32): bool {
  const granule = granuleOf(index, channel);
  const count = readSpectrum(index, channel, place, quarters);
  if (count < 0) return false;
  addSpectrum(SPECTRA + <usize>channel * SPECTRUM_BYTES, count, granule.blockType, granule.isMixed != 0, bands);
  return true;
}

/** Reads a channel's spectrum; how many coefficients may differ from zero, -1 if it is damaged. */
function readSpectrum(index: i32, channel: i32, place: i32, quarters: i32): i32 {
  const granule = granuleOf(index, channel);
  startBits(MAIN_DATA, place);
  readScaleFactors(granule, index, channel, isMpeg1);
  const count = readCoefficients(granule, bitPlace, place + granule.bits, QUANTIZED, wantedEnd(granule));
  if (count < 0) return -1;
  return requantize(granule, channel, QUANTIZED, SPECTRA + <usize>channel * SPECTRUM_BYTES, count, quarters, isMpeg1);
}

/** Coefficients up to the last that is wanted; of short blocks whole bands, in which three windows follow each other. */
function wantedEnd(granule: Granule): i32 {
  if (granule.blockType != 2) return most;
  let end = 0;
  for (let band = 1; band < 14 && end < most; band++) end = 3 * load<i32>(SHORT_BANDS + <usize>(band << 2));
  return end;
}
