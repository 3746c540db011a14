/** The resampler's convolutions in WebAssembly, with SIMD. */

import type { FrameRange } from '../decodedAudio.ts';
import type { ResampleFilter } from '../resampleFilter.ts';
import type { SignalPart } from '../resample.ts';
import { relaxedSimdBytes, simdBytes } from './wasmBytes.ts';

export type ResampleBuild = 'relaxedSimd' | 'simd';

/** assembly/index.as says what the arguments are. */
interface ResampleExports {
  resampleExact(
    input: number,
    output: number,
    triples: number,
    periodBytes: number,
    stride: number,
    groups: number,
    offsets: number,
    table: number,
    blocks: number,
  ): void;
  resampleInterpolated(
    input: number,
    output: number,
    count: number,
    remainder: number,
    upFactor: number,
    downFactor: number,
    phases: number,
    table: number,
    blocks: number,
  ): void;
}

const PAGE_BYTES = 65_536;
/** Outputs computed before they are copied out: input and output then stay in a core's own cache. */
const OUTPUTS_AT_A_TIME = 8192;
/** Below so many outputs a period, periods are joined until groups of four fill it. */
const SHORT_PERIOD = 64;

/**
 * Convolves as the plain functions of resamplePlain.ts, in float32: 140 dB above its rounding on a full-scale signal.
 * One for every filter, since it holds the table in a memory of its own.
 */
export class SimdResampler {
  private readonly filter: ResampleFilter;
  private readonly exports: ResampleExports;
  private readonly memory: WebAssembly.Memory;
  /** Outputs computed together, three periods in the exact case. */
  private readonly step: number;
  /** Input samples that a step advances by; not whole where phases are interpolated. */
  private readonly stepInputs: number;
  private readonly layout: KernelLayout;
  private readonly inputAt: number;

  constructor(filter: ResampleFilter, build: ResampleBuild) {
    this.filter = filter;
    this.layout = filter.exact ? layOutExact(filter) : layOutInterpolated(filter);
    const { table, offsets, period } = this.layout;
    this.step = filter.exact ? 3 * period : 1;
    this.stepInputs = (this.step / filter.upFactor) * filter.downFactor;
    this.inputAt = align(table.byteLength + offsets.byteLength);
    this.memory = new WebAssembly.Memory({ initial: pages(this.inputAt), maximum: 65_536 });
    new Float32Array(this.memory.buffer).set(table);
    new Int32Array(this.memory.buffer).set(offsets, table.length);
    this.exports = new WebAssembly.Instance(compiledModule(build), { env: { memory: this.memory } })
      .exports as unknown as ResampleExports;
  }

  /** The same as `resamplePart` of resample.ts. */
  convolve(part: SignalPart, wanted: FrameRange): Float32Array {
    const output = new Float32Array(Math.max(0, wanted.end - wanted.first));
    const most = this.step * Math.max(1, Math.floor(OUTPUTS_AT_A_TIME / this.step));
    // Steps start at multiples of their size in the whole signal, wherever the part starts.
    for (let at = Math.floor(wanted.first / this.step) * this.step; at < wanted.end; at += most) {
      const count = Math.min(most, this.step * Math.ceil((wanted.end - at) / this.step));
      const computed = this.compute(part, at, count);
      const from = Math.max(at, wanted.first);
      output.set(computed.subarray(from - at, Math.min(count, wanted.end - at)), from - wanted.first);
    }
    return output;
  }

  /** `count` outputs from `first` on, both multiples of the step; valid until the next call. */
  private compute({ samples, first: start }: SignalPart, first: number, count: number): Float32Array {
    const { upFactor, downFactor, reach, phases, exact } = this.filter;
    const { table, period, groups, blocks, span } = this.layout;
    const place = first * downFactor; // in input samples, times upFactor
    const whole = Math.floor(place / upFactor);
    const inputs = Math.ceil((count / this.step) * this.stepInputs) + span;
    const outputAt = align(this.inputAt + 4 * inputs);
    this.reserve(outputAt + 4 * (count + 4));
    const input = new Float32Array(this.memory.buffer, this.inputAt, inputs);
    copyPadded(samples, whole - reach + 1 - start, input);
    const { resampleExact, resampleInterpolated } = this.exports;
    if (exact) {
      const stride = (4 * period * downFactor) / upFactor;
      const triples = count / this.step;
      const offsetsAt = table.byteLength;
      resampleExact(this.inputAt, outputAt, triples, 4 * period, stride, groups, offsetsAt, 0, blocks);
    } else {
      const remainder = place - whole * upFactor;
      resampleInterpolated(this.inputAt, outputAt, count, remainder, upFactor, downFactor, phases, 0, blocks);
    }
    return new Float32Array(this.memory.buffer, outputAt, count);
  }

