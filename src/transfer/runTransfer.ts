/** The transfer protocol of Choi et al. 2017, with an honest score beside the paper's. */
import { availableParallelism } from 'node:os';
import { inOrder } from '../audio/inOrder.ts';
import { InputError } from '../errors.ts';
import { silentReporter, type Reporter } from '../reporter.ts';
import { hashFolds } from './foldPlan.ts';
import { indexOfHighest, scoreInterval, scorePart, weightedMean, type PartPredictions } from './scores.ts';
import { countJobs, scoreSubset, type Selection, type SubsetScores } from './scoreSubset.ts';
import { listSettings, type ClassifierName, type Setting } from './settings.ts';
import { blocksOf, listSubsets, nameSubset, type Subset } from './subsets.ts';
import { hashTransfer, TransferFolder, type WhenTransferExists } from './transferFolder.ts';
import { TransferPool } from './transferPool.ts';
import type { FeatureSource, GridScore, TransferResult, TransferRow } from './transferResult.ts';
import type { FeatureBlock, FeatureSet, FoldPlan, Targets } from './transferTask.ts';

export interface TransferOptions {
  task: string;
  features: FeatureSet;
  targets: Targets;
  plan: FoldPlan;
  /** `all`, `best` (all, but the nested score of the best alone), or some. Default `'all'`. */
  subsets?: 'all' | 'best' | Subset[];
  /** Default `'svm'`. */
  classifier?: ClassifierName;
  /** Whether to compute nested scores, which take 4.5 times as long as the rest. Default true. */
  nested?: boolean;
  /** Blocks of the same rows from random weights, named `layer0`, …: a control. Default none. */
  random?: readonly FeatureBlock[];
  /** Scores of others by the subset's name, see `nameSubset`. Default none. */
  published?: ReadonlyMap<string, number>;
  /** Steps of a support vector machine's solver at most, a whole number >= 1. Default 1 million. */
  maxIterations?: number;
  /** Of the bootstrap. Default 1. */
  seed?: number;
  /** Default: one a core. */
  threads?: number;
  /** Run folder, where finished subsets are kept; null keeps nothing. Default null. */
  out?: string | null;
  whenExists?: WhenTransferExists;
  reporter?: Reporter;
}

/**
 * A linear kernel with a large C takes LIBSVM 10 million steps and more on features that are not standardised; the scores
 * no longer change long before.
 */
const fewIterations = 1_000_000;

interface Piece {
  source: FeatureSource;
  subset: Subset;
  nested: boolean;
}

/**
 * Scores subsets of the layers (and the MFCC, where they are among the blocks) on a task: the best mean score over the
 * grid, as the paper has it, and the nested cross-validation of the same.
 *
 * Source: Choi, Fazekas, Sandler and Cho, "Transfer learning for music classification and regression tasks",
 * arXiv:1703.09179, section 3.
 *
 * @throws InputError if the rows do not agree, a subset is not there, or `out` holds another run.
 * @example await runTransfer({ task: 'genre', features, targets, plan: planFolds(targets, 10) })
 */
