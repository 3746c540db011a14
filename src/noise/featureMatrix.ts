/** Features of clips from several files, side by side. */
import { InputError } from '../errors.ts';
import { readNpy } from '../files/npy.ts';

/**
 * Reads `.npy` matrices with a row a clip and puts their columns side by side.
 *
 * @param clips Rows that each must have.
 * @returns row-major `[clips, nFeatures]`
 * @throws InputError if a file is not a matrix of that many rows, or holds a number that is not finite.
 * @example await readFeatureMatrix(['genre_layer_0.npy', 'genre_layer_1.npy'], 1000)
 */
export async function readFeatureMatrix(
  paths: readonly string[],
  clips: number,
): Promise<{ features: Float64Array; nFeatures: number }> {
  const parts = await Promise.all(
    paths.map(async (path) => {
      const { shape, values } = await readNpy(path);
      if (shape.length !== 2 || shape[0] !== clips) {
        throw new InputError(
          `${path}: has shape [${shape.join(', ')}]; expected [${clips}, …], a row for each label.`,
        );
      }
      const wrong = values.findIndex((value) => !Number.isFinite(value));
      if (wrong !== -1)
        throw new InputError(`${path}: holds ${values[wrong]} in row ${Math.floor(wrong / shape[1])}.`);
      return { values, width: shape[1] };
    }),
  );
  const nFeatures = parts.reduce((sum, { width }) => sum + width, 0);
  const features = new Float64Array(clips * nFeatures);
  let column = 0;
  for (const { values, width } of parts) {
    for (let clip = 0; clip < clips; clip++) {
      features.set(values.subarray(clip * width, (clip + 1) * width), clip * nFeatures + column);
    }
    column += width;
  }
  return { features, nFeatures };
}
