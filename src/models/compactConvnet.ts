/** The compact convnet: raw audio in, tags out, the front end inside. */
import * as tf from '@tensorflow/tfjs';
import {
  ConvBlock,
  findEmptyBands,
  MelSpectrogram,
  Normalization2D,
  PowerToDecibel,
  SpecAugment,
  Spectrogram,
  type EmptyBands,
  type MelNorm,
  type MelScale,
  type NormalizationAxis,
} from '../../layers/index.ts';
import { requireInteger, requireOneOf } from '../../layers/dsp/checks.ts';
import { applyChroma, besideMel, type ChromaFrontEndOptions } from './chromaFrontEnd.ts';
import { frontEndKinds, type FrontEndKind } from './frontEndKinds.ts';
import { poolings } from './poolings.ts';

export interface FrontEndOptions extends ChromaFrontEndOptions {
  /**
   * Mel bands; chroma whose weights are learned, from octave equivalence on; or both as two channels. Options of the
   * one that is not there are refused. Default `'mel'`.
   */
  kind?: FrontEndKind;
  /** DFT length, samples. Default 512. */
  nFft?: number;
  /** Distance of frames, samples. Default `nFft / 2`. */
  hopLength?: number;
  /** Mel bands; null feeds the linear spectrogram. Default 96. */
  nMels?: number | null;
  /** Lowest edge of the mel bands, Hz. Default 0. */
  fMin?: number;
  /** Highest edge of the mel bands, Hz. Default `sampleRate / 2`. */
  fMax?: number;
  /** Default `'slaney'`. */
  melScale?: MelScale;
  /** Default `'slaney'`. */
  melNorm?: MelNorm;
  /** Depth kept below each clip's peak, dB; null keeps everything. Default 80. */
  topDb?: number | null;
  /**
   * Statistics that each clip is normalised by; null for none, as published. Not `'batch'`: a clip's tags would depend on
   * its neighbours. Default `'dataSample'`.
   */
  normalize?: Exclude<NormalizationAxis, 'batch'> | null;
  /** Largest share of bins, and of frames, that training masks in each clip (SpecAugment), in [0, 1]. Default 0. */
  mask?: number;
  /** Train the DFT kernels. Default false. */
  trainableKernels?: boolean;
  /** Train the window, not together with the DFT kernels. Default false. */
  trainableWindow?: boolean;
  /** Train the mel filterbank, where there is one. Default false. */
  trainableFilterbank?: boolean;
}

export interface CompactConvnetOptions {
  /** Hz. */
  sampleRate: number;
  /** Length of the input, samples. */
  samples: number;
  /** Number of outputs. */
  nTags: number;
  /** Exclusive classes end in a softmax, tags in a sigmoid each. Default false. */
  exclusive?: boolean;
  /** Channels of each block. Default 32. */
  filters?: number;
  frontEnd?: FrontEndOptions;
  /** Of the start weights. Default 1. */
  seed?: number;
}

/**
 * The compact convnet of Choi et al. 2017 ("Transfer learning for music classification and regression tasks",
 * arXiv:1703.09179) with its log-mel front end as layers: five blocks of 3×3 convolution, batch norm, ELU and
 * max-pool, an average over what time and frequency are left, and one dense layer.
 *
 * Input: waveform `[batch, samples]`, full scale ±1. Output: `[batch, nTags]` in [0, 1]. With 96 mel bands, 50 tags
 * and 29 s at 12 kHz it is the published net with 39,282 trainable parameters; shorter inputs pool less along time
 * (see {@link poolings}). The layer `logits` holds what goes into the sigmoid or softmax, the layer
 * `logMel` (without mel bands `decibel`) what the front end hears; with chroma the layer `chromaDecibel`.
 *
 * @throws RangeError if an option is out of range or the input is shorter than the front end needs.
 * @example createCompactConvnet({ sampleRate: 16000, samples: 32000, nTags: 10, exclusive: true })
 */
export function createCompactConvnet(options: CompactConvnetOptions): tf.LayersModel {
  const { sampleRate, samples, nTags, exclusive = false, filters = 32, seed = 1 } = options;
  const { nFft = 512, kind = 'mel' } = options.frontEnd ?? {};
  const longEnough = kind === 'learned-chroma' ? 1 : 1 + Math.floor(nFft / 2); // for mirroring at both ends
  requireInteger(
    'createCompactConvnet: samples',
    samples,
    longEnough,
    'samples (over nFft / 2; take a longer input or a smaller nFft)',
  );
  requireInteger('createCompactConvnet: nTags', nTags, 1);
  const { mask = 0 } = options.frontEnd ?? {};
  if (!(mask >= 0 && mask <= 1)) {
    throw new RangeError(
      `createCompactConvnet: frontEnd.mask must be a share in [0, 1]; got ${mask}. Use 0.25.`,
    );
  }
  const input = tf.input({ shape: [samples], name: 'waveform' });
  let x = applyFrontEnd(input, sampleRate, options.frontEnd ?? {}, seed);
  const [, nFrames, nBins] = x.shape;
  poolings(nFrames!, nBins!).forEach((poolSize, block) => {
    const layer = new ConvBlock({
      filters,
      poolSize,
      momentum: 0.9,
      seed: seed * 100 + block,
      name: `block${block}`,
    });
    x = layer.apply(x) as tf.SymbolicTensor;
  });
  x = tf.layers
    .globalAveragePooling2d({ name: 'pool', dataFormat: 'channelsLast' })
    .apply(x) as tf.SymbolicTensor;
  const kernelInitializer = tf.initializers.glorotUniform({ seed: seed * 100 + 99 });
  x = tf.layers.dense({ units: nTags, kernelInitializer, name: 'logits' }).apply(x) as tf.SymbolicTensor;
  const activation = exclusive ? 'softmax' : 'sigmoid';
  x = tf.layers.activation({ activation, name: 'probabilities' }).apply(x) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: x, name: 'compactConvnet' });
}

