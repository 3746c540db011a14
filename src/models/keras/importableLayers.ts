/** Names of the layers that can be imported, apart from how, so that a command's help need not wait for TensorFlow.js. */

/** Class names that a model may have. */
export const importableLayers: readonly string[] = `
  Activation ActivityRegularization Add AdditiveNoise AlphaDropout AmplitudeToDB ApplyFilterbank
  Average AveragePooling1D AveragePooling2D BatchNormalization Bidirectional ChannelSwap Concatenate
  ConcatenateFrequencyMap Conv1D Conv2D Conv2DTranspose Cropping1D Cropping2D Delta Dense
  DepthwiseConv1D DepthwiseConv2D Dropout ELU Flatten GRU GaussianDropout GaussianNoise
  GlobalAveragePooling1D GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D InputLayer LSTM
  LayerNormalization LeakyReLU LogmelToMFCC Magnitude MagnitudeToDecibel MaxPooling1D MaxPooling2D
  Maximum MelSpectrogram Melspectrogram Minimum Multiply Normalization Normalization2D PReLU Permute
  ReLU RepeatVector Rescaling Reshape STFT STFTSpectrogram SeparableConv1D SeparableConv2D SimpleRNN
  Softmax SpatialDropout1D SpatialDropout2D SpecAugment Spectrogram ThresholdedReLU TimeDistributed
  UpSampling1D UpSampling2D ZeroPadding1D ZeroPadding2D
`
  .trim()
  .split(/\s+/);

/**
 * What a message says of a layer that cannot be imported: names like its own, and where all stand.
 *
 * @example nearestLayers('GroupNormalization') // ['Normalization', 'Normalization2D', 'BatchNormalization']
 */
export function nearestLayers(className: string): string[] {
  const own = pairsOf(className);
  return importableLayers
    .map((name) => ({ name, likeness: likeness(own, pairsOf(name)) }))
    .filter(({ likeness }) => likeness >= 0.4)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Dice's coefficient of two sets. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((pair) => b.has(pair)).length;
  return (2 * shared) / Math.max(1, a.size + b.size);
}

/** Neighbouring letters. */
function pairsOf(name: string): Set<string> {
  const letters = name.slice(0, 100).toLowerCase();
  return new Set(
    Array.from({ length: Math.max(0, letters.length - 1) }, (_, at) => letters.slice(at, at + 2)),
  );
}
