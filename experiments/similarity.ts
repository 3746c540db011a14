/**
 * Are clips that belong together near each other in the features of a tagger? Cosine on the features of each layer and
 * of all, precision@k against pairs that are given or against the labels, and a page to listen to. The question of
 * Choi et al. 2017, arXiv:1703.09179, asked there of similar songs: a pair (A, B) is found if B is one of the k nearest
 * of A, and the same from B.
 *      npm run -s sonotag -- experiment similarity --features features.h5 --audio recordings     (seconds)
 */
import { readFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { Command } from 'commander';
import { parseCsv } from '../datasets/csv.ts';
import { createRandom } from '../datasets/random.ts';
import { jsonOption, seedOption, wholeNumber } from '../src/cli/options.ts';
import { InputError } from '../src/errors.ts';
import { cosineRanks, nearestByCosine, type FeatureRows } from '../src/features/cosineRanks.ts';
import { openFeatures, readFeatureRows, type OpenedFeatures } from '../src/features/featureFile.ts';
import { writeWhole } from '../src/files/writeWhole.ts';
import { bootstrapInterval } from '../src/metrics/bootstrapInterval.ts';
import { fitStandardScaler } from '../src/transfer/standardScaler.ts';
import {
  describeSimilarity,
  renderSimilarityReport,
  type SimilarityQuery,
  type SimilarityResult,
  type SimilarityRow,
} from './similarity/report.ts';

interface SimilarityOptions {
  features: string;
  pairs?: string;
  audio?: string;
  k: number[];
  queries: number;
  neighbours: number;
  out: string;
  seed: number;
  json?: true;
}

/** Both directions of a pair count as one each. */
type Pair = readonly [number, number];

/** More pairs of the same label are drawn from, not all compared. */
const mostPairs = 20_000;

export function similarity(): Command {
  return new Command()
    .requiredOption('--features <file>', 'feature file, as "sonotag features" writes it')
    .option('--pairs <csv>', 'ids of clips that belong together, a pair a line (default: clips of one label)')
    .option('--audio <folder>', 'where the ids are files: the page then plays them')
    .option('--k <list>', 'how many neighbours count', listOfNumbers, [1, 5, 10])
    .option('--queries <n>', 'clips on the page, drawn at random', wholeNumber(1), 12)
    .option('--neighbours <n>', 'of each on the page', wholeNumber(1), 5)
    .option('--out <folder>', 'where result.json and report.html go', 'runs/similarity')
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(run);
}

async function run(options: SimilarityOptions): Promise<void> {
  const { k, seed, out, json } = options;
  const features = await openFeatures(options.features);
  const pairs =
    options.pairs === undefined
      ? pairsOfLabels(features, seed)
      : await readPairs(options.pairs, features.ids);
  if (pairs.length === 0) {
    throw new InputError(
      `${options.features}: no two clips have a label in common. Name pairs with --pairs.`,
    );
  }
  const both = pairs.flatMap(([a, b]): Pair[] => [
    [a, b],
    [b, a],
  ]);
  const layers = await readLayers(options.features, features);
  const rows: SimilarityRow[] = [];
  for (const { name, rows: raw } of layers) {
    for (const standardized of [false, true]) {
      const ranks = cosineRanks(standardized ? standardize(raw) : raw, both);
      rows.push({ features: name, standardized, precisions: precisionsAt(k, ranks, seed) });
    }
  }
  const result: SimilarityResult = {
    created: new Date().toISOString(),
    features: options.features,
    clips: features.ids.length,
    pairs: pairs.length,
    pairsFrom: options.pairs ?? 'clips of one label',
    chance: k.map((count) => Math.min(1, count / (features.ids.length - 1))),
    ...{ seed, k, rows },
  };
  const best = rows.reduce((a, b) => (b.precisions[0].value > a.precisions[0].value ? b : a));
  const raw = layers.find(({ name }) => name === best.features)!.rows;
  const queries = chooseQueries(best.standardized ? standardize(raw) : raw, features, options);
  await writeWhole(join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  await writeWhole(join(out, 'report.html'), renderSimilarityReport(result, best, queries));
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : describeSimilarity(result, out));
}

/** Each part of the file, then all side by side. */
async function readLayers(
  path: string,
  { parts, ids }: OpenedFeatures,
): Promise<{ name: string; rows: FeatureRows }[]> {
  const layers: { name: string; rows: FeatureRows }[] = [];
  for (const { dataset, units } of parts) {
    const values = await readFeatureRows(path, dataset, 0, ids.length);
    layers.push({ name: dataset, rows: { values, units: units.length } });
  }
  if (layers.length === 1) return layers;
  const units = layers.reduce((sum, { rows }) => sum + rows.units, 0);
  const values = new Float32Array(ids.length * units);
  let column = 0;
  for (const { rows } of layers) {
    for (let clip = 0; clip < ids.length; clip++) {
      const row = rows.values.subarray(clip * rows.units, (clip + 1) * rows.units);
      values.set(row, clip * units + column);
    }
    column += rows.units;
  }
  return [...layers, { name: 'all', rows: { values, units } }];
}

function standardize({ values, units }: FeatureRows): FeatureRows {
  return { values: fitStandardScaler(values, units).transform(values), units };
}

/** Share of directions whose clip is among the k nearest, with a bootstrap interval over directions. */
function precisionsAt(k: number[], ranks: Int32Array, seed: number): SimilarityRow['precisions'] {
  return k.map((count) => {
    const share = (indices: Iterable<number>) => {
      let [found, all] = [0, 0];
      for (const index of indices) {
        found += ranks[index] <= count ? 1 : 0;
        all += 1;
      }
      return found / all;
    };
    const { interval } = bootstrapInterval(ranks.length, share, { seed, resamples: 200 });
    return { k: count, value: share(ranks.keys()), interval: interval! };
  });
}

function pairsOfLabels({ ids, tags, labels }: OpenedFeatures, seed: number): Pair[] {
  const pairs: Pair[] = [];
  for (let a = 0; a < ids.length; a++) {
    for (let b = a + 1; b < ids.length; b++) {
      const shared = tags.some((_, tag) => labels[a * tags.length + tag] && labels[b * tags.length + tag]);
      if (shared) pairs.push([a, b]);
    }
  }
  if (pairs.length <= mostPairs) return pairs;
  return createRandom(seed).shuffle(pairs).slice(0, mostPairs);
}

/** @throws InputError if a line does not name two different clips of the feature file. */
async function readPairs(path: string, ids: string[]): Promise<Pair[]> {
  const numbers = new Map(ids.map((id, number) => [id, number]));
  const text = await readFile(path, 'utf8').catch(() => {
    throw new InputError(`${path}: no such file. Name a CSV with two ids a line.`);
  });
  return parseCsv(text, path).map(({ line, fields }) => {
    const [a, b] = fields.map((id) => numbers.get(id.trim()));
    if (fields.length !== 2 || a === undefined || b === undefined || a === b) {
      throw new InputError(
        `${path}, line ${line}: expected two different ids of the feature file, such as ${ids[0]},${ids[1]}; ` +
          `got "${fields.join(',')}".`,
      );
    }
    return [a, b];
  });
}

function chooseQueries(
  rows: FeatureRows,
  { ids, tags, labels }: OpenedFeatures,
  { queries, neighbours, audio, out, seed }: SimilarityOptions,
): SimilarityQuery[] {
  const describe = (clip: number) => ({
    id: ids[clip],
    tags: tags.filter((_, tag) => labels[clip * tags.length + tag] === 1),
    audio:
      audio === undefined
        ? undefined
        : relative(resolve(out), resolve(audio, ids[clip])).split(sep).join('/'),
  });
  return createRandom(seed)
    .shuffle([...ids.keys()])
    .slice(0, queries)
    .map((clip) => ({
      ...describe(clip),
      neighbours: nearestByCosine(rows, clip, neighbours).map(({ clip: other, cosine }) => ({
        ...describe(other),
        cosine,
      })),
    }));
}

function listOfNumbers(text: string): number[] {
  return text.split(',').map((part) => wholeNumber(1)(part.trim()));
}
