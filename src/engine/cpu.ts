/** Engine `cpu`: TF.js' plain JavaScript kernels, slow and complete, the reference of the tests. */
import * as tf from '@tensorflow/tfjs';
import type { EngineDriver } from './driver.ts';
import { hostProcessor } from './hostProcessor.ts';

export const cpuDriver: EngineDriver = {
  name: 'cpu',
  async probe() {
    return {
      available: true,
      device: hostProcessor(),
      version: `tfjs-backend-cpu ${tf.version['tfjs-backend-cpu']}`,
      reason: 'plain JavaScript on one core: the reference of the tests, only taken by name',
      async prepare() {
        // Importing @tensorflow/tfjs has registered this backend.
      },
    };
  },
};
