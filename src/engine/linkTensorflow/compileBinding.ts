/** Compiles tfjs-node's binding against a TensorFlow, with the machine's C++ compiler. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '../../errors.ts';
import type { FoundTensorflow, Machine } from './findTensorflow.ts';
import { faultLine, runProgram } from './runProgram.ts';

/** The Node-API version that the binding is for; tfjs-node 4.22 looks for it in a folder of that name. */
const NODE_API = 8;

const SOURCES = ['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc'];

/**
 * Writes lib/napi-v8/tfjs_binding.node.
 *
 * @param packageFolder of tfjs-node
 * @param nodeHeaders folder with node_api.h
 * @throws InputError if there is no compiler, or the compiler or linker refuses
 */
export async function compileBinding(
  packageFolder: string,
  nodeHeaders: string,
  tensorflow: FoundTensorflow,
  machine: Machine,
): Promise<void> {
  const [compiler, ...first] = await findCompiler(machine.env);
  const output = join('lib', `napi-v${NODE_API}`, 'tfjs_binding.node');
  await mkdir(join(packageFolder, dirname(output)), { recursive: true });
  const args = [...first, ...compilerArguments(output, nodeHeaders, tensorflow, machine.platform)];
  const { code, stderr } = await runProgram(compiler, args, {
    env: machine.env,
    timeoutSeconds: 300,
    cwd: packageFolder,
  });
  if (code !== 0) {
    throw new InputError(
      `${compiler} could not build the binding against ${tensorflow.folder}: ${faultLine(stderr)}: ` +
        'try another compiler (CXX=clang++ npm run link-tensorflow) or another TensorFlow.',
    );
  }
}

/** Apart for its tests. */
export function compilerArguments(
  output: string,
  nodeHeaders: string,
  { include, libraries }: FoundTensorflow,
  platform: NodeJS.Platform,
): string[] {
  const folders = [...new Set(libraries.map((library) => dirname(library)))];
  return [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NODE_API}`],
    ...[nodeHeaders, include, '.'].map((folder) => `-I${folder}`),
    ...SOURCES,
    ...['-o', output],
    // All of TensorFlow's functions are looked up on loading, so that one that is not there shows at once. On macOS,
    // those of Node are found in the process that loads the binding.
    ...(platform === 'darwin'
      ? ['-Wl,-bind_at_load', '-undefined', 'dynamic_lookup']
      : ['-Wl,-z,now', '-Wl,--no-as-needed']),
    ...libraries,
    ...folders.map((folder) => `-Wl,-rpath,${folder}`),
  ];
}

/** CXX, which may carry arguments, or the first compiler on PATH. */
async function findCompiler(env: NodeJS.ProcessEnv): Promise<string[]> {
  const chosen = (env['CXX'] ?? '').split(/\s+/).filter((part) => part !== '');
  const candidates = chosen.length > 0 ? [chosen] : [['c++'], ['g++'], ['clang++']];
  for (const candidate of candidates) {
    const { absent } = await runProgram(candidate[0], ['--version'], { env, timeoutSeconds: 30 });
    if (!absent) return candidate;
  }
  const looked =
    chosen.length > 0 ? `CXX names ${chosen[0]}, which is not there` : 'no c++, g++ or clang++ is on PATH';
  throw new InputError(
    `there is no C++ compiler: ${looked}: install one (Debian, Ubuntu: apt install g++; macOS: xcode-select ` +
      '--install), or set CXX to its path.',
  );
}
