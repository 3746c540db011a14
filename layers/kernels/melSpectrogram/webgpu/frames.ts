/** Waveform to spectrogram or mel bands in one pass: a workgroup takes a frame, and nothing in between is stored. */
import type * as tf from '@tensorflow/tfjs';
import { padLength } from '../../../dsp/framing.ts';
import { runShader, type WebGPUBackend } from '../../webgpu/runShader.ts';
import type { DecibelShape, MelShape, StftShape } from '../shape.ts';
import { countWaveformFrames } from '../shape.ts';
import { fourierCode, fourierConstants, fourierThreads, fourierTurns } from './fourier.ts';
import { keepOnGpu } from './keepOnGpu.ts';

type Stft = Omit<StftShape, 'dft'>;

/** `[clips, channels, frames, bins]`. */
export function runSpectrogram(
  backend: WebGPUBackend,
  x: tf.Tensor3D,
  window: tf.TensorInfo,
  shape: Stft,
): tf.TensorInfo {
  const nBins = window.shape[0] / 2 + 1;
  return runFrames(backend, x, window, shape, nBins, {
    name: `spectrogram, power ${shape.power}`,
    code: storeBins,
    inputs: {},
  });
}

/** `[clips, channels, frames, mels]`; in decibels over a reference that is a number, without a floor. */
export function runMel(
  backend: WebGPUBackend,
  x: tf.Tensor3D,
  window: tf.TensorInfo,
  filterbank: tf.TensorInfo,
  shape: Omit<MelShape, 'dft'>,
): tf.TensorInfo {
  const { bands, decibel, power } = shape;
  const inputs: Record<string, tf.TensorInfo> = { filterbank };
  if (bands !== undefined) inputs.spans = keepOnGpu(backend, bands, 'int32', () => bands);
  return runFrames(backend, x, window, shape, filterbank.shape[1], {
    name: `mel, power ${power}, ${bands === undefined ? 'dense' : 'sparse'}${decibel === null ? '' : ', decibel'}`,
    code: storeBands(bands !== undefined, decibel),
    inputs,
    floats: decibel === null ? {} : { AMIN: decibel.amin, REFERENCE: referenceOf(decibel) },
  });
}

/** Decibels that power 1 lies above the reference; 0 for that of a clip, which is not known yet. */
function referenceOf({ ref, amin }: DecibelShape): number {
  return ref === 'max' ? 0 : 10 * Math.log10(Math.max(amin, ref));
}

function runFrames(
  backend: WebGPUBackend,
  x: tf.Tensor3D,
  window: tf.TensorInfo,
  shape: Stft,
  columns: number,
  store: {
    name: string;
    code: string;
    inputs: Record<string, tf.TensorInfo>;
    floats?: Record<string, number>;
  },
): tf.TensorInfo {
  const [nFft] = window.shape;
  const [clips, channels, samples] = x.shape;
  const { hopLength, center, padMode, power } = shape;
  const nFrames = countWaveformFrames(x, nFft, shape);
  const turns = keepOnGpu(backend, nFft, 'float32', () => fourierTurns(nFft));
  return runShader(
    backend,
    {
      name: `${store.name}, of ${nFft}`,
      code: windowed + fourierCode(nFft) + magnitudes + store.code,
      constants: { ...fourierConstants(nFft), MIRRORED: padMode === 'reflect' ? 1 : 0, POWER: power },
      floats: store.floats,
      threads: fourierThreads(nFft),
    },
    {
      inputs: { x, taper: window, turns, ...store.inputs },
      uniforms: {
        ...{ samples, hopLength, nFrames, columns, pad: padLength({ nFft, hopLength, center }) },
        frames: clips * channels * nFrames,
      },
      shape: [clips, channels, nFrames, columns],
      groups: clips * channels * nFrames,
    },
  );
}

const windowed = `
fn windowed(n : i32) -> f32 {
  let frame = min(groupIndex(), uniforms.frames - 1);
  var at = frame % uniforms.nFrames * uniforms.hopLength + n - uniforms.pad;
  if (MIRRORED == 1) {
    at = abs(at);
    if (at >= uniforms.samples) { at = 2 * uniforms.samples - 2 - at; }
  }
  if (at < 0 || at >= uniforms.samples) { return 0.0; }
  return x[frame / uniforms.nFrames * uniforms.samples + at] * taper[n];
}
`;

const magnitudes = `
fn bin(k : i32) -> f32 {
  if (POWER == 1) { return sqrt(work[k]); }
  return work[k];
}
`;

const storeBins = `
fn main() {
  powerSpectrum();
  if (groupIndex() >= uniforms.frames) { return; }
  for (var k = i32(localIndex); k <= HALF; k += THREADS) { result[groupIndex() * uniforms.columns + k] = bin(k); }
}
`;

function storeBands(sparse: boolean, decibel: DecibelShape | null): string {
  return `
fn main() {
  powerSpectrum();
  if (groupIndex() >= uniforms.frames) { return; }
  for (var band = i32(localIndex); band < uniforms.columns; band += THREADS) {
    var sum = 0.0;
    for (var k = ${sparse ? 'spans[2 * band]' : '0'}; k < ${sparse ? 'spans[2 * band + 1]' : 'HALF + 1'}; k++) {
      sum += bin(k) * filterbank[k * uniforms.columns + band];
    }
    result[groupIndex() * uniforms.columns + band] = ${
      decibel === null ? 'sum' : `log(max(sum, AMIN)) * ${10 / Math.LN10} - REFERENCE`
    };
  }
}
`;
}
