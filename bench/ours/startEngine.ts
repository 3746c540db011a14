/** An engine for a contestant: one of ours, or TensorFlow.js' wasm as it is installed. */
import * as tf from '@tensorflow/tfjs';
import { registerConv2dBackpropFilter } from '../../layers/kernels/conv2dBackpropFilter/wasm.ts';
import { useEngine, type Engine, type EngineName } from '../../src/engine/engine.ts';

/**
 * @param name an engine's, or `'stock'`: TensorFlow.js' wasm without our kernels, but for the one without which it
 *   cannot train a convnet at all
 */
export async function startEngine(name: string, threads: number): Promise<Pick<Engine, 'name' | 'version'>> {
  if (name !== 'stock') return useEngine(name as EngineName, { threads });
  await import('@tensorflow/tfjs-backend-wasm');
  tf.enableProdMode();
  await tf.setBackend('wasm');
  await tf.ready();
  registerConv2dBackpropFilter();
  return { name: 'wasm', version: `tfjs-backend-wasm ${tf.version.tfjs}` };
}
