/** The same architecture with weights that nothing was learned into. */
import * as tf from '@tensorflow/tfjs';

/**
 * Draws the weights of convolutions and dense layers anew, He normal; biases and shifts become 0, gains 1, and batch
 * norm's statistics mean 0 and variance 1. The front end (DFT, window, filterbank) stays as it is.
 *
 * Features of such a net are the control of Choi et al. 2017, arXiv:1703.09179, section 3: what the architecture alone
 * knows. He et al. 2015, arXiv:1502.01852, equation 10, for the distribution.
 *
 * @param seed a 32-bit integer; the same seed gives the same weights on every engine's start values
 * @example randomizeWeights(tagger.model, 1)
 */
export function randomizeWeights(model: tf.LayersModel, seed: number): void {
  let drawn = 0;
  for (const layer of model.layers.filter(({ weights }) => weights.length > 0)) {
    const values = tf.tidy(() => {
      return layer.getWeights().map((old, index) => {
        const name = nameOf(layer.weights[index].name);
        if (kernels.includes(name)) {
          return tf.initializers.heNormal({ seed: seed * 1000 + drawn++ }).apply(old.shape);
        }
        if (zeros.includes(name)) return tf.zerosLike(old);
        return ones.includes(name) ? tf.onesLike(old) : tf.clone(old);
      });
    });
    layer.setWeights(values);
    tf.dispose(values);
  }
}

const kernels = ['kernel', 'recurrentKernel', 'depthwiseKernel'];
const zeros = ['bias', 'beta', 'movingMean'];
const ones = ['gamma', 'movingVariance'];

/** `dense/recurrent_kernel_1` is a `recurrentKernel`. */
function nameOf(path: string): string {
  const name = path.split('/').at(-1)!.replace(/_\d+$/, '');
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
