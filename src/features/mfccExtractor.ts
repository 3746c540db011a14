/** Statistics of MFCC: the features that transfer is measured against. */
import * as tf from '@tensorflow/tfjs';
import { LogmelToMFCC, MelSpectrogram } from '../../layers/index.ts';
import type { FeatureExtractor } from './featureExtractor.ts';

const nMfccs = 20;
/** The paper's clips are at least so long, silence behind them; with a hop of 512 that gives 3 frames. */
const fewestSamples = 1024;
/** Of the coefficients, their differences from frame to frame, and the differences of these. */
const kinds = ['mfcc', 'difference', 'second difference'];

/**
 * An extractor of 120 numbers a clip: of 20 MFCC, of their plain differences from frame to frame, and of the
 * differences of these, first all means, then all standard deviations (divided by the count): mean and deviation of the
 * coefficients, of the first, of the second differences.
 *
 * The coefficients are those of librosa 0.11 `feature.mfcc(y=y, sr=sampleRate, n_mfcc=20)`: DFT 2048, hop 512, 128 Slaney
 * mel bands, decibels down to 80 below the clip's peak. Clips shorter than 1024 samples are followed by silence. The
 * baseline of Choi et al. 2017, arXiv:1703.09179, section 3.3.
 *
 * @param sampleRate Hz. Default 12000, the published net's.
 * @example await writeFeatures(mfccExtractor(), dataset, 'mfcc.h5', { engine: engine.name })
 */
export function mfccExtractor({ sampleRate = 12_000 }: { sampleRate?: number } = {}): FeatureExtractor {
  const spectrogram = new MelSpectrogram({
    ...{ sampleRate, nFft: 2048, hopLength: 512, padMode: 'constant' },
    decibel: { ref: 1, topDb: 80 },
  });
  const cosines = new LogmelToMFCC({ nMfccs });
  const parts = [
    {
      ...{ dataset: 'mfcc', layer: 'MFCC', pooling: 'mean and standard deviation over frames' },
      units: kinds.flatMap((kind) =>
        ['mean', 'deviation'].flatMap((statistic) =>
          Array.from({ length: nMfccs }, (_, coefficient) => `${kind}/${statistic}/${coefficient}`),
        ),
      ),
    },
  ];
  return { parts, sampleRate, provenance: { extractor: 'MFCC' }, rows };

  async function* rows(waveforms: AsyncIterable<Float32Array>): AsyncGenerator<Float32Array> {
    for await (const samples of waveforms) {
      const coefficients = tf.tidy(() => {
        const waveform = tf.tensor2d(padded(samples), [1, Math.max(samples.length, fewestSamples)]);
        return cosines.apply(spectrogram.apply(waveform)) as tf.Tensor;
      });
      yield statisticsOf((await coefficients.data()) as Float32Array);
      coefficients.dispose();
    }
  }
}

function padded(samples: Float32Array): Float32Array {
  if (samples.length >= fewestSamples) return samples;
  const longer = new Float32Array(fewestSamples);
  longer.set(samples);
  return longer;
}

/** @param coefficients row-major `[frames, 20]` */
function statisticsOf(coefficients: Float32Array): Float32Array {
  const row: number[] = [];
  let values: Float64Array = Float64Array.from(coefficients);
  for (const kind of kinds) {
    if (kind !== kinds[0]) values = differences(values);
    const frames = values.length / nMfccs;
    const means = new Float64Array(nMfccs);
    values.forEach((value, at) => (means[at % nMfccs] += value / frames));
    const variances = new Float64Array(nMfccs);
    values.forEach((value, at) => (variances[at % nMfccs] += (value - means[at % nMfccs]) ** 2 / frames));
    row.push(...means, ...variances.map(Math.sqrt));
  }
  return Float32Array.from(row);
}

/** Each frame less the one before. */
function differences(values: Float64Array): Float64Array {
  return values.slice(nMfccs).map((value, at) => value - values[at]);
}
