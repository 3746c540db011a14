/** Spectrogram and mel spectrogram of compute shaders against float64, and their gradients against stock ops on `cpu`. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../../datasets/random.ts';
import { melFilterbank } from '../../../../layers/dsp/mel.ts';
import { stft } from '../../../../layers/dsp/stft.ts';
import type { PadMode } from '../../../../layers/dsp/framing.ts';
import { MelSpectrogram, type MelSpectrogramArgs } from '../../../../layers/melSpectrogram.ts';
import { Spectrogram } from '../../../../layers/spectrogram.ts';
import { onBoth, onWebgpu, relativeError, useWebgpu } from '../../../support/webgpuAdapter.ts';

const sampleRate = 12_000;

/** Two tones in noise and a click, then near-silence 120 dB below: as much as float32 holds in one frame, and more. */
function signal(samples: number, seed: number): Float32Array {
  const random = createRandom(seed, 3);
  return Float32Array.from({ length: samples }, (_, t) => {
    const loud = t < samples / 2;
    const tones = loud ? 0.5 * Math.sin(0.21 * t + seed) + 0.01 * Math.sin(1.9 * t) : 0;
    return tones + (loud ? 1e-3 : 1e-6) * random.noise() + (t === Math.floor(samples / 3) ? 0.9 : 0);
  });
}

interface Framing {
  nFft: number;
  hopLength: number;
  center?: boolean;
  padMode?: PadMode;
}

/** `[frames, bins]` in float64. */
function truePower(samples: Float32Array, framing: Framing): { power: Float64Array; nBins: number } {
  const { real, imag, nBins } = stft(samples, framing);
  return { power: real.map((re, i) => re * re + imag[i] * imag[i]), nBins };
}

/** Mel bands in float64, before any logarithm. */
function trueMel(samples: Float32Array, framing: Framing, nMels: number): Float64Array {
  const { power, nBins } = truePower(samples, framing);
  const bank = melFilterbank({ sampleRate, nMels, nFft: framing.nFft });
  const mel = new Float64Array((power.length / nBins) * nMels);
  power.forEach((value, at) => {
    const [frame, k] = [Math.floor(at / nBins), at % nBins];
    for (let m = 0; m < nMels; m++) mel[frame * nMels + m] += value * bank[k * nMels + m];
  });
  return mel;
}

