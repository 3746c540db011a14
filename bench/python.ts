/** The Python that peers run in, and what it has of what they need. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Contestant } from './contestant.ts';

/** What each script under peers/ imports. */
const needs = {
  torch_peer: ['torch', 'torchaudio', 'numpy'],
  librosa_peer: ['librosa', 'soxr', 'soundfile', 'numpy'],
  keras_peer: ['tensorflow', 'keras', 'kapre', 'numpy'],
  pool_load_peer: ['librosa', 'soxr', 'soundfile', 'numpy'],
  pool_peer: ['torch', 'torchaudio', 'librosa', 'soxr', 'soundfile', 'h5py', 'numpy'],
} as const;

export type PeerName = keyof typeof needs;

export interface Python {
  /** As given by SONOTAG_PYTHON, or `python3`. */
  command: string;
  /** Of the packages that are there. */
  versions: Record<string, string>;
  /** One line for each thing that is not there. */
  missing: string[];
}

/** How to have what is missing. */
export const installPeers = 'pip install -r bench/requirements.txt, and name that Python by SONOTAG_PYTHON';

/** Asks a Python which packages it has, without loading them. */
export async function findPython(command = process.env.SONOTAG_PYTHON ?? 'python3'): Promise<Python> {
  const packages = [...new Set(Object.values(needs).flat())].sort();
  const program = [
    'import json, sys, importlib.metadata as m',
    'v = {}',
    'for p in sys.argv[1:]:',
    '  try: v[p] = m.version(p)',
    '  except m.PackageNotFoundError: pass',
    'print(json.dumps({"python": sys.version.split()[0], **v}))',
  ].join('\n');
  try {
    const { stdout } = await promisify(execFile)(command, ['-c', program, ...packages]);
    const versions = JSON.parse(stdout) as Record<string, string>;
    const missing = packages
      .filter((name) => versions[name] === undefined)
      .map((name) => `${name}: not in ${command}`);
    return { command, versions, missing };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : 'does not run';
    const missing = packages.map((name) => `${name}: ${command} ${reason}`);
    return { command, versions: {}, missing };
  }
}

/** The packages that a peer lacks. */
export function lacks({ versions }: Python, name: PeerName): string[] {
  return needs[name].filter((module) => versions[module] === undefined);
}

/** Starts a script of peers/. */
export function startPeer({ command }: Python, name: PeerName, args: string[] = []): Contestant {
  const script = fileURLToPath(new URL(`./peers/${name}.py`, import.meta.url));
  const env: NodeJS.ProcessEnv = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  // set on some machines for the sake of old OpenBLAS builds; a current numpy is slower with them
  delete env.OPENBLAS_CORETYPE;
  delete env.OPENBLAS_L2_SIZE;
  return new Contestant(name, command, [script, ...args], env);
}
