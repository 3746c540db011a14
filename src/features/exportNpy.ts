/** A feature file as the arrays and the table that NumPy and pandas read. */
import { writeNpy } from '../files/npy.ts';
import { writeWhole } from '../files/writeWhole.ts';
import { openFeatures, readFeatureRows } from './featureFile.ts';

/**
 * Writes each part of a feature file as `NAME_layer_0.npy` …, `[clips, units]` float32, and beside them `NAME.csv` with
 * the columns `id,label,split` row by row: the naming of the published features of Choi et al. 2017. Labels of a clip
 * with several are separated by `;`. One part is in memory at a time.
 *
 * @param stem the paths' common start, `folder/NAME`
 * @returns the paths written.
 * @throws InputError if the file is not a feature file.
 * @example await exportNpy('features.h5', 'numpy/genre') // numpy/genre_layer_0.npy, …, numpy/genre.csv
 */
export async function exportNpy(path: string, stem: string): Promise<string[]> {
  const { parts, ids, tags, labels, splits } = await openFeatures(path);
  const written: string[] = [];
  for (const { dataset, units } of parts) {
    const file = `${stem}_${dataset.replace(/^layer(?=\d)/, 'layer_')}.npy`;
    await writeNpy(file, {
      shape: [ids.length, units.length],
      values: await readFeatureRows(path, dataset, 0, ids.length),
    });
    written.push(file);
  }
  const lines = ids.map((id, row) => {
    const applied = tags.filter((_, tag) => labels[row * tags.length + tag] === 1);
    return [id, applied.join(';'), splits?.[row] ?? ''].map(quoted).join(',');
  });
  await writeWhole(`${stem}.csv`, `${['id,label,split', ...lines].join('\n')}\n`);
  return [...written, `${stem}.csv`];
}

/** RFC 4180. */
function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
