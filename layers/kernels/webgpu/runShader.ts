/** Runs a compute shader of ours on TensorFlow.js' backend `webgpu`. */
import type * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

export type { WebGPUBackend };

/** WGSL with the numbers that are compiled into it. */
export interface Shader {
  /** Names the code: two shaders of one name have one code. */
  name: string;
  /** Defines `fn main()`. Reads inputs by their names, writes `result`; see {@link ShaderRun}. */
  code: string;
  /** i32 constants of the code, by name. */
  constants: Record<string, number>;
  /** f32 constants of the code. */
  floats?: Record<string, number>;
  /** Threads of a workgroup, at most 256. */
  threads: number;
}

export interface ShaderRun {
  /** Just those that the code reads, flat: `array<f32>` or `array<i32>`. An unused one breaks the layout. */
  inputs: Record<string, tf.TensorInfo>;
  /** i32 values, read as `uniforms.name`; at least one is read, for the same reason. */
  uniforms: Record<string, number>;
  /** f32 values likewise. */
  floatUniforms?: Record<string, number>;
  /** Shape of the output; `result` is its flat array. */
  shape: number[];
  /** Default `'float32'`. */
  dtype?: 'float32' | 'int32';
  /** Workgroups. There may be a few more: the code leaves `result` alone where `groupIndex()` is too large. */
  groups: number;
}

const mostPerDimension = 65_535;

/** One output tensor, which the caller owns: not tracked by TensorFlow.js, freed by `backend.disposeData`. */
export function runShader(backend: WebGPUBackend, shader: Shader, run: ShaderRun): tf.TensorInfo {
  const { inputs, uniforms, floatUniforms = {}, shape, dtype = 'float32', groups } = run;
  const across = Math.max(1, Math.min(groups, mostPerDimension));
  // A flat view of everything: TF.js 4.22 writes accessors for each input into the shader, and they do not compile
  // where an input has more dimensions than the output.
  const program = {
    variableNames: Object.keys(inputs),
    uniforms: [
      ...Object.keys(uniforms).map((name) => `${name} : i32, `),
      ...Object.keys(floatUniforms).map((name) => `${name} : f32, `),
    ].join(''),
    outputShape: [shape.reduce((product, length) => product * length, 1)],
    shape, // for whoever has to say which tensor does not fit into the memory
    workgroupSize: [shader.threads, 1, 1] as [number, number, number],
    // A dimension y makes TF.js leave the dispatch as it is.
    dispatchLayout: { x: [0], y: [1], z: [] },
    dispatch: [across, Math.ceil(groups / across), 1] as [number, number, number],
    shaderKey: `sonotag ${shader.name} ${JSON.stringify([shader.constants, shader.floats])}`,
    getUserCode: () => prelude(shader) + shader.code,
  };
  const output = backend.runWebGPUProgram(program, Object.values(inputs).map(flat), dtype, [
    ...Object.values(uniforms).map((value) => ({ type: 'int32', data: [value] })),
    ...Object.values(floatUniforms).map((value) => ({ type: 'float32', data: [value] })),
  ]);
  return { ...output, shape };
}

/** The same data as a vector. */
function flat({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
  return { dataId, shape: [shape.reduce((product, length) => product * length, 1)], dtype };
}

function prelude({ constants, floats = {}, threads }: Shader): string {
  const lines = [
    ...Object.entries({ ...constants, THREADS: threads }).map(
      ([name, value]) => `const ${name} : i32 = ${value};`,
    ),
    ...Object.entries(floats).map(([name, value]) => `const ${name} : f32 = ${value};`),
    'fn groupIndex() -> i32 { return i32(workgroupId.y * numWorkgroups.x + workgroupId.x); }',
    'fn threadIndex() -> i32 { return groupIndex() * THREADS + i32(localIndex); }',
  ];
  return `${lines.join('\n')}\n`;
}
