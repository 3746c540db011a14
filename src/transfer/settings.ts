/** The settings that a grid search tries, in the order in which scikit-learn tries them: of equals the first wins. */
import type { KernelChoice } from './svm/kernel.ts';
import type { TaskKind } from './transferTask.ts';

export type ClassifierName = 'svm' | 'knn' | 'linear';

/** Whether columns are brought to mean 0 and deviation 1 first, and by what is learnt. */
export type Setting = { standardise: boolean } & (
  | ({ classifier: 'svm'; c: number } & KernelChoice)
  | { classifier: 'knn'; neighbours: number }
  | { classifier: 'linear'; penalty: number }
);

const penaltiesOfPaper = [0.1, 2, 8, 32];
const gammaExponentsOfPaper = [3, 5, 7, 9, 11, 13];
const neighboursOfPaper = [1, 2, 8, 12, 16];
const linearPenalties = [100, 10, 1, 0.1, 0.01];

/**
 * The grid of Choi et al. 2017, "Transfer learning for music classification and regression tasks", section 3.2, and of
 * the code published with it: `rbf` with C and gamma (the last is 1 / nFeatures), `linear` with C, both on features
 * standardised and as they are. `knn` has the numbers of neighbours of that code. `linear` is logistic regression, one
 * class against the rest, or ridge regression, with L2 penalties 0.01 to 100.
 */
export function listSettings(classifier: ClassifierName, nFeatures: number): Setting[] {
  const onAndOff = [true, false];
  if (classifier === 'knn') {
    return neighboursOfPaper.flatMap((neighbours) =>
      onAndOff.map((standardise): Setting => ({ classifier, neighbours, standardise })),
    );
  }
  if (classifier === 'linear') {
    return linearPenalties.flatMap((penalty) =>
      onAndOff.map((standardise): Setting => ({ classifier, penalty, standardise })),
    );
  }
  const gammas = [...gammaExponentsOfPaper.map((exponent) => 2 ** -exponent), 1 / nFeatures];
  const rbf = penaltiesOfPaper.flatMap((c) =>
    gammas.flatMap((gamma) =>
      onAndOff.map((standardise): Setting => ({ classifier, kernel: 'rbf', c, gamma, standardise })),
    ),
  );
  const linear = penaltiesOfPaper.flatMap((c) =>
    onAndOff.map((standardise): Setting => ({ classifier, kernel: 'linear', c, standardise })),
  );
  return [...rbf, ...linear];
}

/** @example describeSetting(setting, 'classification') // 'SVC rbf, C 8, gamma 0.00781, standardised' */
export function describeSetting(setting: Setting, kind: TaskKind): string {
  const scaling = setting.standardise ? 'standardised' : 'as they are';
  const isClassification = kind === 'classification';
  if (setting.classifier === 'knn') return `${setting.neighbours} nearest neighbours, ${scaling}`;
  if (setting.classifier === 'linear') {
    return `${isClassification ? 'logistic' : 'ridge'} regression, penalty ${setting.penalty}, ${scaling}`;
  }
  const gamma = setting.kernel === 'rbf' ? `, gamma ${Number(setting.gamma.toPrecision(3))}` : '';
  return `${isClassification ? 'SVC' : 'SVR'} ${setting.kernel}, C ${setting.c}${gamma}, ${scaling}`;
}
