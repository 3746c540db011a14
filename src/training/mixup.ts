/** Mixup: training on blends of clips, so that the model learns what lies between them. */
import type { Random } from '../../datasets/random.ts';
import type { Batch } from './batches.ts';

/**
 * Blends every crop of a batch with another of the same batch, and the targets likewise, by shares from
 * Beta(alpha, alpha) (Zhang et al. 2018, "mixup: Beyond Empirical Risk Minimization", arXiv:1710.09412). Crops are
 * brought to the same root mean square first, so that a share is one of sound pressure (Tokozume, Ushiku & Harada
 * 2018, "Learning from Between-class Examples for Deep Sound Recognition", arXiv:1711.10282); what a model makes of
 * a louder crop is the front end's business. What is unknown of either crop is unknown of the blend.
 *
 * @param alpha > 0; the smaller, the nearer the shares are to 0 and 1
 * @throws RangeError if `alpha` is not in (0, 1].
 */
export function mixup({ waveforms, targets, size }: Batch, alpha: number, random: Random): Batch {
  if (!(alpha > 0 && alpha <= 1))
    throw new RangeError(`mixup: alpha must be in (0, 1]; got ${alpha}. Use 0.2.`);
  const partners = random.shuffle(Array.from({ length: size }, (_, row) => row));
  const shares = partners.map(() => drawBeta(alpha, random));
  const samples = waveforms.length / size;
  const nTags = targets.length / size;
  const loudness = partners.map((_, row) =>
    rootMeanSquare(waveforms.subarray(row * samples, (row + 1) * samples)),
  );
  const mixedWaveforms = new Float32Array(waveforms.length);
  const mixedTargets = new Float32Array(targets.length);
  partners.forEach((partner, row) => {
    const share = shares[row];
    const own = share / loudness[row];
    const other = (1 - share) / loudness[partner];
    for (let n = 0; n < samples; n++) {
      mixedWaveforms[row * samples + n] =
        own * waveforms[row * samples + n] + other * waveforms[partner * samples + n];
    }
    for (let tag = 0; tag < nTags; tag++) {
      const [a, b] = [targets[row * nTags + tag], targets[partner * nTags + tag]];
      mixedTargets[row * nTags + tag] = share * a + (1 - share) * b;
    }
  });
  return { waveforms: mixedWaveforms, targets: mixedTargets, size };
}

/** Jöhnk's method (1964), quick for parameters up to 1. */
function drawBeta(alpha: number, random: Random): number {
  for (;;) {
    const x = random.uniform(0, 1) ** (1 / alpha);
    const y = random.uniform(0, 1) ** (1 / alpha);
    if (x + y <= 1 && x + y > 0) return x / (x + y);
  }
}

/** At least 1e-9, so that silence stays silent. */
function rootMeanSquare(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.max(1e-9, Math.sqrt(sum / samples.length));
}
