/** From magnitudes to what one of the 24 front ends hands to the net. */
import * as tf from '@tensorflow/tfjs';
import { FrequencyWeighting, PowerToDecibel } from '../../layers/index.ts';
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
