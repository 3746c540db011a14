/**
 * Compiles the AssemblyScript sources into the files `wasmBytes.ts`, which are committed. Run it after a change of a
 * source:
 *      npm run build:kernels
 */
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import asc, { version } from 'assemblyscript/asc';
import { format } from 'prettier';

const root = new URL('../../../', import.meta.url);

/** Folders that hold a module: `assembly/index.as` and, built from it, `wasmBytes.ts`. */
export const kernelModules = [
  'layers/kernels/simd/',
  'src/audio/resampleKernel/',
  'src/audio/mp3Kernel/',
  'src/transfer/svm/smoKernel/',
] as const;
export type KernelModule = (typeof kernelModules)[number];

/** The committed file of a module. */
export function wasmBytesFile(module: KernelModule): URL {
  return new URL(`${module}wasmBytes.ts`, root);
}

// No runtime and no memory of its own: the code and nothing else.
const options =
  '--outFile index.wasm --runtime stub --importMemory --noExportMemory --maximumMemory 65536 --noAssert -O3';

/** Compiles one build of a module, to base64. */
async function compile(module: KernelModule, build: 'simd' | 'relaxedSimd'): Promise<string> {
  const features = build === 'simd' ? ['simd'] : ['simd', 'relaxed-simd'];
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      `${module}assembly/index.ts`,
      ...options.split(' '),
      ...features.flatMap((feature) => ['--enable', feature]),
    ],
    {
      // The sources end in .as, since they are no TypeScript: its compiler and linter must not take them for it.
      readFile: (name) => readFile(new URL(name.replace(/\.ts$/, '.as'), root), 'utf8').catch(() => null),
      writeFile: (name, contents) => {
        if (name === 'index.wasm') binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error != null || binary === undefined) throw new Error(`asc failed on ${build}:\n${stderr.toString()}`);
  return Buffer.from(binary).toString('base64');
}

/** The text of a module's `wasmBytes.ts`, formatted. */
export async function renderWasmBytes(module: KernelModule): Promise<string> {
  const [simd, relaxedSimd] = [await compile(module, 'simd'), await compile(module, 'relaxedSimd')];
  const source = `/**
 * Generated from assembly/index.as by test/layers/kernels/buildKernels.ts; do not edit. AssemblyScript ${version},
 * base64, so that nothing is compiled at install time and a browser can use it.
 */

/** For every runtime with SIMD. */
export const simdBytes = '${simd}';

/** For runtimes with relaxed SIMD: fused multiply-add. */
export const relaxedSimdBytes = '${relaxedSimd}';
`;
  return format(source, { parser: 'typescript', printWidth: 110, singleQuote: true });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const module of kernelModules) {
    const text = await renderWasmBytes(module);
    await writeFile(wasmBytesFile(module), text);
    process.stdout.write(`${module}wasmBytes.ts: ${text.length} bytes\n`);
  }
}
