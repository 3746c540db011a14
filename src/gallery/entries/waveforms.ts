/** From the waveform and back to one, or to a figure a frame. */
import {
  CQT,
  Energy,
  Frame,
  InverseCQT,
  InverseSTFT,
  MuLawDecoding,
  MuLawEncoding,
  STFT,
} from '../../../layers/index.ts';
import type { GalleryEntry } from '../galleryEntry.ts';
import { hopLength, nFft, sampleRate } from '../sharedSettings.ts';

/** 16 ms. */
const frameLength = 256;
const quantizationChannels = 16;
const quarterTones = { sampleRate, hopLength, binsPerOctave: 24 };

export const waveformEntries: GalleryEntry[] = [
  {
    layer: 'Frame',
    about: 'Overlapping frames of the waveform, time within a frame upwards.',
    counterpart: 'librosa util.frame; Kapre Frame',
    trainable: null,
    chain: () => [new Frame({ frameLength, hopLength })],
    picture: {
      kind: 'map',
      axis: {
        values: Array.from({ length: frameLength }, (_, t) => (1000 * t) / sampleRate),
        unit: 'ms',
      },
      unit: 'amplitude',
    },
  },
  {
    layer: 'Energy',
    about: 'Sum of squares of each frame, as for a tenth of a second.',
    counterpart: 'Kapre Energy',
    trainable: null,
    chain: () => [new Energy({ sampleRate, frameLength: 1600, hopLength: 400 })],
    picture: { kind: 'curve', unit: 'energy', rate: sampleRate / 400 },
  },
  {
    layer: 'InverseSTFT',
    about: 'The waveform of a complex spectrogram: here the recording again.',
    counterpart: 'librosa istft; Kapre InverseSTFT',
    trainable: null,
    chain: () => [new STFT({ nFft, hopLength }), new InverseSTFT({ nFft, hopLength })],
    picture: { kind: 'curve' },
  },
  {
    layer: 'InverseCQT',
    about: 'The waveform of a complex constant-Q transform, nearly: what lies beyond its bins is lost.',
    counterpart: 'librosa icqt',
    trainable: null,
    chain: () => [new CQT({ ...quarterTones, nBins: 168, complex: true }), new InverseCQT(quarterTones)],
    picture: { kind: 'curve' },
  },
  {
    layer: 'MuLawEncoding',
    about: 'Levels of a waveform, fine near 0 and coarse far from it; here 16, so that they can be seen.',
    counterpart: 'librosa mu_compress; Kapre MuLawEncoding',
    trainable: null,
    chain: () => [new MuLawEncoding({ quantizationChannels })],
    picture: { kind: 'curve', unit: 'level' },
  },
  {
    layer: 'MuLawDecoding',
    about: 'The waveform of such levels: what is left of the recording with 4 bits.',
    counterpart: 'librosa mu_expand; Kapre MuLawDecoding',
    trainable: null,
    chain: () => [new MuLawEncoding({ quantizationChannels }), new MuLawDecoding({ quantizationChannels })],
    picture: { kind: 'curve' },
  },
];
