/** From chroma to the chord whose template is nearest, frame by frame. */
import type { ChordVocabulary } from './chordVocabulary.ts';

/**
 * Squared distance of every frame to every template.
 *
 * @param chroma row-major `[frames, 12]`
 * @returns row-major `[frames, labels]`
 * @throws RangeError if the chroma are not whole frames of 12.
 * @example templateDistances(chroma, chordVocabulary())
 */
export function templateDistances(
  chroma: Float32Array,
  { templates, labels }: ChordVocabulary,
): Float32Array {
  if (chroma.length % 12 !== 0)
    throw new RangeError(
      `templateDistances: chroma must be frames of 12 values; got ${chroma.length} values.`,
    );
  const nFrames = chroma.length / 12;
  const nLabels = labels.length;
  const distances = new Float32Array(nFrames * nLabels);
  for (let frame = 0; frame < nFrames; frame++) {
    for (let label = 0; label < nLabels; label++) {
      let sum = 0;
      for (let pitch = 0; pitch < 12; pitch++) {
        const difference = chroma[12 * frame + pitch] - templates[12 * label + pitch];
        sum += difference * difference;
      }
      distances[frame * nLabels + label] = sum;
    }
  }
  return distances;
}

/**
 * Index of the smallest value of each row; of equal ones the first.
 *
 * @param distances row-major `[frames, nLabels]`
 * @example nearestChords(templateDistances(chroma, vocabulary), vocabulary.labels.length)
 */
export function nearestChords(distances: Float32Array, nLabels: number): Int32Array {
  return Int32Array.from({ length: distances.length / nLabels }, (_, frame) => {
    const row = distances.subarray(frame * nLabels, (frame + 1) * nLabels);
    return row.reduce((best, value, label) => (value < row[best] ? label : best), 0);
  });
}
