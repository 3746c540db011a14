/** Says in one line why a tfjs-node package does not load, from the message that loading it gave. */
import type { MissingEngine } from './driver.ts';
import { firstLine } from './runInChild.ts';

// The libraries of CUDA 11.2 and cuDNN 8.1, which tfjs-node-gpu 4.22 (TensorFlow 2.9.1) links to.
const CUDA_LIBRARY = /\b(lib(?:cud|cublas|cufft|curand|cusolver|cusparse|nccl|nv)[\w.+-]*)/;
const MISSING_LIBRARY = /([\w.+-]+\.(?:so|dylib|dll)[\w.]*): cannot open shared object file/;

/**
 * @param installed the package's name and version
 * @param message what `require` threw, or how the process ended that tried
 * @returns the reason, to be read after the engine's name, and the way out
 */
export function explainTensorflowError(
  installed: { name: string; version: string },
  message: string,
): MissingEngine {
  const { name, version } = installed;
  const label = `${name} ${version}`;
  const rebuild = `npm rebuild ${name} (downloads TensorFlow from storage.googleapis.com), or npm uninstall ${name}`;
  const missing = (reason: string, remedy: string): MissingEngine => ({ available: false, reason, remedy });

  if (/tfjs_binding\.node\)? can not be found/.test(message)) {
    return missing(`is installed without its binary: ${label} has no tfjs_binding.node`, rebuild);
  }
  const library = MISSING_LIBRARY.exec(message)?.[1];
  const cuda = CUDA_LIBRARY.exec(library ?? message)?.[1];
  if (cuda !== undefined) {
    const plain = `@tensorflow/tfjs-node@${version}`;
    return missing(
      `does not load: ${label} misses the CUDA library ${cuda}`,
      `install CUDA 11.2 and cuDNN 8.1 and put them on LD_LIBRARY_PATH, or compute on the processor: npm install ${plain}`,
    );
  }
  if (library !== undefined) {
    return missing(`does not load: ${label} misses the shared library ${library}`, rebuild);
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
