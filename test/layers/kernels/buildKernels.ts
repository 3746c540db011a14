/**
 * Compiles the AssemblyScript sources into `wasmBytes.ts`, which is committed. Run it after a change of a source:
 *      npx tsx test/layers/kernels/buildKernels.ts
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import asc, { version } from 'assemblyscript/asc';
import { format } from 'prettier';

const folder = new URL('../../../layers/kernels/convBlock/', import.meta.url);
export const wasmBytesFile = new URL('wasmBytes.ts', folder);

// No runtime and no memory of its own: the code and nothing else.
const options =
  'index.ts --outFile index.wasm --runtime stub --importMemory --noExportMemory --maximumMemory 65536 --noAssert -O3';

/** Compiles one build of `assembly/`, to base64. */
export async function compileConvBlock(build: 'simd' | 'relaxedSimd'): Promise<string> {
  const features = build === 'simd' ? ['simd'] : ['simd', 'relaxed-simd'];
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [...options.split(' '), ...features.flatMap((feature) => ['--enable', feature])],
    {
      // The sources end in .as, since they are no TypeScript: its compiler and linter must not take them for it.
      readFile: (name) =>
        readFile(new URL(`assembly/${basename(name, '.ts')}.as`, folder), 'utf8').catch(() => null),
      writeFile: (name, contents) => {
        if (name === 'index.wasm') binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error != null || binary === undefined) throw new Error(`asc failed on ${build}:\n${stderr.toString()}`);
  return Buffer.from(binary).toString('base64');
}

/** The text of `wasmBytes.ts`, formatted. */
export async function renderWasmBytes(): Promise<string> {
  const [simd, relaxedSimd] = [await compileConvBlock('simd'), await compileConvBlock('relaxedSimd')];
  const source = `/**
 * Generated from assembly/*.as by test/layers/kernels/buildKernels.ts; do not edit. AssemblyScript ${version},
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
  const text = await renderWasmBytes();
  await writeFile(wasmBytesFile, text);
  process.stdout.write(`wasmBytes.ts: ${text.length} bytes\n`);
}
