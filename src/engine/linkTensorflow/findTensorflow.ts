/** Finds the TensorFlow 2 to link to: a Python's wheel, or a libtensorflow folder. */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { InputError } from '../../errors.ts';
import { firstLine } from '../runInChild.ts';
import { runProgram } from './runProgram.ts';

export interface FoundTensorflow {
  /** Holds `include` and the libraries, in it or in `lib`. */
  folder: string;
  include: string;
  /** Absolute paths, the one with the C functions first. */
  libraries: string[];
  /** From the headers; undefined where they do not say. */
  version: string | undefined;
  /** CUDA's version, 'CUDA' where only that much is known; null where it is not known to be built for it. */
  cuda: string | null;
}

/** What of this machine the search depends on. */
export interface Machine {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
}

const USAGE =
  'npm run link-tensorflow -- PATH takes a Python (path/to/python3), a virtualenv, or a libtensorflow folder';
const MARK = 'sonotag-tensorflow:';

// Looks without importing, which takes seconds.
const PYTHON_SCRIPT = `
import importlib.util, json, sys
spec = importlib.util.find_spec('tensorflow')
folder = spec.submodule_search_locations[0] if spec and spec.origin else None
print('${MARK}' + json.dumps([sys.executable, sys.version.split()[0], folder]))`;

/**
 * @param path a Python, a virtualenv or Conda environment, the folder of the wheel, of a site-packages with it, or of
 * libtensorflow; undefined for the `python3` on PATH
 * @throws InputError where there is none, or none that can be linked to
 */
export async function findTensorflow(path: string | undefined, machine: Machine): Promise<FoundTensorflow> {
  if (path === undefined) return describe(await askPython('python3', machine), machine);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) {
    if (/[/\\]/.test(path)) throw new InputError(`there is no ${path}: ${USAGE}.`);
    return describe(await askPython(path, machine), machine); // a name on PATH
  }
  if (!stat.isDirectory()) return describe(await askPython(resolve(path), machine), machine);
  for (const folder of [path, join(path, 'tensorflow')]) {
    if (findLibrary(resolve(folder), 'any', machine.platform) !== undefined || hasHeaders(folder)) {
      return describe(resolve(folder), machine);
    }
  }
  const python = ['python3', 'python']
    .map((name) => join(path, 'bin', name))
    .find((file) => existsSync(file));
  if (python === undefined) {
    throw new InputError(`${path} holds no TensorFlow and no bin/python3: ${USAGE}.`);
  }
  return describe(await askPython(resolve(python), machine), machine);
}

/** The folder of the wheel. */
async function askPython(python: string, { env }: Machine): Promise<string> {
  // Without PYTHONSAFEPATH a folder `tensorflow` in the working directory would be taken for it.
  const options = { env: { ...env, PYTHONSAFEPATH: '1' }, timeoutSeconds: 60 };
  const { absent, stdout, stderr } = await runProgram(python, ['-c', PYTHON_SCRIPT], options);
  if (absent) {
    throw new InputError(`there is no ${python.includes(sep) ? python : `${python} on PATH`}: ${USAGE}.`);
  }
  const line = stdout.split('\n').find((text) => text.startsWith(MARK));
  if (line === undefined) {
    throw new InputError(`${python} does not run as a Python 3: ${firstLine(stderr)}: ${USAGE}.`);
  }
  const [executable, version, folder] = JSON.parse(line.slice(MARK.length)) as [
    string,
    string,
    string | null,
  ];
  if (folder === null) {
    throw new InputError(
      `${executable} (Python ${version}) has no TensorFlow: ${executable} -m pip install tensorflow-cpu ` +
        `(or "tensorflow[and-cuda]"), or name another: ${USAGE}.`,
    );
  }
  return folder;
}

/** @throws InputError unless the folder has the libraries and headers of a TensorFlow 2 */
function describe(given: string, { platform }: Machine): FoundTensorflow {
  const folder = realpathSync(given); // the wheel looks for CUDA's libraries from where it really lies
  const newer = 'take a newer one: pip install -U tensorflow-cpu, or libtensorflow 2 for C';
  const version = readVersion(folder);
  const old = findLibrary(folder, '1', platform);
  if ((version !== undefined && !version.startsWith('2.')) || (version === undefined && old !== undefined)) {
    throw new InputError(`TensorFlow ${version ?? 1} in ${folder} is not TensorFlow 2: ${newer}.`);
  }
  const library = findLibrary(folder, '2', platform);
  if (library === undefined) {
    const which = version === undefined ? 'It' : `TensorFlow ${version}`;
    throw new InputError(
      `${folder} has no ${libraryNames('2', platform).slice(0, 2).join(' or ')}. ${which} keeps its functions to Python: ${newer}.`,
    );
  }
  if (!hasHeaders(folder)) {
    throw new InputError(
      `${folder} has no include/tensorflow/c/c_api.h, the headers that belong to ${library}: install TensorFlow ` +
        'anew, or unpack libtensorflow whole.',
    );
  }
  const framework = findFile(folder, frameworkNames(platform));
  return {
    folder,
    include: join(folder, 'include'),
    libraries: framework === undefined ? [library] : [library, framework],
    version,
    cuda: readCuda(folder),
  };
}

function hasHeaders(folder: string): boolean {
  return existsSync(join(folder, 'include/tensorflow/c/c_api.h'));
}

/** Of the wheel first: its libtensorflow_cc has the C functions too. */
function libraryNames(major: '1' | '2', platform: NodeJS.Platform): string[] {
  const stems = ['libtensorflow_cc', 'libtensorflow'];
  const versioned = stems.map((stem) => withMajor(stem, major, platform));
  return major === '1'
    ? versioned
    : [...versioned, `libtensorflow${platform === 'darwin' ? '.dylib' : '.so'}`];
}

function frameworkNames(platform: NodeJS.Platform): string[] {
  const stem = 'libtensorflow_framework';
  return [withMajor(stem, '2', platform), `${stem}${platform === 'darwin' ? '.dylib' : '.so'}`];
}

function withMajor(stem: string, major: string, platform: NodeJS.Platform): string {
  return platform === 'darwin' ? `${stem}.${major}.dylib` : `${stem}.so.${major}`;
}

function findLibrary(
  folder: string,
  major: '1' | '2' | 'any',
  platform: NodeJS.Platform,
): string | undefined {
  const majors = major === 'any' ? (['2', '1'] as const) : [major];
  return findFile(
    folder,
    majors.flatMap((number) => libraryNames(number, platform)),
  );
}

function findFile(folder: string, names: readonly string[]): string | undefined {
  return names
    .flatMap((name) => [join(folder, name), join(folder, 'lib', name)])
    .find((path) => existsSync(path));
}

/** Of the headers: release_version.h since 2.17, version.h before. libtensorflow has neither. */
function readVersion(folder: string): string | undefined {
  for (const name of ['release_version.h', 'version.h']) {
    const text = readText(join(folder, 'include/tensorflow/core/public', name));
    const numbers = ['MAJOR', 'MINOR', 'PATCH'].map(
      (part) => new RegExp(`#define TF_${part}_VERSION\\s+(\\d+)`).exec(text)?.[1],
    );
    if (!numbers.includes(undefined)) return numbers.join('.');
  }
  return undefined;
}

/** Of the wheel's own note on how it was built. */
function readCuda(folder: string): string | null {
  const text = readText(join(folder, 'python/platform/build_info.py'));
  if (!/'is_cuda_build', True/.test(text)) return null;
  return /'cuda_version', '([^']+)'/.exec(text)?.[1] ?? 'CUDA';
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
