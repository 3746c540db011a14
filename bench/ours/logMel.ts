/** The front end: waveforms in memory to decibels of mel bands below each clip's peak. */
import * as tf from '@tensorflow/tfjs';
import { createCompactConvnet } from '../../src/models/compactConvnet.ts';
import { findFrontEnd } from '../../src/models/findFrontEnd.ts';
import { readRows } from './readRows.ts';
import type { OurTask } from './tasks.ts';

export interface LogMelOptions {
  /** Raw float32, clip after clip. */
  waveforms: string;
  /** A clip's, samples. */
  samples: number;
  /** Hz. */
  sampleRate: number;
  nFft: number;
  hopLength: number;
  nMels: number;
  batch: number;
  /** By a matrix product with kernels that could be trained, in place of the transform. Default false. */
  trainableKernels?: boolean;
}

export async function logMelTask(options: LogMelOptions): Promise<OurTask> {
  const { samples, sampleRate, nFft, hopLength, nMels, batch, trainableKernels } = options;
  const model = createCompactConvnet({
    ...{ sampleRate, samples, nTags: 1 },
    frontEnd: { nFft, hopLength, nMels, topDb: 80, normalize: null, trainableKernels },
  });
  const frontEnd = tf.model({
    inputs: model.inputs,
    outputs: findFrontEnd(model).output,
  });
  const clips = (await readRows(options.waveforms, samples)).slice(0, batch);
  const waveforms = new Float32Array(batch * samples);
  clips.forEach((clip, i) => waveforms.set(clip, i * samples));
  const compute = async () => {
    const output = tf.tidy(() => frontEnd.apply(tf.tensor2d(waveforms, [batch, samples])) as tf.Tensor);
    const values = await output.data<'float32'>();
    output.dispose();
    return values;
  };
  return { run: compute, output: compute, release: () => void model.dispose() };
}
