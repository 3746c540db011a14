/** The features of a tagger's layers, ready for a file. */
import type { Tagger } from '../models/tagger.ts';
import type { FeatureExtractor } from './featureExtractor.ts';
import {
  chooseFeatureLayers,
  extractFeatures,
  type ExtractFeaturesOptions,
  type FeaturePool,
} from './extractFeatures.ts';

/**
 * Windows computed together, unless told otherwise. While this thread computes, no decoded clip reaches it and no
 * decoding thread gets its next file: 60 mp3 files on two cores took 125 ms each in batches of 8, 65 ms in batches of 2.
 */
export const fileBatchSize = 2;

const poolings: Record<FeaturePool, string[]> = {
  mean: ['mean'],
  max: ['max'],
  both: ['mean', 'max'],
};

/**
 * An extractor of `extractFeatures`, with one part a layer.
 *
 * @throws InputError if the model has no blocks, or not those asked for.
 * @example layerExtractor(tagger, { layers: [1, 3], pool: 'both' }).parts.map(({ dataset }) => dataset) // layer1, layer3
 */
export function layerExtractor(tagger: Tagger, options: ExtractFeaturesOptions = {}): FeatureExtractor {
  const { model, info } = tagger;
  const { pool = 'mean', windows = 'all', shortClips = 'repeat', batchSize = fileBatchSize } = options;
  const layers = chooseFeatureLayers(model, options.layers);
  const kinds = poolings[pool];
  return {
    parts: layers.map(({ index, name, units }) => ({
      dataset: `layer${index}`,
      layer: name,
      pooling: `${kinds.join(', then ')} over frames and bins`,
      units: kinds.flatMap((kind) =>
        Array.from({ length: units }, (_, unit) =>
          kind === 'mean' ? `${name}/${unit}` : `${name}/max/${unit}`,
        ),
      ),
    })),
    sampleRate: info.sampleRate,
    durationSeconds: windows === 'first' ? info.samples / info.sampleRate : undefined,
    provenance: {
      ...{ pool, windows, shortClips, samples: info.samples },
      frontEnd: JSON.stringify(info.frontEnd),
      decibel: JSON.stringify(info.decibel),
      batchNorm: info.batchNorm,
      modelTags: JSON.stringify(info.tags),
      weightsHash: info.weightsHash,
      licence: info.licence,
      madeBy: info.madeBy,
    },
    rows: (waveforms) => extractFeatures(tagger, waveforms, { ...options, batchSize }),
  };
}