  private reserve(bytes: number): void {
    const missing = pages(bytes) - this.memory.buffer.byteLength / PAGE_BYTES;
    if (missing > 0) this.memory.grow(missing);
  }
}

/** A filter's table as the kernel reads it. */
interface KernelLayout {
  table: Float32Array;
  /** `[groups]`: where the input of a group of outputs starts in its period, in bytes. */
  offsets: Int32Array;
  /** Outputs until phases repeat, or a multiple of that. */
  period: number;
  groups: number;
  /** Groups of four taps. */
  blocks: number;
  /** Input samples read from the start of a step on, beyond those that it advances by. */
  span: number;
}

/** `[groups, blocks, 4 outputs, 4 taps]`: the rows of four outputs in a row, each moved to where the first's input starts. */
function layOutExact({ upFactor, downFactor, taps, table: rows }: ResampleFilter): KernelLayout {
  // Joined periods fill the last group of four.
  const joined = upFactor >= SHORT_PERIOD ? 1 : [1, 4, 2, 4][upFactor % 4];
  const period = upFactor * joined;
  const groups = Math.ceil(period / 4);
  const inputOf = (output: number) => Math.floor((output * downFactor) / upFactor);
  const starts = Array.from({ length: groups }, (_, group) => inputOf(4 * group));
  const lastOf = (group: number) => inputOf(Math.min(4 * group + 3, period - 1));
  const widest = starts.reduce((most, start, group) => Math.max(most, lastOf(group) - start), 0);
  const blocks = Math.ceil((taps + widest) / 4);
  const table = new Float32Array(groups * blocks * 16);
  for (let output = 0; output < period; output += 1) {
    const group = Math.floor(output / 4);
    const shift = inputOf(output) - starts[group];
    const row = ((output * downFactor) % upFactor) * taps;
    for (let tap = 0; tap < taps; tap += 1) {
      const at = tap + shift;
      table[((group * blocks + (at >> 2)) * 4 + (output % 4)) * 4 + (at % 4)] = rows[row + tap];
    }
  }
  const offsets = Int32Array.from(starts, (start) => 4 * start);
  return { table, offsets, period, groups, blocks, span: 4 * blocks };
}

/** `[phases + 1, 4 blocks]`: the rows as they are, up to a multiple of four taps. */
function layOutInterpolated({ taps, phases, table: rows }: ResampleFilter): KernelLayout {
  const blocks = Math.ceil(taps / 4);
  const table = new Float32Array((phases + 1) * blocks * 4);
  for (let phase = 0; phase <= phases; phase += 1) {
    table.set(rows.subarray(phase * taps, (phase + 1) * taps), phase * blocks * 4);
  }
  return { table, offsets: new Int32Array(0), period: 1, groups: 0, blocks, span: 4 * blocks + 4 };
}

/** Fills `target` with the samples from `from` on, which may lie outside; zeros there. */
function copyPadded(samples: Float32Array, from: number, target: Float32Array): void {
  const before = Math.min(target.length, Math.max(0, -from));
  const inside = samples.subarray(Math.max(0, from), Math.max(0, from + target.length));
  target.fill(0, 0, before);
  target.set(inside, before);
  target.fill(0, before + inside.length);
}

const align = (bytes: number) => Math.ceil(bytes / 16) * 16;
const pages = (bytes: number) => Math.ceil(bytes / PAGE_BYTES);

const resamplers = {
  simd: new WeakMap<ResampleFilter, SimdResampler>(),
  relaxedSimd: new WeakMap<ResampleFilter, SimdResampler>(),
};

/** The resampler of a filter, kept as long as the filter is. */
export function simdResampler(filter: ResampleFilter, build: ResampleBuild): SimdResampler {
  const resampler = resamplers[build].get(filter) ?? new SimdResampler(filter, build);
  resamplers[build].set(filter, resampler);
  return resampler;
}

const modules = new Map<ResampleBuild, WebAssembly.Module>();

function compiledModule(build: ResampleBuild): WebAssembly.Module {
  const module = modules.get(build) ?? new WebAssembly.Module(bytesOf(build));
  modules.set(build, module);
  return module;
}

let best: ResampleBuild | 'none' | undefined;

/** The best build that this runtime accepts; `none` where it has no SIMD. */
export function bestResampleBuild(): ResampleBuild | 'none' {
  best ??= (['relaxedSimd', 'simd'] as const).find((build) => WebAssembly.validate(bytesOf(build))) ?? 'none';
  return best;
}

function bytesOf(build: ResampleBuild): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(build === 'simd' ? simdBytes : relaxedSimdBytes, 'base64'));
}
