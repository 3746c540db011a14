/** The whole job: what `sonotag features --windows first` does once it has started. */
import { listFolder } from '../../datasets/index.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { layerExtractor } from '../../src/features/layerExtractor.ts';
import { writeFeatures } from '../../src/features/writeFeatures.ts';
import type { TaggerInfo } from '../../src/models/taggerInfo.ts';
import { benchInput, createBenchModel } from './benchModel.ts';
import type { OurTask } from './tasks.ts';

export interface WholeJobOptions {
  /** Folder of class folders of files. */
  folder: string;
  /** HDF5 file. */
  out: string;
}

export async function wholeJobTask(
  { folder, out }: WholeJobOptions,
  { name }: Pick<Engine, 'name'>,
): Promise<OurTask> {
  const tagger = { model: createBenchModel(), info: benchInfo };
  const dataset = await listFolder(folder);
  return {
    facts: { files: dataset.clips.length },
    async run() {
      const extractor = layerExtractor(tagger, { windows: 'first' });
      const { clips, skipped } = await writeFeatures(extractor, dataset, out, { engine: name });
      if (skipped.length > 0) throw new Error(`${skipped.length} files skipped, ${clips} read`);
    },
    release: () => void tagger.model.dispose(),
  };
}

const benchInfo: TaggerInfo = {
  format: 'sonotag tagger',
  formatVersion: 1,
  sampleRate: benchInput.sampleRate,
  samples: benchInput.samples,
  tags: Array.from({ length: benchInput.nTags }, (_, i) => `tag ${i}`),
  exclusive: false,
  frontEnd: {},
  decibel: { of: 'power', reference: 'clip' },
  batchNorm: 'moving',
  training: {
    ...{ data: 'none', clips: 0, splitHash: '', validShare: 0, seed: 1, epochs: 0, engine: 'none' },
  },
  weightsHash: 'start weights of seed 1',
  licence: 'none: start weights',
  madeBy: 'bench',
};
