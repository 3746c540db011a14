import * as tf from '@tensorflow/tfjs';
import { measureBins, SpectralWhitening, type BinStatistics } from '../../layers/index.ts';

/**
 * The layer that brings maps to zero mean and unit deviation over the training clips: of each frequency where they are
 * whitened, of all frequencies together where they are not. So the net meets numbers of the same size in every cell.
 *
 * @param trainMaps row-major `[nFrames, nBands]` each
 */
export async function standardization(
  trainMaps: readonly Float32Array[],
  { nFrames, nBands, whitening }: { nFrames: number; nBands: number; whitening: boolean },
): Promise<SpectralWhitening> {
  const all = new Float32Array(trainMaps.length * nFrames * nBands);
  trainMaps.forEach((map, clip) => all.set(map, clip * nFrames * nBands));
  const tensor = tf.tensor4d(all, [trainMaps.length, nFrames, nBands, 1]);
  const perBand = await measureBins([tensor]);
  tensor.dispose();
  const together = pool(perBand);
  const epsilon = 1e-6 * together.deviation[0] || 1e-6; // far below every band's; maps of zeros stay zeros
  return new SpectralWhitening({ statistics: whitening ? perBand : together, epsilon });
}

/** The same mean and deviation for every band: those of all values. */
function pool({ mean, deviation }: BinStatistics): BinStatistics {
  const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const whole = average(mean);
  const variance = average(mean.map((value, band) => deviation[band] ** 2 + (value - whole) ** 2));
  return { mean: mean.map(() => whole), deviation: mean.map(() => Math.sqrt(variance)) };
}
