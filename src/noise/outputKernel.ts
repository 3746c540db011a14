/** The weights that a tagger's last layer has for its tags. */
import type { Tagger } from '../models/tagger.ts';
import { InputError } from '../errors.ts';

export interface OutputKernel {
  /** Name of the layer. */
  layer: string;
  units: number;
  /** Row-major `[units, tags]`. */
  kernel: Float32Array;
}

/**
 * Reads the kernel of a tagger's last dense layer.
 *
 * @throws InputError if it has none, or one with another number of outputs than the model has tags.
 * @example const { kernel } = outputKernel(await loadTagger('runs/mine'))
 */
export function outputKernel({ model, info }: Tagger): OutputKernel {
  const layer = model.layers.findLast((candidate) => candidate.getClassName() === 'Dense');
  const weights = layer?.getWeights()[0];
  if (layer === undefined || weights?.rank !== 2 || weights.shape[1] !== info.tags.length) {
    throw new InputError(
      `the model's last dense layer must have an output for each of its ${info.tags.length} tags; ` +
        (weights ? `"${layer!.name}" has [${weights.shape.join(', ')}].` : 'it has no dense layer.'),
    );
  }
  return { layer: layer.name, units: weights.shape[0]!, kernel: weights.dataSync<'float32'>().slice() };
}
