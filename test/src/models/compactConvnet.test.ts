import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { useEngine } from '../../../src/engine/engine.ts';
import {
  createCompactConvnet,
  findEmptyMelBands,
  type CompactConvnetOptions,
} from '../../../src/models/compactConvnet.ts';
import { expectClose } from '../../support/expectClose.ts';
import { onEngines } from '../../support/onEngines.ts';
import { toneClip } from '../../support/toneTask.ts';

const published: CompactConvnetOptions = { sampleRate: 12_000, samples: 29 * 12_000, nTags: 50 };

/** 0.3 s at 4 kHz: quick on every engine. */
const small: CompactConvnetOptions = {
  sampleRate: 4000,
  samples: 1200,
  nTags: 3,
  filters: 4,
  frontEnd: { nFft: 128, nMels: 16 },
};

function countTrainable(layers: { trainableWeights: tf.LayerVariable[] }[]): number {
  return layers
    .flatMap((layer) => layer.trainableWeights)
    .reduce((sum, weight) => sum + weight.read().size, 0);
}

function startWeights(options: CompactConvnetOptions): number[] {
  return createCompactConvnet(options)
    .getWeights()
    .flatMap((weight) => Array.from(weight.dataSync()));
}

function predict(model: tf.LayersModel, clips: Float32Array[]): number[][] {
  return tf.tidy(() =>
    (model.predict(tf.stack(clips.map((clip) => tf.tensor1d(clip)))) as tf.Tensor2D).arraySync(),
  );
}

describe('at the published size', () => {
  let model: tf.LayersModel;
  beforeAll(async () => {
    await useEngine('cpu');
    model = createCompactConvnet(published);
  });

  test('it has 39,282 trainable parameters: 37,312 of convolutions, 320 of batch norm, 1,650 dense', () => {
    // Choi et al. 2017: 3*3*1*32 + 32 and four times 3*3*32*32 + 32; 5 * (32 + 32); 32 * 50 + 50
    expect(countTrainable([model])).toBe(39_282);
    const blocks = model.layers.filter(({ name }) => name.startsWith('block'));
    const ofNames = (pattern: RegExp) =>
      blocks
        .flatMap(({ trainableWeights }) => trainableWeights)
        .filter(({ originalName }) => pattern.test(originalName))
        .reduce((sum, weight) => sum + weight.read().size, 0);
    expect(ofNames(/kernel|bias/)).toBe(37_312);
    expect(ofNames(/gamma|beta/)).toBe(320);
    expect(countTrainable([model.getLayer('logits')])).toBe(1_650);
  });

  test('its maps shrink from 1360 frames of 96 bands to one, five pools of (4,2) (4,3) (5,2) (4,2) (4,4)', () => {
    const shapes = [0, 1, 2, 3, 4].map((block) => model.getLayer(`block${block}`).outputShape);
    expect(model.getLayer('logMel').outputShape).toEqual([null, 1360, 96, 1]);
    expect(shapes).toEqual([
      [null, 340, 48, 32],
      [null, 85, 16, 32],
      [null, 17, 8, 32],
      [null, 4, 4, 32],
      [null, 1, 1, 32],
    ]);
    expect(model.outputShape).toEqual([null, 50]);
  });

  test('trainable DFT kernels add 2 * 257 * 512 parameters, a trainable filterbank 257 * 96, a trainable window 512', () => {
    const withFrontEnd = (frontEnd: CompactConvnetOptions['frontEnd']) =>
      countTrainable([createCompactConvnet({ ...published, frontEnd })]) - 39_282;
    expect(withFrontEnd({ trainableKernels: true })).toBe(2 * 257 * 512);
    expect(withFrontEnd({ trainableFilterbank: true })).toBe(257 * 96);
    expect(withFrontEnd({ trainableWindow: true })).toBe(512);
  });
});

test('2 s at 16 kHz, 126 frames, keep a frame to the end and the same parameters', async () => {
  await useEngine('cpu');
  const model = createCompactConvnet({ sampleRate: 16_000, samples: 32_000, nTags: 50 });
  expect(model.getLayer('logMel').outputShape).toEqual([null, 126, 96, 1]);
  expect(model.getLayer('block4').outputShape).toEqual([null, 1, 1, 32]);
  expect(countTrainable([model])).toBe(39_282);
});

