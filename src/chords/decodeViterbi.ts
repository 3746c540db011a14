/** The most likely sequence of chords where a chord tends to stay. */

export interface ViterbiOptions {
  /** Probability in (0, 1) that the next frame has the same chord; all others share the rest alike. */
  selfTransition: number;
}

/**
 * Viterbi's path through states that all start alike, stay with `selfTransition`, and change to each other state with
 * the same probability.
 *
 * Same path as librosa 0.11 `sequence.viterbi` with `transition_loop(nStates, selfTransition)`, but for ties. As all
 * changes are alike, only the two best states before count: time and memory grow with frames × states, not states squared.
 *
 * @param logLikelihoods row-major `[frames, nStates]`; a constant added to a frame changes nothing
 * @returns the state of each frame
 * @throws RangeError if `selfTransition` lies outside (0, 1), there are fewer than two states, or a row is not whole.
 * @example decodeViterbi(distances.map((distance) => -10 * distance), 25, { selfTransition: 0.9 })
 */
export function decodeViterbi(
  logLikelihoods: Float32Array,
  nStates: number,
  { selfTransition }: ViterbiOptions,
): Int32Array {
  if (!(selfTransition > 0 && selfTransition < 1))
    throw new RangeError(
      `decodeViterbi: selfTransition must lie between 0 and 1; got ${selfTransition}. Pass 0.9.`,
    );
  if (!(Number.isInteger(nStates) && nStates >= 2 && logLikelihoods.length % nStates === 0)) {
    throw new RangeError(
      `decodeViterbi: needs frames of nStates >= 2 values; got ${logLikelihoods.length} values and nStates=${nStates}.`,
    );
  }
  const nFrames = logLikelihoods.length / nStates;
  const stay = Math.log(selfTransition);
  const change = Math.log((1 - selfTransition) / (nStates - 1));
  const from = new Int32Array(nFrames * nStates);
  const scores = Float64Array.from(logLikelihoods.subarray(0, nStates));
  for (let frame = 1; frame < nFrames; frame++) {
    const best = indexOfLargest(scores);
    const second = indexOfLargest(scores, best);
    const before = Float64Array.from(scores);
    for (let state = 0; state < nStates; state++) {
      const other = state === best ? second : best;
      const stays = before[state] + stay >= before[other] + change;
      from[frame * nStates + state] = stays ? state : other;
      scores[state] =
        (stays ? before[state] + stay : before[other] + change) + logLikelihoods[frame * nStates + state];
    }
  }
  const path = new Int32Array(nFrames);
  for (let frame = nFrames - 1, state = indexOfLargest(scores); frame >= 0; frame--) {
    path[frame] = state;
    state = from[frame * nStates + state];
  }
  return path;
}

/** Of all but `without`. */
function indexOfLargest(values: Float64Array, without = -1): number {
  let best = without === 0 ? 1 : 0;
  for (let i = best + 1; i < values.length; i++) if (i !== without && values[i] > values[best]) best = i;
  return best;
}
