/** From magnitudes to what one of the 24 front ends hands to the net. */
import * as tf from '@tensorflow/tfjs';
import {
  FrequencyWeighting,
  measureBins,
  PowerToDecibel,
  SpectralWhitening,
  type BinStatistics,
} from '../../layers/index.ts';
import { bandCentres } from './baseMaps.ts';
import { mapOptions, type FrontEnd } from './design.ts';

const { nFrames, nBands } = mapOptions;

/**
 * Weighting and logarithm, which know nothing of the training clips: computed once for all cells of a front end.
 *
 * @param magnitudes row-major `[nFrames, nBands]` each
 * @returns maps of the same form: weighted magnitude, or its decibels down to 80 dB below the clip's peak
 */
export async function frontEndMaps(
  magnitudes: readonly Float32Array[],
  { scale, amplitude, weighting }: FrontEnd,
): Promise<Float32Array[]> {
  const input = tf.input({ shape: [nFrames, nBands, 1] });
  let x: tf.SymbolicTensor = input;
  if (weighting) {
    const layer = new FrequencyWeighting({ bands: bandCentres(scale), curve: 'A', unit: 'magnitude' });
    x = layer.apply(x) as tf.SymbolicTensor;
  }
  if (amplitude === 'log') {
    const power = tf.layers.multiply().apply([x, x]) as tf.SymbolicTensor;
    // a fixed reference: levels of clips stay apart, as they do in the linear maps
    x = new PowerToDecibel({ ref: 1, topDb: 80 }).apply(power) as tf.SymbolicTensor;
  }
  if (x === input) return [...magnitudes];
  const model = tf.model({ inputs: input, outputs: x });
  try {
    const maps: Float32Array[] = [];
    for (const magnitude of magnitudes) {
      const map = tf.tidy(() => model.apply(tf.tensor4d(magnitude, [1, nFrames, nBands, 1])) as tf.Tensor);
      maps.push((await map.data()) as Float32Array);
      map.dispose();
    }
    return maps;
  } finally {
    model.dispose();
  }
}

/**
 * The layer that brings maps to zero mean and unit deviation over the training clips: of each frequency where they are
 * whitened, of all frequencies together where they are not. So the net meets numbers of the same size in every cell.
 */
export async function standardization(
  trainMaps: readonly Float32Array[],
  whitening: boolean,
): Promise<SpectralWhitening> {
  const all = new Float32Array(trainMaps.length * nFrames * nBands);
  trainMaps.forEach((map, clip) => all.set(map, clip * nFrames * nBands));
  const tensor = tf.tensor4d(all, [trainMaps.length, nFrames, nBands, 1]);
  const perBand = await measureBins([tensor]);
  tensor.dispose();
  const together = pool(perBand);
  const epsilon = 1e-6 * together.deviation[0] || 1e-6; // far below every band's; maps of zeros stay zeros
  return new SpectralWhitening({ statistics: whitening ? perBand : together, epsilon });
}

/** The same mean and deviation for every band: those of all values. */
function pool({ mean, deviation }: BinStatistics): BinStatistics {
  const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const whole = average(mean);
  const variance = average(mean.map((value, band) => deviation[band] ** 2 + (value - whole) ** 2));
  return { mean: mean.map(() => whole), deviation: mean.map(() => Math.sqrt(variance)) };
}
