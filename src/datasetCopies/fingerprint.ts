/** Fingerprints that tell the same recording at another gain, in another encoding, or starting elsewhere. */
import FFT from 'fft.js';
import { getWindow } from '../../layers/index.ts';

/** Rate of the samples that are fingerprinted, Hz. */
export const fingerprintRate = 12_000;
const [nFft, hopLength] = [4096, 512];
const nBands = 33;
const [fMin, fMax] = [300, 2000];
/** Frames so far below the clip's loudest, in power, hold noise of an encoder rather than music: 60 dB. */
const quiet = 1e-6;

/** One 32-bit word for each step of 43 ms. */
export interface Fingerprint {
  words: Uint32Array;
  /** 1 where the clip is loud enough for the word to mean something. */
  valid: Uint8Array;
}

/**
 * Signs of how the differences of neighbouring bands' energies change from frame to frame: 33 bands, 300 to 2000 Hz, 32 bits
 * a frame. Haitsma & Kalker, "A Highly Robust Audio Fingerprinting System", ISMIR 2002, with frames of 341 ms each 43 ms.
 *
 * @param samples Mono, at 12,000 Hz. Less than 0.39 s gives no words.
 */
export function fingerprintOf(samples: Float32Array): Fingerprint {
  const frames = Math.max(0, Math.floor((samples.length - nFft) / hopLength) + 1);
  const count = Math.max(0, frames - 1);
  const words = new Uint32Array(count);
  const loudness = new Float64Array(count);
  const fft = new FFT(nFft);
  const [frame, spectrum] = [new Float64Array(nFft), new Float64Array(2 * nFft)];
  let before = new Float64Array(nBands);
  for (let f = 0; f < frames; f++) {
    for (let i = 0; i < nFft; i++) frame[i] = samples[f * hopLength + i] * window[i];
    fft.realTransform(spectrum as unknown as number[], frame as unknown as number[]);
    const energies = bandEnergies(spectrum);
    if (f > 0) {
      let word = 0;
      for (let m = 0; m < nBands - 1; m++) {
        const change = energies[m] - energies[m + 1] - (before[m] - before[m + 1]);
        word = (word << 1) | (change > 0 ? 1 : 0);
      }
      words[f - 1] = word;
      loudness[f - 1] = energies.reduce((sum, energy) => sum + energy);
    }
    before = energies;
  }
  const loudest = loudness.reduce((most, value) => Math.max(most, value), 0);
  return { words, valid: Uint8Array.from(loudness, (value) => (value > quiet * loudest ? 1 : 0)) };
}

const window = getWindow('hann', nFft);

/** First bin of each band and of what follows, spaced alike in the logarithm of frequency. */
const edges = Array.from({ length: nBands + 1 }, (_, m) =>
  Math.round((fMin * (fMax / fMin) ** (m / nBands) * nFft) / fingerprintRate),
);

function bandEnergies(spectrum: Float64Array): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: nBands }, (_, m) => {
    let energy = 0;
    for (let bin = edges[m]; bin < edges[m + 1]; bin++)
      energy += spectrum[2 * bin] ** 2 + spectrum[2 * bin + 1] ** 2;
    return energy;
  });
}

export interface Likeness {
  /** Share of the bits that agree, in [0, 1]; 0.5 is chance. */
  agreement: number;
  /** How much later the second clip's sound comes in the first one, seconds. */
  offsetSeconds: number;
  /** Compared, seconds. */
  seconds: number;
}

/**
 * Two fingerprints where they agree best, among the shifts at which a word of both is the same; null where none is, or
 * fewer than `leastWords` can be compared there.
 */
export function compareFingerprints(a: Fingerprint, b: Fingerprint, leastWords: number): Likeness | null {
  const places = new Map<number, number[]>();
  b.words.forEach((word, j) => {
    if (b.valid[j]) places.set(word, [...(places.get(word) ?? []), j]);
  });
  const votes = new Map<number, number>();
  a.words.forEach((word, i) => {
    if (!a.valid[i]) return;
    for (const j of places.get(word) ?? []) votes.set(i - j, (votes.get(i - j) ?? 0) + 1);
  });
  let best: Likeness | null = null;
  for (const [shift] of [...votes].sort((x, y) => y[1] - x[1]).slice(0, 5)) {
    let [bits, compared] = [0, 0];
    for (let i = Math.max(0, shift); i < Math.min(a.words.length, b.words.length + shift); i++) {
      if (!a.valid[i] || !b.valid[i - shift]) continue;
      compared++;
      bits += countBits(a.words[i] ^ b.words[i - shift]);
    }
    const agreement = 1 - bits / (32 * compared);
    if (compared < leastWords || (best && best.agreement >= agreement)) continue;
    const inSeconds = hopLength / fingerprintRate;
    best = { agreement, offsetSeconds: shift * inSeconds, seconds: compared * inSeconds };
  }
  return best;
}

/** Ones in 32 bits, added up in pairs, fours and bytes. */
function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