await onWebgpu(() => {
  beforeAll(useWebgpu);

  test.each([
    [2, 1],
    [4, 3],
    [8, 8],
    [16, 5],
    [64, 16],
    [512, 256],
    [1024, 300],
    [2048, 512],
    [4096, 1024],
  ])(
    'a spectrogram with nFft %i and hop %i is that of float64, within 1e-6 of its peak',
    async (nFft, hopLength) => {
      const samples = signal(9001, 1);
      const layer = new Spectrogram({ nFft, hopLength });
      const got = layer.apply(tf.tensor2d(samples, [1, samples.length])) as tf.Tensor;
      const expected = truePower(samples, { nFft, hopLength }).power;
      expect(relativeError(await got.data<'float32'>(), Float32Array.from(expected))).toBeLessThan(1e-6);
    },
  );

  test.each([
    [64, 16, 8],
    [512, 256, 96],
    [1024, 256, 64],
    [2048, 512, 128],
    [4096, 1024, 128],
  ])(
    'log10 of mel power with nFft %i, hop %i, %i bands: off float64 by 2e-5 in the mean and 2e-3 at most',
    async (nFft, hopLength, nMels) => {
      const clips = [signal(24_000, 2), signal(24_000, 3)];
      const layer = new MelSpectrogram({
        ...{ sampleRate, nFft, hopLength, nMels },
        decibel: { topDb: null, amin: 1e-30 },
      });
      const x = tf.tensor2d(Float32Array.of(...clips[0], ...clips[1]), [2, 24_000]);
      const got = await (layer.apply(x) as tf.Tensor).data<'float32'>();
      const expected = clips.flatMap((clip) => [...trueMel(clip, { nFft, hopLength }, nMels)]);
      expect(got.length).toBe(expected.length);
      let [sum, worst, count] = [0, 0, 0];
      got.forEach((decibels, i) => {
        if (expected[i] < 1e-25) return; // a band that no bin falls into
        const error = Math.abs(decibels / 10 - Math.log10(expected[i]));
        sum += error;
        worst = Math.max(worst, error);
        count++;
      });
      expect(count).toBeGreaterThan(0.8 * got.length);
      expect(sum / count).toBeLessThan(2e-5);
      expect(worst).toBeLessThan(2e-3);
    },
  );

  test.each<[string, Omit<MelSpectrogramArgs, 'sampleRate'>]>([
    ['the peak as reference and a floor', { decibel: { ref: 'max', topDb: 50 } }],
    ['the peak as reference, no floor', { decibel: { ref: 'max', topDb: null } }],
    ['a number as reference and a floor', { decibel: { ref: 3, topDb: 40, amin: 1e-6 } }],
    ['a number as reference, no floor', { decibel: { ref: 0.5, topDb: null, amin: 1e-6 } }],
    ['no decibels, magnitudes', { power: 1 }],
    ['zero padding', { padMode: 'constant', decibel: { ref: 'max', topDb: 60 } }],
    ['no padding', { center: false, window: 'hamming', winLength: 100 }],
    ['a trained filterbank', { trainableFilterbank: true, decibel: { ref: 'max', topDb: 60 } }],
    ['channels first', { outputDataFormat: 'channelsFirst' }],
  ])(
    'two clips of two channels, a loud one and a soft one, equal stock ops on cpu: %s',
    async (_, options) => {
      const { cpu, webgpu } = await onBoth(() =>
        tf.tidy(() => {
          const left = signal(3000, 4);
          const right = signal(3000, 5);
          const loud = tf.stack([tf.tensor1d(left), tf.tensor1d(right)], 1);
          const x = tf.stack([loud, tf.mul(loud, 1e-3)]);
          const layer = new MelSpectrogram({ sampleRate, nFft: 128, hopLength: 50, nMels: 20, ...options });
          return { output: layer.apply(x) as tf.Tensor };
        }),
      );
      expect(relativeError(webgpu.get('output')!, cpu.get('output')!)).toBeLessThan(2e-5);
    },
  );

  test.each<[string, Omit<MelSpectrogramArgs, 'sampleRate'>]>([
    ['a filterbank, decibels', { trainableFilterbank: true, decibel: { ref: 'max', topDb: 50 } }],
    ['a filterbank, power', { trainableFilterbank: true }],
    ['a window, decibels', { trainableWindow: true, winLength: 50, decibel: { ref: 'max', topDb: 50 } }],
    ['a window, magnitudes', { trainableWindow: true, power: 1, padMode: 'constant' }],
    ['the kernels of the transform', { trainableKernels: true, hopLength: 20 }],
    ['window and filterbank', { trainableWindow: true, trainableFilterbank: true }],
  ])('gradients by waveform and what is trained equal stock ops on cpu: %s', async (_, options) => {
    const { cpu, webgpu } = await onBoth(() => {
      const x = tf.randomNormal([2, 700], 0, 1, 'float32', 8);
      const layer = new MelSpectrogram({ sampleRate, nFft: 64, nMels: 10, ...options });
      const output = layer.apply(x) as tf.Tensor;
      const weights = tf.randomNormal(output.shape, 0, 1, 'float32', 9);
      const loss = (value: tf.Tensor) =>
        tf.sum(tf.mul(layer.apply(value) as tf.Tensor, weights)) as tf.Scalar;
      const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
      const { grads } = tf.variableGrads(() => loss(x), variables);
      const trained = variables.map(({ name }) => [name.replace(/^.*\//, ''), grads[name]]);
      return {
        output,
        x: tf.grad(loss)(x),
        ...(Object.fromEntries(trained) as Record<string, tf.Tensor>),
      };
    });
    expect(cpu.size).toBeGreaterThan(2);
    expect([...webgpu.keys()]).toEqual([...cpu.keys()]);
    for (const [name, expected] of cpu) {
      expect(relativeError(webgpu.get(name)!, expected), name).toBeLessThan(1e-4);
    }
  });

  test('more frames than a dimension of workgroups holds', async () => {
    const layer = new MelSpectrogram({ sampleRate, nFft: 4, hopLength: 1, nMels: 2 });
    const samples = signal(70_000, 6);
    const got = await (layer.apply(tf.tensor2d(samples, [1, samples.length])) as tf.Tensor).data<'float32'>();
    const expected = Float32Array.from(trueMel(samples, { nFft: 4, hopLength: 1 }, 2));
    expect(relativeError(got, expected)).toBeLessThan(1e-6);
  });

  test('tensors and the bytes of the GPU are flat over 100 batches', async () => {
    const layer = new MelSpectrogram({ sampleRate, nFft: 128, nMels: 20, decibel: { ref: 'max' } });
    const x = tf.tensor2d(signal(2000, 7), [1, 2000]);
    const run = async () => {
      const output = layer.apply(x) as tf.Tensor;
      await output.data();
      output.dispose();
    };
    const memory = () => {
      const { numTensors, numDataBuffers, numBytesInGPU, numBytesAllocatedInGPU } =
        tf.memory() as unknown as Record<string, number>;
      return { numTensors, numDataBuffers, numBytesInGPU, numBytesAllocatedInGPU };
    };
    for (let i = 0; i < 5; i++) await run();
    const before = memory();
    for (let i = 0; i < 100; i++) await run();
    expect(memory()).toEqual(before);
  });
});