onEngines(() => {
  const clips = [toneClip(false, 1), toneClip(true, 2), toneClip(true, 3)];

  test('sigmoid outputs lie in [0, 1] each, softmax rows sum to 1', () => {
    const tags = predict(createCompactConvnet(small), clips);
    const classes = predict(createCompactConvnet({ ...small, exclusive: true }), clips);
    for (const row of [...tags, ...classes]) {
      expect(row).toHaveLength(3);
      expect(row.every((p) => p >= 0 && p <= 1)).toBe(true);
    }
    for (const row of classes)
      expectClose(
        row.reduce((sum, p) => sum + p),
        1,
        { atol: 1e-6 },
      );
    expect(tags.some((row) => Math.abs(row.reduce((sum, p) => sum + p) - 1) > 0.01)).toBe(true);
  });

  test('the probabilities are the sigmoid of the layer "logits"', () => {
    const model = createCompactConvnet(small);
    const logits = tf.model({
      inputs: model.inputs,
      outputs: model.getLayer('logits').output as tf.SymbolicTensor,
    });
    const expected = predict(logits, clips).map((row) => row.map((z) => 1 / (1 + Math.exp(-z))));
    expectClose(predict(model, clips), expected, { atol: 1e-6 });
  });

  test('a clip comes out the same alone and beside a loud neighbour', () => {
    const model = createCompactConvnet(small);
    const loud = toneClip(false, 9).map((sample) => 1.9 * sample);
    const [alone] = predict(model, [clips[0]]);
    const [first, , last] = predict(model, [clips[0], loud, clips[0]]);
    expectClose([first, last], [alone, alone], { atol: 1e-6 });
  });

  test('a clip ten times softer gives the same probabilities', () => {
    for (const frontEnd of [small.frontEnd, { ...small.frontEnd, normalize: null }]) {
      const model = createCompactConvnet({ ...small, frontEnd });
      const soft = clips.map((clip) => clip.map((sample) => 0.1 * sample));
      // decibels of float32 powers, near 1e-7 relative, through five blocks
      expectClose(predict(model, soft), predict(model, clips), { atol: 1e-4 });
    }
  });

  test('silence gives finite probabilities', () => {
    const [row] = predict(createCompactConvnet(small), [new Float32Array(1200)]);
    expect(row.every(Number.isFinite)).toBe(true);
  });

  test('a linear spectrogram of any DFT length is taken with nMels null', () => {
    for (const [nFft, nBins] of [
      [512, 257],
      [128, 65],
      [32, 17],
    ]) {
      const model = createCompactConvnet({ ...small, frontEnd: { nFft, nMels: null } });
      expect(model.layers.map(({ name }) => name)).not.toContain('logMel');
      expect(model.getLayer('decibel').outputShape[2]).toBe(nBins);
      expect(predict(model, clips).flat().every(Number.isFinite)).toBe(true);
    }
  });

  test('the same seed gives the same start weights, another seed others', () => {
    const first = startWeights({ ...small, seed: 3 });
    expect(startWeights({ ...small, seed: 3 })).toEqual(first);
    const other = startWeights({ ...small, seed: 4 });
    expect(other).toHaveLength(first.length);
    expect(other).not.toEqual(first);
  });

  test('no two layers start alike', () => {
    const model = createCompactConvnet(small);
    const kernels = [1, 2, 3, 4].map((block) =>
      String(model.getLayer(`block${block}`).getWeights()[0].dataSync().slice(0, 8)),
    );
    expect(new Set(kernels).size).toBe(4);
  });

  test('a model that is disposed of leaves no tensor', () => {
    const before = tf.memory().numTensors;
    const model = createCompactConvnet(small);
    predict(model, clips);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('front-end options reach their layers', () => {
  const frontEnd = {
    nFft: 256,
    hopLength: 100,
    nMels: 20,
    fMin: 50,
    fMax: 1800,
    melScale: 'htk',
    melNorm: null,
    topDb: 60,
    normalize: 'frequency',
  } as const;
  const model = createCompactConvnet({ ...small, frontEnd });
  const config = (name: string) => model.getLayer(name).getConfig();
  expect(config('logMel')).toMatchObject({
    nFft: 256,
    hopLength: 100,
    power: 2,
    trainableKernels: false,
    sampleRate: 4000,
    nMels: 20,
    fMin: 50,
    fMax: 1800,
    melScale: 'htk',
    norm: null,
    decibel: { ref: 'max', topDb: 60 },
  });
  expect(config('normalization')).toMatchObject({ axis: 'frequency' });
});

test('an input that is not longer than half a DFT frame is refused, with the way out', () => {
  expect(createCompactConvnet({ ...small, samples: 65 }).inputs[0].shape).toEqual([null, 65]);
  expect(() => createCompactConvnet({ ...small, samples: 64 })).toThrow(
    'take a longer input or a smaller nFft',
  );
});

test.each([
  [{ samples: 1200.5 }, 'samples must be an integer'],
  [{ nTags: 0 }, 'nTags must be an integer >= 1'],
  [{ filters: 0 }, 'filters must be an integer >= 1'],
  [{ sampleRate: 0 }, 'sampleRate must be a number > 0'],
  [{ frontEnd: { ...small.frontEnd, topDb: -80 } }, 'Pass 80, not -80'],
  [{ frontEnd: { normalize: 'batch' as never } }, "Use 'dataSample', 'frequency'"],
  [{ frontEnd: { nMels: null, trainableFilterbank: true } }, 'there is no filterbank to train: give nMels'],
  [{ frontEnd: { kind: 'chroma' as never } }, 'frontEnd.kind must be one of mel, learned-chroma, mel+chroma'],
  [
    { frontEnd: { nOctaves: 3, trainableChroma: true } },
    'the front end mel has no nOctaves, trainableChroma',
  ],
  [{ frontEnd: { kind: 'learned-chroma' as const, nMels: 96 } }, 'learned-chroma has no nMels. Take mel or'],
  [{ frontEnd: { kind: 'learned-chroma' as const, nOctaves: 6 } }, 'beyond half of sampleRate (2000 Hz)'],
  [{ frontEnd: { kind: 'learned-chroma' as const, binsPerOctave: 20 } }, 'multiple of nChroma, 12; got 20'],
  [{ frontEnd: { kind: 'mel+chroma' as const, nMels: 40, nFft: 128 } }, 'a multiple of 12; got 40. Use 36'],
  [{ frontEnd: { kind: 'mel+chroma' as const, nMels: null, nFft: 128 } }, 'a multiple of 12; got 65. Use 60'],
])('%o is refused by name', (wrong, message) => {
  expect(() => createCompactConvnet({ ...small, ...wrong })).toThrow(RangeError);
  expect(() => createCompactConvnet({ ...small, ...wrong })).toThrow(message);
});

describe('with masks', () => {
  const masked = { ...small, frontEnd: { ...small.frontEnd, mask: 0.5 } };
  beforeAll(async () => {
    await useEngine('wasm');
  });

  test('probabilities are those of the net without masks: they are of training alone', () => {
    const clips = [toneClip(true, 1), toneClip(false, 2)];
    expect(predict(createCompactConvnet(masked), clips)).toEqual(predict(createCompactConvnet(small), clips));
  });

  test('in training the masks follow the step, and half the bins and frames are the most', () => {
    const model = createCompactConvnet(masked);
    const { freqMaskParam, timeMaskParam } = model.getLayer('mask').getConfig();
    expect([freqMaskParam, timeMaskParam]).toEqual([8, 10]); // of 16 bins and 1 + floor(1200 / 64) = 19 frames
    const map = tf.model({
      inputs: model.inputs,
      outputs: model.getLayer('mask').output as tf.SymbolicTensor,
    });
    const x = tf.tensor2d(toneClip(true, 3), [1, 1200]);
    const train = (step: number) =>
      Array.from((map.apply(x, { training: true, step }) as tf.Tensor).dataSync());
    expect(train(4)).toEqual(train(4));
    expect(train(4)).not.toEqual(train(5));
  });

  test('a share above 1 is refused', () => {
    expect(() => createCompactConvnet({ ...small, frontEnd: { mask: 1.5 } })).toThrow(
      'frontEnd.mask must be a share in [0, 1]; got 1.5',
    );
  });
});

test('with the default front end no mel band is empty up to 22050 Hz; at 44100 Hz two are', () => {
  for (const sampleRate of [8000, 12000, 16000, 22050]) expect(findEmptyMelBands(sampleRate, {})).toBeNull();
  expect(findEmptyMelBands(44100, {})?.bands).toEqual([0, 23]);
  expect(findEmptyMelBands(44100, { nFft: 1024 })).toBeNull();
  expect(findEmptyMelBands(44100, { nMels: null })).toBeNull();
});
