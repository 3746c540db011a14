/** An engine for a contestant: one of ours, or TensorFlow.js' wasm as it is installed. */
import * as tf from '@tensorflow/tfjs';
import { useEngine, type Engine, type EngineName } from '../../src/engine/engine.ts';

/**
 * @param name an engine's, or `'stock'`: TensorFlow.js' wasm without our kernels, but for the gradient of a convolution
 *   by its filter, made of stock ops, without which it cannot train a convnet at all
 */
export async function startEngine(name: string, threads: number): Promise<Pick<Engine, 'name' | 'version'>> {
  if (name !== 'stock') return useEngine(name as EngineName, { threads });
  await import('@tensorflow/tfjs-backend-wasm');
  tf.enableProdMode();
  await tf.setBackend('wasm');
  await tf.ready();
  registerFilterGradient();
  return { name: 'wasm', version: `tfjs-backend-wasm ${tf.version.tfjs}` };
}

/** For stride 1 and padding to the same size: a product of the shifted input and the gradient for each tap. */
function registerFilterGradient(): void {
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() => {
        const { x, dy } = inputs as unknown as Record<'x' | 'dy', tf.Tensor4D>;
        const [height, width, cin, cout] = attrs!.filterShape as [number, number, number, number];
        const [top, left] = [(height - 1) / 2, (width - 1) / 2];
        const padded = tf.pad(x, [[0, 0], [top, top], [left, left], [0, 0]]); // prettier-ignore
        const gradient = tf.reshape(dy, [-1, cout]);
        const taps = Array.from({ length: height * width }, (_, tap) => {
          const corner = [0, Math.floor(tap / width), tap % width, 0];
          const seen = tf.reshape(tf.slice(padded, corner, x.shape), [-1, cin]);
          return tf.matMul(seen, gradient, true, false);
        });
        return tf.reshape(tf.stack(taps), [height, width, cin, cout]);
      }),
  });
}
