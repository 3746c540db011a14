/** Finds the front end among a model's layers. */
import type * as tf from '@tensorflow/tfjs';

export interface FrontEnd {
  /** `[batch, frames, bins, channels]`, decibels below each clip's peak. */
  output: tf.SymbolicTensor;
  /** Distance of frames, samples. */
  hopLength: number;
  /** How bins lie along frequency; null for those of the Fourier transform. */
  mel: { fMin: number; fMax: number; melScale: 'slaney' | 'htk' } | null;
}

/**
 * The front end of a compact convnet: the layer `logMel`, or the layers `spectrogram`, `mel` and `decibel` of a model
 * with a linear spectrogram, or one saved before there was `logMel`.
 *
 * @throws RangeError if the model has neither.
 */
export function findFrontEnd(model: tf.LayersModel): FrontEnd {
  const find = (name: string) => model.layers.find((layer) => layer.name === name);
  const last = find('logMel') ?? find('decibel');
  const framing = find('logMel') ?? find('spectrogram');
  if (last === undefined || framing === undefined) {
    throw new RangeError(
      `findFrontEnd: ${model.name} has no layer logMel, and no layers spectrogram and decibel. ` +
        'Pass a model of createCompactConvnet.',
    );
  }
  return {
    output: last.output as tf.SymbolicTensor,
    hopLength: framing.getConfig().hopLength as number,
    mel: ((find('logMel') ?? find('mel'))?.getConfig() as FrontEnd['mel'] | undefined) ?? null,
  };
}
