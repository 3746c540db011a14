/** From trained cells to figures with intervals over the seeds. */
import { InputError } from '../../src/errors.ts';
import { percentileInterval } from '../../src/metrics/bootstrapInterval.ts';
import { studentInterval, type MeanInterval } from '../../src/metrics/studentInterval.ts';
import { kendallTau, spearman } from '../../src/noise/correlations.ts';
import type { NoiseKind } from '../../src/noise/injectNoise.ts';
import { nDraws, remedies, type Cell, type Design, type Noise, type Remedy } from './design.ts';
import { takeRows } from './learner.ts';
import { drawRows, meanRocAuc, TestLabels } from './scoring.ts';
import type { Task } from './task.ts';
import type { TrainedCell } from './trainCell.ts';

export type ScoredCell = Cell & TrainedCell;

/** Training on noisy labels at one rate. */
export interface EffectPoint {
  rate: number;
  /** Of the given labels of the test clips, held against the truth. */
  precision: number;
  recall: number;
  /** Mean ROC-AUC on true test labels, and on those as noisy as the training labels. */
  onTrue: MeanInterval;
  onNoisy: MeanInterval;
  /** `onTrue` less that of training on true labels, paired by seed. */
  change: MeanInterval;
  /** `onNoisy` less `onTrue`: what noisy test labels misjudge. */
  misjudged: MeanInterval;
}

export interface Effect {
  kind: NoiseKind;
  /** By rate, the first at 0. */
  points: EffectPoint[];
}

/** How well other test labels rank systems than the true ones do; the systems learnt from true labels. */
export interface Ranking {
  /** Kendall's τ to the ranking by true labels, the mean over draws a value for each seed. */
  tau: MeanInterval;
  /** 2.5 and 97.5 % of single draws, of all seeds. */
  tauSpread: [number, number];
  spearman: MeanInterval;
  /** Share of the draws that find the best system. */
  bestFound: number;
  /** Mean ROC-AUC that is given away by choosing the system that looks best. */
  regret: MeanInterval;
}

/** By test labels with noise in them. */
export interface RankingPoint extends Ranking {
  rate: number;
  /** `tau` less that of true labels on test clips drawn anew, paired by seed. */
  change: MeanInterval;
}

export interface RankingEffect {
  kind: NoiseKind;
  points: RankingPoint[];
}

export interface RemedyRow {
  remedy: Remedy;
  onTrue: MeanInterval;
  /** Less that of no remedy, paired by seed. */
  gain: MeanInterval;
}

export interface RemedySetting {
  noise: Noise;
  /** Training on true labels. */
  clean: MeanInterval;
  rows: RemedyRow[];
  /** Kendall's τ between the remedies' ranking by noisy and by true test labels. */
  tau: MeanInterval;
}

export interface TaskAnalysis {
  effects: Effect[];
  /** Of true labels on test clips drawn anew with replacement: what chance does without noise. */
  redrawn: Ranking;
  rankings: RankingEffect[];
  remedies: RemedySetting[];
}

export function analyse(
  task: Task,
  cells: readonly ScoredCell[],
  design: Design,
  kinds: readonly NoiseKind[],
): TaskAnalysis {
  const study = new Study(task, cells, design);
  const redrawn = study.rank((scores, seed, draw) => {
    const labels = study.labels.of(null, seed, draw);
    const rows = drawRows(labels.length / study.nTags, seed, draw);
    return meanRocAuc(takeRows(labels, study.nTags, rows), takeRows(scores, study.nTags, rows), study.nTags);
  });
  return {
    effects: kinds.map((kind) => ({
      kind,
      points: [0, ...design.rates].map((rate) => study.effect(kind, rate)),
    })),
    redrawn: redrawn.ranking,
    rankings: kinds.map((kind) => ({
      kind,
      points: design.rates.map((rate) => {
        const onNoisy = (scores: Float32Array, seed: number, draw: number) =>
          meanRocAuc(study.labels.of({ kind, rate }, seed, draw), scores, study.nTags);
        const { ranking, taus } = study.rank(onNoisy);
        return { rate, ...ranking, change: studentInterval(taus.map((tau, i) => tau - redrawn.taus[i])) };
      }),
    })),
    remedies: design.settings.filter(({ kind }) => kinds.includes(kind)).map((noise) => study.remedy(noise)),
  };
}

class Study {
  readonly labels: TestLabels;
  readonly nTags: number;
  private readonly cells: readonly ScoredCell[];
  private readonly design: Design;
  private readonly seeds: number[];

  constructor(task: Task, cells: readonly ScoredCell[], design: Design) {
    this.labels = new TestLabels(task);
    this.nTags = task.dataset.tags.length;
    this.cells = cells;
    this.design = design;
    this.seeds = Array.from({ length: design.seeds }, (_, i) => i + 1);
  }

