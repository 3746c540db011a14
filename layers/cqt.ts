/** The constant-Q transform as a layer: the variable-Q transform whose bands all have the same Q. */
import * as tf from '@tensorflow/tfjs';
import { VQT, type VQTArgs } from './vqt.ts';

export type CQTArgs = Omit<VQTArgs, 'gamma'>;

/**
 * Constant-Q transform: a bank of wavelets spaced evenly in pitch, each `Q / f` seconds long (Brown 1991, "Calculation
 * of a constant Q spectral transform"). `VQT` with `gamma: 0`; input, output, options and exactness are told there.
 *
 * Same numbers as librosa 0.11 `cqt` with `sparsity=0` and norm 1.
 *
 * @throws RangeError as `VQT`.
 * @example new CQT({ sampleRate: 22050, binsPerOctave: 36, nBins: 252 }).apply(waveform) // [batch, frames, 252, 1]
 */
export class CQT extends VQT {
  static override className = 'CQT';

  constructor(args: CQTArgs) {
    super({ ...args, gamma: 0 });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const config = super.getConfig();
    delete config['gamma'];
    return config;
  }
}
tf.serialization.registerClass(CQT, 'sonotag');
