/** The SIMD spectrogram on worker threads, and its distance from float64. */
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { melFilterbank, nonZeroSpans } from '../../../layers/dsp/mel.ts';
import { stft } from '../../../layers/dsp/stft.ts';
import { centeredWindow } from '../../../layers/dsp/windows.ts';
import type { SpectrogramProblem } from '../../../layers/kernels/melSpectrogram/simd/engine.ts';
import { SpectrogramEngine } from '../../../layers/kernels/melSpectrogram/simd/engine.ts';
import { spectrogramGradient } from '../../../layers/kernels/melSpectrogram/simd/gradient.ts';
import { bestBuild, type KernelBuild } from '../../../layers/kernels/simd/instantiate.ts';
import { KernelEngine } from '../../../layers/kernels/simd/kernelEngine.ts';
import { Arena } from '../../../layers/kernels/simd/threads/arena.ts';
import type { StartKernelWorker } from '../../../layers/kernels/simd/threads/workerPool.ts';
import { WorkerPool } from '../../../layers/kernels/simd/threads/workerPool.ts';
import { enableRelaxedSimd } from '../../../src/engine/relaxedSimd.ts';

enableRelaxedSimd();

const startWorker: StartKernelWorker = (source, data, onExit) => {
  const worker = new Worker(source, { eval: true, workerData: data, execArgv: [] });
  worker.on('error', onExit).on('exit', onExit).unref();
  return worker;
};
const engines: SpectrogramEngine[] = [];

/** An engine whose buffers lie between guards. */
async function engineOf(
  threads: number,
  build: KernelBuild = 'simd',
  sliceBytes?: number,
): Promise<SpectrogramEngine> {
  const arena = new Arena({ guardBytes: 128, shared: threads > 1 });
  const kernels = await KernelEngine.create(build, { threads, startWorker }, arena);
  const engine = new SpectrogramEngine(kernels, sliceBytes);
  engines.push(engine);
  return engine;
}

afterEach(() => {
  for (const { arena, executor } of engines.splice(0)) {
    arena.checkGuards();
    if (executor instanceof WorkerPool) executor.close();
  }
});

/** Values that repeat for a seed, in [-1, 1). */
function noise(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0; // Numerical Recipes' generator
    return state / 2 ** 31;
  });
}

function problemOf(
  x: Float32Array,
  xShape: SpectrogramProblem['xShape'],
  nFft: number,
  hopLength: number,
  mel?: Partial<SpectrogramProblem['mel']> & { sampleRate: number; nBands: number },
): SpectrogramProblem {
  const window = Float32Array.from(centeredWindow('hann', nFft, nFft));
  const problem: SpectrogramProblem = {
    ...{ x, xShape, window, hopLength, center: true },
    padMode: 'reflect',
    power: 2,
  };
  if (mel === undefined) return problem;
  const { nBands, sampleRate, ...others } = mel;
  const filterbank = melFilterbank({ sampleRate, nFft, nMels: nBands });
  const spans = nonZeroSpans(filterbank, nBands);
  return { ...problem, mel: { filterbank, nBands, spans, decibel: null, ...others } };
}

function transformed(engine: SpectrogramEngine, problem: SpectrogramProblem): Float32Array {
  return engine.transform(problem, (output) => output.slice());
}

test('two and three threads, and clips a few at a time, give the very numbers of one thread', async () => {
  const [clips, samples] = [3, 5001];
  const decibel = { ref: 'max', amin: 1e-10, topDb: 60 } as const;
  const x = noise(2 * clips * samples, 1);
  const work = problemOf(x, [clips, 2, samples], 64, 16, { sampleRate: 8000, nBands: 13, decibel });
  const dy = noise(2 * clips * 313 * 33, 2); // 313 = 1 + floor(5001 / 16) frames
  const everything = (engine: SpectrogramEngine) => ({
    mel: transformed(engine, work),
    power: transformed(engine, { ...work, mel: undefined }),
    dX: spectrogramGradient(engine, work, dy, 'x'),
    dWindow: spectrogramGradient(engine, work, dy, 'window'),
  });
  const expected = everything(await engineOf(1));
  expect(expected.mel).toHaveLength(2 * clips * 313 * 13);
  for (const engine of [await engineOf(2), await engineOf(3), await engineOf(2, 'simd', 100_000)]) {
    for (let round = 0; round < 3; round++) expect(everything(engine)).toEqual(expected);
    expect(engine.arena.usedBytes).toBeLessThan(140_000); // the pool's board and nothing else
  }
});

/**
 * 2 s over a range of more than 120 dB: a loud sweep with hiss 80 dB below it in each frame, the same fading by 100 dB,
 * near silence. (float32 itself is off by more, also in torchaudio, where a frame holds more than about 100 dB.)
 */
function wideRange(sampleRate: number): Float32Array {
  const hiss = noise(2 * sampleRate, 5);
  return Float32Array.from({ length: 2 * sampleRate }, (_, n) => {
    const t = n / sampleRate;
    if (t >= 1.4) return 1e-6 * hiss[n];
    const sweep = 0.8 * Math.sin(2 * Math.PI * (200 * t + 0.05 * sampleRate * t * t)) + 1e-3 * hiss[n];
    return t < 0.7 ? sweep : sweep * 10 ** (-5 * ((t - 0.7) / 0.7));
  });
}

describe.each(['simd', 'relaxedSimd'] as const)('build %s', (build) => {
  const available = build === 'simd' ? bestBuild() !== undefined : bestBuild() === build;
  test.skipIf(!available).each([
    [12_000, 512, 256, 96],
    [22_050, 2048, 512, 128],
    [16_000, 4096, 1024, 128],
    [8000, 64, 16, 8],
  ])(
    'log10 of mel is within 2e-3 of float64, 2e-5 on average: %d Hz, %d/%d, %d bands',
    async (sampleRate, nFft, hopLength, nBands) => {
      const signal = wideRange(sampleRate);
      const engine = await engineOf(1, build);
      const got = transformed(
        engine,
        problemOf(signal, [1, 1, signal.length], nFft, hopLength, {
          ...{ sampleRate, nBands, decibel: { ref: 1, amin: 1e-30, topDb: null } },
        }),
      );
      const { nFrames, nBins, real, imag } = stft(signal, { nFft, hopLength });
      const filterbank = melFilterbank({ sampleRate, nFft, nMels: nBands });
      expect(got).toHaveLength(nFrames * nBands);
      const errors: number[] = [];
      let [highest, lowest] = [-Infinity, Infinity];
      for (let frame = 0; frame < nFrames; frame++) {
        for (let band = 0; band < nBands; band++) {
          let sum = 0;
          for (let bin = 0; bin < nBins; bin++) {
            const at = frame * nBins + bin;
            sum += (real[at] ** 2 + imag[at] ** 2) * filterbank[bin * nBands + band];
          }
          const log = Math.log10(Math.max(sum, 1e-30));
          if (sum > 0) [highest, lowest] = [Math.max(highest, log), Math.min(lowest, log)];
          errors.push(Math.abs(got[frame * nBands + band] / 10 - log));
        }
      }
      expect(highest - lowest).toBeGreaterThan(12); // 120 dB
      expect(Math.max(...errors)).toBeLessThan(2e-3);
      expect(errors.reduce((a, b) => a + b) / errors.length).toBeLessThan(2e-5);
    },
  );
});