/** What `findEmptyBands` says of the front end that a compact convnet makes of these options. */
export function findEmptyMelBands(sampleRate: number, options: FrontEndOptions): EmptyBands | null {
  const { kind, nFft = 512, nMels = 96, fMin, fMax, melScale, melNorm } = options;
  return nMels === null || kind === 'learned-chroma'
    ? null
    : findEmptyBands({ sampleRate, nFft, nMels, fMin, fMax, melScale, norm: melNorm });
}

function applyFrontEnd(
  waveform: tf.SymbolicTensor,
  sampleRate: number,
  options: FrontEndOptions,
  seed: number,
): tf.SymbolicTensor {
  const { kind = 'mel', nFft = 512, topDb = 80, normalize = 'dataSample', mask = 0 } = options;
  requireOneOf('compactConvnet: frontEnd.kind', kind, frontEndKinds);
  if ((normalize as NormalizationAxis | null) === 'batch') {
    throw new RangeError(
      "compactConvnet: normalize='batch' would make a clip's tags depend on its neighbours in the batch. Use " +
        "'dataSample', 'frequency', 'time', 'channel' or null.",
    );
  }
  requireOptionsOfKind(kind, options);
  const { hopLength = Math.floor(nFft / 2) } = options;
  const shared = { sampleRate, hopLength, topDb, normalize };
  const mel = () => applyMel(waveform, { ...options, ...shared });
  const chroma = () => applyChroma(waveform, { ...options, ...shared });
  const map = kind === 'mel' ? mel() : kind === 'learned-chroma' ? chroma() : besideMel(mel(), chroma());
  if (mask === 0) return map;
  const [, nFrames, nBins] = map.shape;
  return new SpecAugment({
    freqMaskParam: Math.round(mask * nBins!),
    timeMaskParam: Math.round(mask * nFrames!),
    maskValue: normalize === null ? -(topDb ?? 80) : 0, // silence, or the clip's mean
    seed,
    name: 'mask',
  }).apply(map) as tf.SymbolicTensor;
}

/** Options that only one kind of map has. */
const melOptions = ['nMels', 'fMin', 'fMax', 'melScale', 'melNorm', 'trainableKernels', 'trainableWindow', 'trainableFilterbank'] as const; // prettier-ignore
const chromaOptions = ['nOctaves', 'binsPerOctave', 'trainableChroma'] as const;

function requireOptionsOfKind(kind: FrontEndKind, options: FrontEndOptions): void {
  const foreign = { mel: chromaOptions, 'learned-chroma': melOptions, 'mel+chroma': [] as const }[kind];
  const given = foreign.filter((name) => options[name] !== undefined);
  if (given.length > 0) {
    const wayOut = kind === 'mel' ? 'learned-chroma or mel+chroma' : 'mel or mel+chroma';
    throw new RangeError(
      `compactConvnet: the front end ${kind} has no ${given.join(', ')}. Take ${wayOut}, or leave ${given.length === 1 ? 'it' : 'them'} away.`,
    );
  }
}

/** Waveform `[batch, samples]` to `[batch, frames, bins, 1]`. */
function applyMel(
  waveform: tf.SymbolicTensor,
  options: FrontEndOptions & { sampleRate: number },
): tf.SymbolicTensor {
  const { sampleRate, nFft = 512, hopLength, nMels = 96, fMin, fMax, melScale, melNorm } = options;
  const { topDb, normalize, trainableKernels, trainableWindow, trainableFilterbank } = options;
  if (nMels === null && trainableFilterbank === true) {
    throw new RangeError(
      'compactConvnet: nMels=null feeds the linear spectrogram, so there is no filterbank to train: give nMels, or ' +
        'leave trainableFilterbank away.',
    );
  }
  const decibel = { ref: 'max', topDb } as const;
  const layers: tf.layers.Layer[] =
    nMels === null
      ? [
          new Spectrogram({ nFft, hopLength, trainableKernels, trainableWindow, name: 'spectrogram' }),
          new PowerToDecibel({ ...decibel, name: 'decibel' }),
        ]
      : [
          new MelSpectrogram({
            ...{ sampleRate, nFft, hopLength, nMels, fMin, fMax, melScale, norm: melNorm, decibel },
            ...{ trainableKernels, trainableWindow, trainableFilterbank, name: 'logMel' },
          }),
        ];
  if (normalize != null) layers.push(new Normalization2D({ axis: normalize, name: 'normalization' }));
  return layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, waveform);
}
