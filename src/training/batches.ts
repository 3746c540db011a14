/** Mini-batches of random crops; what an epoch holds follows from the seed and the epoch alone. */
import { createRandom } from '../../datasets/random.ts';
import { cut } from '../models/windows.ts';
import { changeSpeed, neededSamples } from './changeSpeed.ts';
import { mixup } from './mixup.ts';
import { targetsOf, type ClipSet } from '../audio/clipSet.ts';

export interface Batch {
  /** `[clips, samples]`, row-major. */
  waveforms: Float32Array;
  /** `[clips, tags]`, row-major; NaN where it is unknown. */
  targets: Float32Array;
  size: number;
}

export interface BatchOptions {
  batchSize: number;
  /** Length of a crop, samples. */
  samples: number;
  seed: number;
  /** Plays each crop up to this share faster or slower, by {@link changeSpeed}, in [0, 1]; 0 leaves it. Default 0. */
  speed?: number;
  /** Blends crops by {@link mixup} with this parameter; 0 blends nothing. Default 0. */
  mixup?: number;
  /** From 1; a resumed run gives the same batches without having drawn the earlier ones. */
  epoch: number;
}

/**
 * One epoch: every clip once, in random order, a random crop of each. The next batch is fetched while the present one
 * is trained on.
 *
 * @throws RangeError if `batchSize` is not an integer >= 1; whatever `set.waveform` throws, when its batch is due.
 */
export async function* batches(set: ClipSet, options: BatchOptions): AsyncGenerator<Batch> {
  const { batchSize, samples, seed, epoch, speed = 0, mixup: alpha = 0 } = options;
  if (!(Number.isInteger(batchSize) && batchSize >= 1)) {
    throw new RangeError(`batches: batchSize must be an integer >= 1, clips; got ${batchSize}.`);
  }
  const random = createRandom(seed, epoch);
  const order = random.shuffle(set.ids.map((_, index) => index));
  const places = order.map(() => random.uniform(0, 1));
  // streams of their own, so that an augmentation switched on leaves order and places as they are
  const blends = createRandom(seed, epoch, 1);
  const speeds = createRandom(seed, epoch, 2);
  const crops = order.map((index, i) => ({
    index,
    place: places[i],
    speed: (1 + speed) ** speeds.uniform(-1, 1),
  }));
  const fetch = (start: number) => fetchBatch(set, crops.slice(start, start + batchSize), samples);
  let next = fetch(0);
  for (let start = 0; start < order.length; start += batchSize) {
    const batch = await next;
    if (start + batchSize < order.length) next = fetch(start + batchSize);
    next.catch(() => undefined); // a failure is thrown when its turn comes, not as an unhandled rejection
    yield alpha > 0 ? mixup(batch, alpha, blends) : batch;
  }
}

/** What is cut out of which clip. */
interface Crop {
  index: number;
  /** In [0, 1). */
  place: number;
  speed: number;
}

async function fetchBatch(set: ClipSet, crops: Crop[], samples: number): Promise<Batch> {
  const waveforms = new Float32Array(crops.length * samples);
  const targets = new Float32Array(crops.length * set.nTags);
  await Promise.all(
    crops.map(async ({ index, place, speed }, row) => {
      const length = speed === 1 ? samples : neededSamples(samples, speed);
      const clip = await set.waveform(index);
      const crop = cut(clip, cropOffset(clip.length, length, place), length);
      waveforms.set(speed === 1 ? crop : changeSpeed(crop, samples, speed), row * samples);
      targets.set(targetsOf(set, index), row * set.nTags);
    }),
  );
  return { waveforms, targets, size: crops.length };
}

/** A place in [0, 1) as an offset: any crop that fits, or any start of a clip that has to be repeated. */
function cropOffset(clipLength: number, samples: number, place: number): number {
  const choices = clipLength >= samples ? clipLength - samples + 1 : clipLength;
  return Math.floor(place * choices);
}

/**
 * The targets of a batch with 0 in the place of what is unknown, and which of them are known (1) or not (0); null
 * where all are.
 */
export function knownTargets(targets: Float32Array): { targets: Float32Array; known: Float32Array | null } {
  if (!targets.some(Number.isNaN)) return { targets, known: null };
  return {
    targets: targets.map((target) => (Number.isNaN(target) ? 0 : target)),
    known: targets.map((target) => Number(!Number.isNaN(target))),
  };
}
