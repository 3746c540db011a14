/** Where MFCC came from: whether a pipeline can make them of audio again, and at which rate. */

/** What a feature set says of its making. */
type Provenance = Record<string, string | number>;

/**
 * The provenance of features that have got the MFCC of another file beside them. What that file says of itself is kept
 * as `mfccExtractor` and `mfccSampleRate`, `unknown` where it says nothing, as a CSV.
 */
export function withMfccProvenance(features: Provenance, mfcc: Provenance): Provenance {
  const { extractor = 'unknown', sampleRate = 'unknown' } = mfcc;
  return { ...features, mfccExtractor: extractor, mfccSampleRate: sampleRate };
}

/**
 * Sampling rate, Hz, of MFCC that `sonotag features --mfcc` made; null where the features have none or others.
 *
 * @example mfccSampleRateOf({ extractor: 'MFCC', sampleRate: 12000 }) // 12000
 */
export function mfccSampleRateOf(provenance: Provenance): number | null {
  const { extractor, sampleRate, mfccExtractor = extractor, mfccSampleRate = sampleRate } = provenance;
  return mfccExtractor === 'MFCC' && typeof mfccSampleRate === 'number' ? mfccSampleRate : null;
}
