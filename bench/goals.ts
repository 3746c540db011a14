/** What the project set out to reach, and whether a measurement reaches it. */
import { describeSpread, figure, markdownTable } from './markdown.ts';
import type { Spread } from './ratio.ts';

interface Goal {
  what: string;
  goal: string;
  /** Largest ratio that meets the goal. */
  atMost?: number;
  /** Smallest ratio that meets it. */
  atLeast?: number;
}

const step = 'training step, compact convnet, 29 s at 12 kHz, batch 8';
const small = 'log-mel, `wasm`, nFft 512, hop 256, 96 bands, 12 kHz';
const large = 'log-mel, `wasm`, nFft 2048, hop 512, 128 bands, 22.05 kHz';

/** In the order of the printed table. */
export const goals = {
  trainingStep: { what: `${step}, \`wasm\``, goal: '≤ 0.6 × PyTorch, 2 threads', atMost: 0.6 },
  stockStep: { what: 'the same', goal: '≥ 50 × faster than stock wasm', atLeast: 50 },
  tensorflowStep: {
    what: `${step}, \`tensorflow\``,
    goal: '≤ 1.1 × Keras + Kapre, same TensorFlow',
    atMost: 1.1,
  },
  layerFeatures: {
    what: 'features of all layers from decoded waveforms, `wasm`',
    goal: '≤ 0.6 × PyTorch',
    atMost: 0.6,
  },
  loadLibrosa: {
    what: 'mp3 on disk → 12 kHz mono, per core',
    goal: "≤ 0.7 × librosa.load(res_type='soxr_hq')",
    atMost: 0.7,
  },
  loadFfmpeg: { what: 'the same', goal: '≤ 1.2 × ffmpeg', atMost: 1.2 },
  wholeJob: {
    what: 'the whole job: mp3 files → features of all layers in a file, 2 cores',
    goal: '≤ 0.7 × librosa + PyTorch in a pool of 2',
    atMost: 0.7,
  },
  smallTorchaudio: { what: small, goal: '≤ 0.3 × torchaudio, 2 threads', atMost: 0.3 },
  smallLibrosa: { what: small, goal: '≤ 0.1 × librosa', atMost: 0.1 },
  largeTorchaudio: { what: large, goal: '≤ 0.3 × torchaudio, 2 threads', atMost: 0.3 },
  largeLibrosa: { what: large, goal: '≤ 0.1 × librosa', atMost: 0.1 },
  gpuLogMel: {
    what: 'log-mel, `webgpu` on a CUDA card',
    goal: '≥ 2 × faster than torchaudio on the card',
    atLeast: 2,
  },
  memory: { what: 'memory over 100 training steps', goal: 'flat on every engine' },
  agreement: {
    what: 'features and probabilities between engines',
    goal: 'equal within 1e-4, relative',
    atMost: 1e-4,
  },
} satisfies Record<string, Goal>;

export type GoalName = keyof typeof goals;

/** A measurement against a goal: a ratio, or in words with its verdict. */
export type GoalResult = { name: GoalName } & ({ ratio: Spread } | { text: string; met: boolean });

/** Judged by the median. */
export function isMet(result: GoalResult): boolean {
  if ('met' in result) return result.met;
  const { atMost = Infinity, atLeast = -Infinity }: Goal = goals[result.name];
  return result.ratio.median <= atMost && result.ratio.median >= atLeast;
}

/** A line a goal, measured or not; `remarks` say why one was not. */
export function goalTable(
  names: readonly GoalName[],
  results: readonly GoalResult[],
  remarks: Partial<Record<GoalName, string>> = {},
): string {
  const inOrder = (Object.keys(goals) as GoalName[]).filter((name) => names.includes(name));
  const rows = inOrder.map((name) => {
    const { what, goal } = goals[name];
    const result = results.find((candidate) => candidate.name === name);
    if (result === undefined) return [what, goal, `not measured${remark(remarks[name])}`, '–'];
    const measured = 'text' in result ? result.text : describeSpread(result.ratio);
    return [what, goal, measured, isMet(result) ? 'yes' : `no${missedBy(result)}`];
  });
  return markdownTable(['what', 'goal', 'measured, median [lowest–highest]', 'met'], rows);
}

function remark(text: string | undefined): string {
  return text === undefined ? '' : `: ${text}`;
}

/** How far off, as a factor. */
function missedBy(result: GoalResult): string {
  if ('met' in result) return '';
  const { atMost, atLeast }: Goal = goals[result.name];
  const factor = atMost === undefined ? atLeast! / result.ratio.median : result.ratio.median / atMost;
  return `, by ${figure(factor)} ×`;
}
