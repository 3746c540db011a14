/** Reference and floor of each clip: two small passes over decibels. */
import type * as tf from '@tensorflow/tfjs';
import { runShader, type WebGPUBackend } from '../../webgpu/runShader.ts';
import type { DecibelShape } from '../shape.ts';

const threads = 256;

/** Workgroups that look for the peak of a clip. */
const parts = 32;

/** @param decibels `[clips, ...]`, freed. With neither a floor nor a clip's reference they come back as they are. */
export function limitDecibels(
  backend: WebGPUBackend,
  decibels: tf.TensorInfo,
  { ref, topDb }: DecibelShape,
): tf.TensorInfo {
  if (ref !== 'max' && topDb === null) return decibels;
  const { shape } = decibels;
  const clipValues = shape.slice(1).reduce((product, length) => product * length, 1);
  const uniforms = { clips: shape[0], clipValues };
  const peaks = runShader(
    backend,
    { name: 'peaks of clips', code: findPeaks, constants: { PARTS: parts }, threads },
    { inputs: { decibels }, uniforms, shape: [shape[0], parts], groups: shape[0] * parts },
  );
  const limited = runShader(
    backend,
    {
      name: topDb === null ? 'to the peak' : 'to the floor',
      code: lift(topDb !== null),
      constants: { PARTS: parts, OVER_PEAK: ref === 'max' ? 1 : 0 },
      floats: topDb === null ? {} : { TOP_DB: topDb },
      threads,
    },
    {
      inputs: { decibels, peaks },
      uniforms,
      shape,
      groups: shape[0] * Math.ceil(clipValues / threads),
    },
  );
  backend.disposeData(decibels.dataId);
  backend.disposeData(peaks.dataId);
  return limited;
}

const findPeaks = `
var<workgroup> largest : array<f32, THREADS>;

fn main() {
  let clip = groupIndex() / PARTS;
  let part = groupIndex() % PARTS;
  let thread = i32(localIndex);
  let first = min(clip, uniforms.clips - 1) * uniforms.clipValues;
  var peak = decibels[first];
  for (var i = part * THREADS + thread; i < uniforms.clipValues; i += PARTS * THREADS) {
    peak = max(peak, decibels[first + i]);
  }
  largest[thread] = peak;
  workgroupBarrier();
  for (var half = THREADS / 2; half > 0; half /= 2) {
    if (thread < half) { largest[thread] = max(largest[thread], largest[thread + half]); }
    workgroupBarrier();
  }
  if (thread == 0 && clip < uniforms.clips) { result[groupIndex()] = largest[0]; }
}
`;

function lift(toFloor: boolean): string {
  return `
fn main() {
  let groups = (uniforms.clipValues + THREADS - 1) / THREADS;
  let clip = groupIndex() / groups;
  let i = groupIndex() % groups * THREADS + i32(localIndex);
  if (clip >= uniforms.clips || i >= uniforms.clipValues) { return; }
  var peak = peaks[clip * PARTS];
  for (var part = 1; part < PARTS; part++) { peak = max(peak, peaks[clip * PARTS + part]); }
  let reference = f32(OVER_PEAK) * peak;
  let at = clip * uniforms.clipValues + i;
  result[at] = ${toFloor ? 'max(decibels[at] - reference, peak - reference - TOP_DB)' : 'decibels[at] - reference'};
}
`;
}
