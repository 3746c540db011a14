/** Kapre's composed models beside ours. */
import * as tf from '@tensorflow/tfjs';
import * as layers from '../../../layers/index.ts';
import type { GoldenCase } from './goldenCase.ts';
import { framing, logOptions, melOptions, type KapreOptions } from './kapreOptions.ts';

type Expected = GoldenCase['expected'];
type Composed = Pick<GoldenCase, 'layer' | 'unit' | 'tolerance' | 'actual' | 'expected'>;

/** The case of `kapre.composed`'s function of this name. */
export function composedModels(
  name: string,
  options: KapreOptions,
  input: () => tf.Tensor,
  expected: Expected,
): Composed {
  const common = { ...framing(options), decibel: decibel(options) };
  const judged = options.return_decibel === true ? ({ unit: 'dB', tolerance: 1e-3 } as const) : magnitudes;
  const predict = (create: (inputShape: tf.Shape) => tf.LayersModel) => () => {
    const x = input();
    const model = create(x.shape.slice(1));
    const y = model.predict(x) as tf.Tensor;
    model.dispose();
    return y;
  };
  switch (name) {
    case 'get_stft_magnitude_layer':
      return {
        layer: 'stftMagnitude',
        ...judged,
        actual: predict((inputShape) => layers.stftMagnitude({ inputShape, ...common })),
        expected,
      };
    case 'get_melspectrogram_layer': {
      const bands = melOptions({
        sample_rate: options.sample_rate!,
        n_mels: options.n_mels,
        f_min: options.mel_f_min,
        f_max: options.mel_f_max,
        htk: options.mel_htk,
        norm: options.mel_norm,
      });
      return {
        layer: 'melSpectrogram',
        ...judged,
        actual: predict((inputShape) => layers.melSpectrogram({ inputShape, ...common, ...bands })),
        expected,
      };
    }
    case 'get_log_frequency_spectrogram_layer': {
      const bands = logOptions({
        sample_rate: options.sample_rate!,
        n_bins: options.log_n_bins,
        f_min: options.log_f_min,
        bins_per_octave: options.log_bins_per_octave,
        spread: options.log_spread,
      });
      return {
        layer: 'logFrequencySpectrogram',
        ...judged,
        actual: predict((inputShape) => layers.logFrequencySpectrogram({ inputShape, ...common, ...bands })),
        expected,
      };
    }
    case 'get_stft_mag_phase':
      return magPhase(
        options,
        predict((inputShape) => layers.stftMagPhase({ inputShape, ...common })),
        expected,
      );
    case 'get_perfectly_reconstructing_stft_istft':
      return {
        layer: 'perfectlyReconstructingStftIstft',
        unit: 'absolute',
        tolerance: 1e-6,
        actual: () => {
          const x = input();
          const { stft, inverseStft } = layers.perfectlyReconstructingStftIstft({
            nFft: options.n_fft!,
            hopLength: options.hop_length,
            length: x.shape[1],
            stftDataFormat: 'channelsFirst',
          });
          return inverseStft.apply(stft.apply(x) as tf.Tensor) as tf.Tensor;
        },
        expected,
      };
    case 'get_frequency_aware_conv2d':
      return {
        layer: 'frequencyAwareConv2d',
        unit: 'of the peak',
        tolerance: 1e-6,
        actual: predict((inputShape) => {
          const { filters, kernel_size, strides } = options;
          const model = layers.frequencyAwareConv2d({
            inputShape,
            filters: filters!,
            kernelSize: kernel_size!,
            strides,
            padding: 'same',
          });
          // the weights that make.py gives Kapre's
          const kernel = tf.reshape(tf.sin(tf.range(0, 54)), [3, 3, 3, 2]);
          model.setWeights([kernel, tf.tensor1d([0.5, -0.5])]);
          return model;
        }),
        expected,
      };
    default:
      throw new Error(`no counterpart of Kapre's ${name}`);
  }
}

const magnitudes = { unit: 'of the peak', tolerance: 1e-6 } as const;

function decibel(o: KapreOptions): layers.MagnitudeDecibel | null {
  if (o.return_decibel !== true) return null;
  return { convention: 'kapre', ref: o.db_ref_value, amin: o.db_amin, topDb: o.db_dynamic_range };
}

/** Angles near ±π lie far apart as numbers, and those of silent bins mean nothing: compares points on the circle. */
function magPhase(options: KapreOptions, actual: () => tf.Tensor, { shape, values }: Expected): Composed {
  const axis = options.output_data_format === 'channels_first' ? 1 : 3;
  const onCircle = (x: tf.Tensor) => {
    const [magnitude, phase] = tf.split(x, 2, axis);
    return tf.concat([magnitude, tf.cos(phase), tf.sin(phase)], axis);
  };
  const circle = tf.tidy(() => {
    const tensor = onCircle(tf.tensor(Float32Array.from(values), shape));
    return { shape: tensor.shape, values: tensor.dataSync() };
  });
  return {
    layer: 'stftMagPhase',
    unit: 'absolute',
    tolerance: 1e-3,
    actual: () => onCircle(actual()),
    expected: circle,
  };
}
