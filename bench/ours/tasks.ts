/** What our side can be asked to do. */
import type { Engine } from '../../src/engine/engine.ts';
import type { CallTime } from '../contestant.ts';
import { layerFeaturesTask, outputsTask } from './layerFeatures.ts';
import { loadTask } from './load.ts';
import { logMelTask } from './logMel.ts';
import { memoryTask, trainingStepTask } from './trainingStep.ts';
import { wholeJobTask } from './wholeJob.ts';

export interface OurTask {
  facts?: Record<string, unknown>;
  /** One call. */
  run?: () => Promise<unknown>;
  /** In place of `run`, for what measures itself. */
  measure?: (times: number) => Promise<CallTime>;
  /** What a call computes, to compare. */
  output?: () => Promise<Float32Array>;
  release?: () => void | Promise<void>;
}

export type PrepareTask = (options: never, engine: Pick<Engine, 'name'>) => OurTask | Promise<OurTask>;

export const tasks: Record<string, PrepareTask> = {
  logMel: logMelTask,
  load: loadTask,
  trainingStep: trainingStepTask,
  memory: memoryTask,
  layerFeatures: layerFeaturesTask,
  outputs: outputsTask,
  wholeJob: wholeJobTask,
};