export async function runTransfer(options: TransferOptions): Promise<TransferResult> {
  const { task, features, targets, plan, reporter = silentReporter } = options;
  const {
    subsets = 'all',
    nested = true,
    random = [],
    out = null,
    seed = 1,
    maxIterations = fewIterations,
  } = options;
  const start = performance.now();
  requireRows(options);
  const controls = random.map((block) => ({ ...block, name: block.name.replace('layer', 'random') }));
  const blocks = [...features.blocks, ...controls];
  const folder = out === null ? null : await openFolder(out, blocks, options);
  const pool = new TransferPool(
    { kind: targets.kind, blocks, targets: targets.values, parts: plan.parts },
    options.threads,
  );
  const list = Array.isArray(subsets) ? subsets : listSubsets(features.blocks);
  const all = list.map((subset): Piece => ({
    source: 'layers',
    subset,
    nested: nested && subsets !== 'best',
  }));
  if (random.length > 0) {
    const ofLayers = all.filter(({ subset }) => !subset.includes('mfcc'));
    all.push(...ofLayers.map((piece): Piece => ({ ...piece, source: 'random' })));
  }
  try {
    let scored = await scoreAll(all);
    if (nested && subsets === 'best') scored = await withNestedBest(scored);
    const rowsOf = (source: FeatureSource) =>
      scored
        .filter(({ piece }) => piece.source === source)
        .map(({ piece, scores }) => makeRow(piece, scores));
    const { kind, classes } = targets;
    return {
      ...{ task, kind, metric: kind === 'classification' ? 'accuracy' : 'R²', clips: features.rows, classes },
      folds: plan.description,
      splitHash: hashFolds(features.ids, plan.parts),
      rows: rowsOf('layers'),
      unconverged: scored.reduce((sum, { scores }) => sum + scores.unconverged, 0),
      random: rowsOf('random'),
      honestBest: honestBest(
        scored.filter(({ piece }) => piece.source === 'layers' && !piece.subset.includes('mfcc')),
      ),
      seconds: Number(((performance.now() - start) / 1000).toFixed(1)),
    };
  } finally {
    await pool.close();
  }

  async function scoreAll(pieces: Piece[]): Promise<{ piece: Piece; scores: SubsetScores }[]> {
    const jobs = pieces.reduce((sum, piece) => sum + countJobs(plan, piece.nested), 0);
    const bar = reporter.bar('fits', jobs);
    let done = 0;
    const results: { piece: Piece; scores: SubsetScores }[] = [];
    try {
      // Two at a time, so that the last jobs of one leave no core idle
      const ahead = pool.threads > 1 ? 2 : 1;
      for await (const result of inOrder(pieces, ahead, async (piece) => ({
        piece,
        scores: await scorePiece(piece),
      }))) {
        results.push(result);
      }
      return results;
    } finally {
      bar.done();
    }

    async function scorePiece(piece: Piece): Promise<SubsetScores> {
      const name = nameOf(piece);
      const known = (await folder?.readSubset(name)) ?? null;
      if (known && (known.whole.nested !== null || !piece.nested)) {
        const finished = countJobs(plan, piece.nested);
        bar.skip(finished);
        done += finished;
        return known;
      }
      const places = blocksOf(piece.subset, blocks, piece.source === 'random' ? 'random' : 'layer');
      const scores = await scoreSubset({
        ...{
          blocks: places,
          settings: settingsOf(piece),
          targets,
          plan,
          nested: piece.nested,
          maxIterations,
        },
        run: (job) => pool.run(job),
        onJob: () => bar.update(++done, name),
      });
      await folder?.writeSubset(name, scores);
      return scores;
    }
  }

  async function withNestedBest(scored: { piece: Piece; scores: SubsetScores }[]) {
    const best =
      scored[
        indexOfHighest(
          scored.map(({ piece, scores }) => (piece.source === 'layers' ? scores.whole.score : NaN)),
        )
      ];
    const [again] = await scoreAll([{ ...best.piece, nested: true }]);
    return scored.map((one) => (one === best ? again : one));
  }

  function settingsOf({ subset, source }: Piece) {
    const places = blocksOf(subset, blocks, source === 'random' ? 'random' : 'layer');
    return listSettings(
      options.classifier ?? 'svm',
      places.reduce((sum, place) => sum + blocks[place].columns, 0),
    );
  }

  function makeRow(piece: Piece, { paper, whole }: SubsetScores): TransferRow {
    const isLayers = piece.source === 'layers';
    const published = isLayers ? (options.published?.get(nameSubset(piece.subset)) ?? null) : null;
    const settings = settingsOf(piece);
    return {
      subset: piece.subset,
      features: blocksOf(piece.subset, blocks).reduce((sum, place) => sum + blocks[place].columns, 0),
      ...gridScore(paper, settings),
      published,
      difference: published === null ? null : paper.score - published,
      whole: gridScore(whole, settings),
    };
  }

  function gridScore(selection: Selection, settings: Setting[]): GridScore {
    const { best, score, partScores } = selection;
    const parts = selection.nested && nestedParts(selection);
    return {
      score,
      nestedScore: parts && scoreParts(parts),
      nestedInterval: parts && scoreInterval(targets.kind, parts, seed),
      classifier: settings[best],
      partScores,
    };
  }

  function nestedParts({ nested: parts }: Selection): PartPredictions[] {
    return parts!.map(({ predicted }, place) => ({
      trueValues: trueValues(place),
      predicted: Float64Array.from(predicted),
    }));
  }

  function honestBest(scored: { piece: Piece; scores: SubsetScores }[]): TransferResult['honestBest'] {
    if (scored.length < 2 || scored.some(({ scores }) => scores.whole.nested === null)) return null;
    const chosen = plan.outer.map(
      (_, place) => scored[indexOfHighest(scored.map(({ scores }) => scores.whole.nested![place].chosenBy))],
    );
    const parts = chosen.map(({ scores }, place) => nestedParts(scores.whole)[place]);
    const interval = scoreInterval(targets.kind, parts, seed);
    return { score: scoreParts(parts), interval, subsets: chosen.map(({ piece }) => piece.subset) };
  }

  function scoreParts(parts: PartPredictions[]): number {
    return weightedMean(
      parts.map((part) => scorePart(targets.kind, part)),
      parts.map((part) => part.trueValues.length),
    );
  }

  function trueValues(place: number): Float64Array {
    return targets.values.filter((_, row) => plan.parts[row] === plan.outer[place]);
  }
}

/** The name of its file, and beside the progress bar. */
function nameOf({ source, subset }: Piece): string {
  return `${source === 'random' ? 'random' : subset[0] === 'mfcc' ? '' : 'layers'}${nameSubset(subset)}`;
}

async function openFolder(
  out: string,
  blocks: FeatureBlock[],
  options: TransferOptions,
): Promise<TransferFolder> {
  const { task, targets, plan, classifier = 'svm', features, whenExists = 'refuse' } = options;
  const { maxIterations = fewIterations } = options;
  const hash = hashTransfer(blocks, targets, plan, { classifier, maxIterations });
  const folder = new TransferFolder(out, hash);
  const { provenance, rows } = features;
  const config = {
    task,
    kind: targets.kind,
    classifier,
    folds: plan.description,
    clips: rows,
    features: provenance,
  };
  await folder.prepare(config, whenExists);
  return folder;
}

function requireRows({
  features,
  targets,
  plan,
  random = [],
  threads = availableParallelism(),
}: TransferOptions): void {
  const { rows, blocks } = features;
  if (!(Number.isInteger(threads) && threads >= 1)) {
    throw new RangeError(`runTransfer: threads must be a whole number >= 1; got ${threads}.`);
  }
  for (const { name, columns, values } of [...blocks, ...random]) {
    if (values.length !== rows * columns) {
      throw new InputError(
        `${name}: has ${values.length / columns} rows, the others ${rows}; all features must be of the same clips in the same order.`,
      );
    }
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad !== -1) {
      throw new InputError(
        `${name}: row ${Math.floor(bad / columns)}, column ${bad % columns} is ${values[bad]}; features must be finite. ` +
          'Leave out the clip or extract it again.',
      );
    }
  }
  if (targets.values.length !== rows || plan.parts.length !== rows) {
    throw new InputError(
      `labels: there are ${targets.values.length} for ${rows} rows of features; give one a row.`,
    );
  }
}
