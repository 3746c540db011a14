/** The axes of a map `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. */
import type * as tf from '@tensorflow/tfjs';
import type { DataFormat } from './dataFormat.ts';

/** Positions of the axes. */
export function mapAxes(dataFormat: DataFormat): { frames: number; bins: number; channels: number } {
  return dataFormat === 'channelsLast'
    ? { frames: 1, bins: 2, channels: 3 }
    : { channels: 1, frames: 2, bins: 3 };
}

/** The shape of a constant of one value per bin, which broadcasts over a map. */
export function alongBins(nBins: number, dataFormat: DataFormat): [number, number, number, number] {
  return dataFormat === 'channelsLast' ? [1, 1, nBins, 1] : [1, 1, 1, nBins];
}

/** @throws RangeError if the shape is no map, or its number of bins is unknown. */
export function requireBins(layer: string, shape: tf.Shape, dataFormat: DataFormat): number {
  const nBins = shape.length === 4 ? shape[mapAxes(dataFormat).bins] : null;
  if (nBins == null) {
    const wanted =
      dataFormat === 'channelsLast' ? '[batch, frames, bins, channels]' : '[batch, channels, frames, bins]';
    throw new RangeError(`${layer} needs a map ${wanted} of known bins; got [${shape.join(', ')}].`);
  }
  return nBins;
}
