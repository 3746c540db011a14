/** From a score to samples: stems at their levels, room, noise, tone, and the final peak. */

import { createRandom } from '../random.ts';
import type { Part, Score } from './composition.ts';
import { instruments } from './instruments/index.ts';
import { filter } from './instruments/filter.ts';
import { whiteNoise } from './instruments/noiseBurst.ts';
import { addRoom, levelOf } from './room.ts';

/** Where bass and treble part for the tone control, Hz. */
const TILT_HZ = 1000;

/**
 * Renders a score: mono, full scale ±1, `seconds * sampleRate` samples. The same score and rate give the same
 * samples, bit by bit; at another rate the same music sounds.
 *
 * @throws RangeError if the rate is outside 8000 … 48000 Hz.
 * @example const samples = renderScore(compose(createRandom(1), 4), 12_000) // 48 000 samples
 */
export function renderScore(score: Score, sampleRate: number): Float32Array {
  if (!(sampleRate >= 8000 && sampleRate <= 48_000)) {
    const guess = sampleRate > 0 && sampleRate <= 48 ? '; was the rate given in kHz?' : '';
    throw new RangeError(
      `sampleRate must lie in 8000 … 48000 Hz to render a clip; got ${sampleRate}${guess}. Pass 12000.`,
    );
  }
  const dry = new Float32Array(Math.round(score.seconds * sampleRate));
  for (const part of score.parts) {
    const stem = renderStem(part, score, sampleRate);
    for (let n = 0; n < dry.length; n++) dry[n] += stem[n];
  }
  const mix = addRoom(dry, score.room, sampleRate);
  addNoise(mix, score, sampleRate);
  tilt(mix, score.tiltDb, sampleRate);
  filter(mix, { kind: 'highPass', frequency: 20 }, sampleRate);
  normalise(mix, score.peakDb);
  return mix;
}

/** One part alone, dry, at its level: its root mean square over the clip is `levelDb`. */
export function renderStem(
  { instrument, levelDb, seed, notes }: Part,
  { seconds }: Score,
  sampleRate: number,
): Float32Array {
  const stem = new Float32Array(Math.round(seconds * sampleRate));
  const player = instruments[instrument](createRandom(seed), sampleRate);
  for (const note of notes) player.play(note, stem);
  player.resonate?.(stem);
  const level = levelOf(stem);
  const gain = level > 0 ? 10 ** (levelDb / 20) / level : 0;
  return stem.map((value) => gain * value);
}

function addNoise(mix: Float32Array, { noiseDb, noiseCutOff, noiseSeed }: Score, sampleRate: number): void {
  const random = createRandom(noiseSeed);
  const noise = whiteNoise(random, mix.length);
  const smoothing = 1 - Math.exp((-2 * Math.PI * noiseCutOff) / sampleRate);
  let low = 0;
  for (let n = 0; n < noise.length; n++) noise[n] = low += smoothing * (noise[n] - low);
  const gain = (10 ** (noiseDb / 20) * levelOf(mix)) / levelOf(noise);
  for (let n = 0; n < mix.length; n++) mix[n] += gain * noise[n];
}

/** Raises what lies above 1 kHz by `tiltDb` and lowers what lies below as much, or the other way round. */
function tilt(samples: Float32Array, tiltDb: number, sampleRate: number): void {
  const treble = 10 ** (tiltDb / 20);
  const smoothing = 1 - Math.exp((-2 * Math.PI * TILT_HZ) / sampleRate);
  let low = 0;
  for (let n = 0; n < samples.length; n++) {
    low += smoothing * (samples[n] - low);
    samples[n] = low / treble + (samples[n] - low) * treble;
  }
}

/** Takes the mean off and sets the peak. */
function normalise(samples: Float32Array, peakDb: number): void {
  let sum = 0;
  for (const value of samples) sum += value;
  const mean = sum / samples.length;
  let peak = 0;
  for (const value of samples) peak = Math.max(peak, Math.abs(value - mean));
  const gain = peak > 0 ? 10 ** (peakDb / 20) / peak : 0;
  for (let n = 0; n < samples.length; n++) samples[n] = gain * (samples[n] - mean);
}
