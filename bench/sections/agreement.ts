/** g. Do all engines give the same numbers? */
import { outputOf } from '../contestant.ts';
import { describeSpread, figure, markdownTable } from '../markdown.ts';
import { benchInput } from '../ours/benchModel.ts';
import { relativeDifference, spreadOf } from '../ratio.ts';
import type { Section } from '../section.ts';
import { threads } from '../session.ts';
import { trainingData } from './trainingStep.ts';

const [nLayers, filters] = [5, 32];

export const agreementSection: Section = {
  letter: 'g',
  question: 'numbers between engines: features and probabilities of the same clips and weights',
  goals: ['agreement'],
  async run(session) {
    const { quick, engines, folder } = session.options;
    const clips = quick ? 1 : 4;
    const { waveforms } = await trainingData(session, clips);
    const contestants = [
      ...engines.filter(({ available }) => available).map(({ name }) => [name, name] as const),
      ['stock', 'wasm without our kernels'] as const,
    ];
    const outputs: { name: string; output: Float32Array }[] = [];
    for (const [engine, name] of contestants) {
      const contestant = session.ours(engine, engine === 'stock' ? 1 : threads, true);
      const entry = await session.enter(name, contestant, 'outputs', { waveforms, clips, batch: 1 });
      if (entry) outputs.push({ name, output: await outputOf(entry.task, folder) });
      await session.end(contestant);
    }
    const reference = outputs.find(({ name }) => name === 'cpu') ?? outputs[0];
    const others = outputs.filter((candidate) => candidate !== reference);
    const differences = others.map(({ name, output }) => {
      const parts = partsOf(output, clips).map((part, i) =>
        relativeDifference(part, partsOf(reference.output, clips)[i]),
      );
      return { name, parts };
    });
    const head = ['engine', ...Array.from({ length: nLayers }, (_, i) => `layer ${i}`), 'probabilities'];
    const table = markdownTable(
      head,
      differences.map(({ name, parts }) => [name, ...parts.map(figure)]),
    );
    const all = differences.flatMap(({ parts }) => parts);
    const worst = all.length > 0 ? spreadOf([Math.max(...all)]) : null;
    return {
      title: this.question,
      body: `Largest difference from \`${reference.name}\` over the largest value of the layer:\n\n${table}`,
      goals: worst
        ? [
            {
              name: 'agreement',
              text: `largest ${describeSpread(worst).split(' ')[0]}`,
              met: worst.median <= 1e-4,
            },
          ]
        : [],
      data: differences,
    };
  },
};

/** Layer by layer, then the probabilities; each over all clips. */
function partsOf(output: Float32Array, clips: number): number[][] {
  const units = nLayers * filters;
  const layers = Array.from({ length: nLayers }, (_, layer) =>
    Array.from({ length: clips * filters }, (_, i) => {
      const [clip, unit] = [Math.floor(i / filters), i % filters];
      return output[clip * units + layer * filters + unit];
    }),
  );
  return [...layers, [...output.subarray(clips * units, clips * (units + benchInput.nTags))]];
}