  effect(kind: NoiseKind, rate: number): EffectPoint {
    const noise = rate === 0 ? null : { kind, rate };
    const [first] = this.design.systems;
    const cells = this.seeds.map((seed) => this.find({ noise, system: first, remedy: 'none', seed }));
    const clean = this.seeds.map((seed) => this.find({ noise: null, system: first, remedy: 'none', seed }));
    const onTrue = cells.map((cell) => this.onTrue(cell));
    const onNoisy = noise === null ? onTrue : cells.map((cell) => this.onNoisy(cell, noise));
    return {
      rate,
      ...this.quality(noise),
      onTrue: studentInterval(onTrue),
      onNoisy: studentInterval(onNoisy),
      change: studentInterval(onTrue.map((score, i) => score - this.onTrue(clean[i]))),
      misjudged: studentInterval(onNoisy.map((score, i) => score - onTrue[i])),
    };
  }

  /** @param judge mean ROC-AUC of the systems' scores by labels other than the true ones */
  rank(judge: (scores: Float32Array, seed: number, draw: number) => number): {
    ranking: Ranking;
    taus: number[];
  } {
    const { systems } = this.design;
    const draws = this.seeds.map((seed) => {
      const cells = systems.map((system) => this.find({ noise: null, system, remedy: 'none', seed }));
      const trueScores = cells.map((cell) => this.onTrue(cell));
      return range(nDraws).map((draw) => {
        const judged = cells.map(({ scores }) => judge(Float32Array.from(scores), seed, draw));
        const regret = Math.max(...trueScores) - trueScores[judged.indexOf(Math.max(...judged))];
        return { tau: kendallTau(trueScores, judged), rho: spearman(trueScores, judged), regret };
      });
    });
    const isDefined = ({ tau }: { tau: number }) => !Number.isNaN(tau);
    const bySeed = (pick: (draw: (typeof draws)[0][0]) => number) =>
      draws.map((own) => mean(own.filter(isDefined).map(pick)));
    const taus = bySeed(({ tau }) => tau);
    const all = draws.flat().filter(isDefined);
    const ranking = {
      tau: studentInterval(taus),
      tauSpread: percentileInterval(Float64Array.from(all.map(({ tau }) => tau))).interval!,
      spearman: studentInterval(bySeed(({ rho }) => rho)),
      bestFound: mean(all.map(({ regret }) => Number(regret === 0))),
      regret: studentInterval(bySeed(({ regret }) => regret)),
    };
    return { ranking, taus };
  }

  remedy(noise: Noise): RemedySetting {
    const [system] = this.design.systems;
    const cells = remedies.map((remedy) =>
      this.seeds.map((seed) => this.find({ noise, system, remedy, seed })),
    );
    const onTrue = cells.map((own) => own.map((cell) => this.onTrue(cell)));
    const clean = this.seeds.map((seed) => this.find({ noise: null, system, remedy: 'none', seed }));
    const taus = this.seeds.map((_, i) =>
      mean(
        range(nDraws).map((draw) => {
          const judged = cells.map((own) => this.onNoisy(own[i], noise, [draw]));
          return kendallTau(onTrue.map((scores) => scores[i]), judged); // prettier-ignore
        }),
      ),
    );
    return {
      noise,
      clean: studentInterval(clean.map((cell) => this.onTrue(cell))),
      rows: remedies.map((remedy, row) => ({
        remedy,
        onTrue: studentInterval(onTrue[row]),
        gain: studentInterval(onTrue[row].map((score, i) => score - onTrue[0][i])),
      })),
      tau: studentInterval(taus),
    };
  }

  private find(wanted: Cell): ScoredCell {
    const name = keyOf(wanted);
    const cell = this.cells.find((candidate) => keyOf(candidate) === name);
    if (cell === undefined) throw new RangeError(`analyse: the cell ${name} is missing.`);
    return cell;
  }

  private onTrue({ scores, seed }: ScoredCell): number {
    return mean([meanRocAuc(this.labels.of(null, seed, 0), scores, this.nTags)]);
  }

  private onNoisy({ scores, seed }: ScoredCell, noise: Noise, draws = range(nDraws)): number {
    return mean(draws.map((draw) => meanRocAuc(this.labels.of(noise, seed, draw), scores, this.nTags)));
  }

  /** Precision and recall of the noisy test labels, over seeds and draws together. */
  private quality(noise: Noise | null): { precision: number; recall: number } {
    let [both, given, truly] = [0, 0, 0];
    for (const seed of this.seeds) {
      const truth = this.labels.of(null, seed, 0);
      for (const draw of range(nDraws)) {
        this.labels.of(noise, seed, draw).forEach((label, at) => {
          both += label * truth[at];
          given += label;
          truly += truth[at];
        });
      }
    }
    return { precision: given > 0 ? both / given : 1, recall: both / truly };
  }
}

/** 1 … n. */
function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}

function keyOf({ noise, system, remedy, seed }: Cell): string {
  return JSON.stringify([noise?.kind, noise?.rate, system.name, remedy, seed]);
}

/** Of those that are defined. @throws InputError if none is. */
function mean(values: readonly number[]): number {
  const defined = values.filter((value) => !Number.isNaN(value));
  if (defined.length === 0) {
    throw new InputError(
      'labelNoise: no tag keeps test clips with it and without it, or all systems score alike. Use more recordings.',
    );
  }
  return defined.reduce((sum, value) => sum + value, 0) / defined.length;
}
