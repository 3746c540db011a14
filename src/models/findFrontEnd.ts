/** Finds the front end among a model's layers. */
import type * as tf from '@tensorflow/tfjs';

export interface FrontEnd {
  /** `[batch, frames, bins, channels]`, decibels below each clip's peak. */
  output: tf.SymbolicTensor;
  /** Distance of frames, samples. */
  hopLength: number;
  /** Whether bins are pitch classes, C first; they lie then in no order of frequency. */
  chroma: boolean;
  /** How bins lie along frequency; null for those of the Fourier transform, and for pitch classes. */
  mel: { fMin: number; fMax: number; melScale: 'slaney' | 'htk' } | null;
}

/**
 * The front end of a compact convnet: the layer `logMel`, or the layers `spectrogram`, `mel` and `decibel` of a model
 * with a linear spectrogram, or one saved before there was `logMel`. Of mel bands beside chroma it is the mel bands; of
 * chroma alone the layers `cqt` and `chromaDecibel`.
 *
 * @throws RangeError if the model has neither.
 */
export function findFrontEnd(model: tf.LayersModel): FrontEnd {
  const find = (name: string) => model.layers.find((layer) => layer.name === name);
  const last = find('logMel') ?? find('decibel') ?? find('chromaDecibel');
  const framing = find('logMel') ?? find('spectrogram') ?? find('cqt');
  if (last === undefined || framing === undefined) {
    throw new RangeError(
      `findFrontEnd: ${model.name} has no layer logMel, no layers spectrogram and decibel, and no layers cqt and ` +
        'chromaDecibel. Pass a model of createCompactConvnet.',
    );
  }
  return {
    output: last.output as tf.SymbolicTensor,
    hopLength: framing.getConfig().hopLength as number,
    chroma: last.name === 'chromaDecibel',
    mel: ((find('logMel') ?? find('mel'))?.getConfig() as FrontEnd['mel'] | undefined) ?? null,
  };
}
