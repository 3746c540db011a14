/** What makes features out of waveforms, whichever it is: a tagger's layers, or MFCC. */

/** A group of numbers that belong together: a layer's. */
export interface FeaturePart {
  /** Name in a feature file, such as `layer0`. */
  dataset: string;
  /** What it was taken from, such as the model's layer `block0`. */
  layer: string;
  /** What was taken of it, such as `mean over frames and bins`. */
  pooling: string;
  /** A name for each number. */
  units: string[];
}

export interface FeatureExtractor {
  /** In the order in which they stand in a row. */
  parts: FeaturePart[];
  /** Hz, of the waveforms. */
  sampleRate: number;
  /** Seconds of a clip that are looked at, from its start; undefined for all. */
  durationSeconds?: number;
  /** What a feature file says of its making: all that its numbers depend on, and whose they are. */
  provenance: Record<string, string | number>;
  /** One row a clip, in order; clips are mono, full scale ±1, not empty. */
  rows(waveforms: AsyncIterable<Float32Array>): AsyncIterable<Float32Array>;
}

/** Numbers in a row. */
export function countUnits(parts: readonly FeaturePart[]): number {
  return parts.reduce((sum, { units }) => sum + units.length, 0);
}
