/** Sums over the rows of a matrix with few columns, such as all pixels of a batch by channel. */
import type * as tf from '@tensorflow/tfjs';
import { runShader, type WebGPUBackend } from './runShader.ts';

/** What is summed: `terms` numbers at each row and column. */
export interface ColumnTerms {
  /** Names the code. */
  name: string;
  /**
   * Defines `fn term(row : i32, column : i32) -> vec2<f32>`; with one term the second number is left out. And
   * `fn begin(column : i32)`, called before, for what is the same in all rows.
   */
  code: string;
  /** Per column, 1 or 2. */
  terms: 1 | 2;
  inputs: Record<string, tf.TensorInfo>;
  constants?: Record<string, number>;
  floats?: Record<string, number>;
  uniforms?: Record<string, number>;
}

/** What is made of the sums: `numbers` rows of one number per column. */
export interface ColumnFinish {
  name: string;
  /**
   * Defines `fn finish(column : i32, sum : vec2<f32>) -> array<f32, NUMBERS>`.
   * May read `inputs` of its own.
   */
  code: string;
  numbers: number;
  inputs?: Record<string, tf.TensorInfo>;
  constants?: Record<string, number>;
  floats?: Record<string, number>;
  uniforms?: Record<string, number>;
}

const threads = 256;

/** Rows that a workgroup sums for the first pass, and how many workgroups there are at most. */
const leastRows = 512;
const mostParts = 1024;

/** The elements of a matrix. */
export function matrixTerms(x: tf.TensorInfo): ColumnTerms {
  const code = `
fn begin(column : i32) {}

fn term(row : i32, column : i32) -> vec2<f32> { return vec2<f32>(x[row * uniforms.columns + column]); }
`;
  return { name: 'a matrix', code, terms: 1, inputs: { x } };
}

/** The sums themselves. */
const plainFinish: ColumnFinish = {
  name: 'plain',
  code: 'fn finish(column : i32, sum : vec2<f32>) -> array<f32, NUMBERS> { return array<f32, NUMBERS>(sum.x); }',
  numbers: 1,
};

/**
 * Sums in two passes: workgroups take some rows each, then one takes the sums of all. Few additions follow one another,
 * so that float32 keeps six digits over millions of rows.
 *
 * @returns `[numbers, columns]`
 */
export function columnSums(
  backend: WebGPUBackend,
  rows: number,
  columns: number,
  terms: ColumnTerms,
  finish: ColumnFinish = plainFinish,
): tf.TensorInfo {
  const parts = Math.max(1, Math.min(mostParts, Math.floor(rows / leastRows)));
  const partRows = Math.ceil(rows / parts);
  // Neighbouring threads read neighbouring columns; what is left of the workgroup shares the rows.
  const lanes = Math.min(32, 2 ** Math.ceil(Math.log2(columns)));
  const blocks = Math.ceil(columns / lanes);
  const constants = { TERMS: terms.terms, LANES: lanes };
  const partial = runShader(
    backend,
    {
      name: `sums of ${terms.name}`,
      code: `${terms.code}${sumRows}${storePart}`,
      constants: { ...constants, ...terms.constants },
      floats: terms.floats,
      threads,
    },
    {
      inputs: terms.inputs,
      uniforms: { rows, columns, partRows, parts, ...terms.uniforms },
      shape: [parts, columns, terms.terms],
      groups: blocks * parts,
    },
  );
  const total = runShader(
    backend,
    {
      name: `sum of ${terms.terms} to ${finish.name}`,
      code: `${readPart}${finish.code}${sumRows}${storeFinish}`,
      constants: { ...constants, NUMBERS: finish.numbers, ...finish.constants },
      floats: finish.floats,
      threads,
    },
    {
      inputs: { parts: partial, ...finish.inputs },
      uniforms: { rows: parts, columns, partRows: parts, ...finish.uniforms },
      shape: [finish.numbers, columns],
      groups: blocks,
    },
  );
  backend.disposeData(partial.dataId);
  return total;
}

const readPart = `
fn begin(column : i32) {}

fn term(row : i32, column : i32) -> vec2<f32> {
  let at = (row * uniforms.columns + column) * TERMS;
  return vec2<f32>(parts[at], parts[at + TERMS - 1]);
}
`;

const sumRows = `
const SLICES : i32 = THREADS / LANES;
var<workgroup> slices : array<vec2<f32>, THREADS>;

fn sumOfRows(column : i32, part : i32) -> vec2<f32> {
  let thread = i32(localIndex);
  var sum = vec2<f32>(0.0);
  if (column < uniforms.columns) {
    begin(column);
    let end = min(uniforms.rows, (part + 1) * uniforms.partRows);
    for (var row = part * uniforms.partRows + thread / LANES; row < end; row += SLICES) {
      sum += term(row, column);
    }
  }
  slices[thread] = sum;
  workgroupBarrier();
  for (var half = SLICES / 2; half > 0; half /= 2) {
    if (thread < half * LANES) { slices[thread] += slices[thread + half * LANES]; }
    workgroupBarrier();
  }
  return slices[thread % LANES];
}
`;

const storePart = `
fn main() {
  let blocks = (uniforms.columns + LANES - 1) / LANES;
  let part = groupIndex() / blocks;
  let thread = i32(localIndex);
  let column = (groupIndex() % blocks) * LANES + thread % LANES;
  let sum = sumOfRows(column, part);
  if (thread < LANES && column < uniforms.columns && part < uniforms.parts) {
    let at = (part * uniforms.columns + column) * TERMS;
    result[at] = sum.x;
    if (TERMS == 2) { result[at + TERMS - 1] = sum.y; }
  }
}
`;

const storeFinish = `
fn main() {
  let thread = i32(localIndex);
  let column = groupIndex() * LANES + thread % LANES;
  let sum = sumOfRows(column, 0);
  if (thread < LANES && column < uniforms.columns) {
    var numbers = finish(column, sum);
    for (var i = 0; i < NUMBERS; i++) { result[i * uniforms.columns + column] = numbers[i]; }
  }
}
`;
