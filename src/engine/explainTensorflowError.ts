/** Says in one line why a tfjs-node package does not load, from the message that loading it gave. */
import type { MissingEngine } from './driver.ts';
import type { LinkedTensorflow } from './linkedTensorflow.ts';
import { firstLine } from './runInChild.ts';

// The libraries of CUDA 11.2 and cuDNN 8.1, which tfjs-node-gpu 4.22 (TensorFlow 2.9.1) links to.
const CUDA_LIBRARY = /\b(lib(?:cud|cublas|cufft|curand|cusolver|cusparse|nccl|nv)[\w.+-]*)/;
const MISSING_LIBRARY =
  /([\w.+-]+\.(?:so|dylib|dll)[\w.]*): cannot open shared object file|Library not loaded: (?:\S*\/)?([\w.+-]+)/;
// glibc's dynamic linker says the first, dyld the second.
const MISSING_SYMBOL = /undefined symbol: (\w+)|[Ss]ymbol not found[^_]*_(\w+)/;

/**
 * @param installed the package's name and version, and what it is linked to if link-tensorflow built its binding
 * @param message what `require` threw, or how the process ended that tried
 * @returns the reason, to be read after the engine's name, and the way out
 */
export function explainTensorflowError(
  installed: { name: string; version: string; linked?: LinkedTensorflow },
  message: string,
): MissingEngine {
  const { name, version, linked } = installed;
  const label = linked ? `the linked TensorFlow ${linked.version}` : `${name} ${version}`;
  const rebuild = linked
    ? 'link again: npm run link-tensorflow -- path/to/python3'
    : `npm rebuild ${name} (downloads TensorFlow from storage.googleapis.com), or npm uninstall ${name}, ` +
      'or npm run link-tensorflow';
  const missing = (reason: string, remedy: string): MissingEngine => ({ available: false, reason, remedy });

  if (/tfjs_binding\.node\)? can not be found/.test(message)) {
    return missing(`is installed without its binary: ${label} has no tfjs_binding.node`, rebuild);
  }
  const [, glibc, dyld] = MISSING_LIBRARY.exec(message) ?? [];
  const library = glibc ?? dyld;
  const cuda = CUDA_LIBRARY.exec(library ?? message)?.[1];
  if (cuda !== undefined) {
    return missing(`does not load: ${label} misses the CUDA library ${cuda}`, cudaRemedy(linked, version));
  }
  if (library !== undefined) {
    const gone = linked === undefined ? '' : `; it was in ${linked.source}`;
    return missing(`does not load: ${label} misses the shared library ${library}${gone}`, rebuild);
  }
  const symbol = MISSING_SYMBOL.exec(message)?.slice(1).find(Boolean);
  if (symbol !== undefined && linked !== undefined) {
    return missing(
      `does not load: ${label} in ${linked.source} has no function ${symbol} for C programs`,
      'take another: pip install -U tensorflow-cpu, then npm run link-tensorflow',
    );
  }
  if (/SIGILL|compiled to use \S+ instructions/.test(message)) {
    return missing(
      `does not load: ${label} ${firstLine(message)}`,
      'use --engine wasm: this TensorFlow needs a processor with AVX',
    );
  }
  const said = firstLine(message);
  const crashed = /^(crashed|gave no answer)/.test(said);
  return missing(`does not load: ${label}${crashed ? ' ' : ': '}${said}`, rebuild);
}

function cudaRemedy(linked: LinkedTensorflow | undefined, version: string): string {
  return linked === undefined
    ? `npm run link-tensorflow takes a newer TensorFlow; or install CUDA 11.2 and cuDNN 8.1 and put them on LD_LIBRARY_PATH; or compute on the processor: npm install @tensorflow/tfjs-node@${version}`
    : 'pip install "tensorflow[and-cuda]" brings it, tensorflow-cpu does without; then npm run link-tensorflow';
}
