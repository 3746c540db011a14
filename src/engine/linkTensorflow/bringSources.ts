/** Brings the sources of the binding: the npm package tfjs-node, without its installer that downloads a TensorFlow. */
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../errors.ts';
import { bindingFolder, bindingPackage } from '../linkedTensorflow.ts';
import { faultLine, runProgram } from './runProgram.ts';

/** Node-API's headers as a package (MIT): the machine's Node may have come without any. */
const HEADERS = { name: 'node-api-headers', version: '1.9.0' };

/** Node-API has the same functions in every Node, so one version of its headers serves all. */
export function nodeHeaders(folder: string): string {
  return join(folder, 'node_modules', HEADERS.name, 'include');
}

/**
 * Fills an empty folder with tfjs-node and Node's headers: from an earlier link if that has the same version, else
 * through npm, which takes what it can from its cache.
 *
 * @param version of tfjs-node: that of the TF.js in use
 * @throws InputError if npm does not bring them
 */
export async function bringSources(
  folder: string,
  { version, earlier, env }: { version: string; earlier: string; env: NodeJS.ProcessEnv },
): Promise<void> {
  if (versionIn(bindingFolder(earlier)) === version && existsSync(join(nodeHeaders(earlier), 'node_api.h'))) {
    await cp(join(earlier, 'node_modules'), join(folder, 'node_modules'), { recursive: true });
    await rm(join(bindingFolder(folder), 'lib'), { recursive: true, force: true });
    return;
  }
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  const [program, ...first] = npmCommand(env);
  const wanted = [`${bindingPackage}@${version}`, `${HEADERS.name}@${HEADERS.version}`];
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'];
  const args = [...first, 'install', '--prefix', folder, ...flags, ...wanted];
  const { code, absent, stderr } = await runProgram(program, args, { env, timeoutSeconds: 600, cwd: folder });
  if (absent) throw new InputError('there is no npm on PATH: run it as npm run link-tensorflow.');
  if (code !== 0 || versionIn(bindingFolder(folder)) === undefined) {
    throw new InputError(
      `npm could not bring ${wanted.join(' and ')}, the sources of the binding: ${faultLine(stderr)}: ` +
        'look at the registry and proxy that npm uses (npm config list), then run npm run link-tensorflow again.',
    );
  }
  await shareTfjs(join(folder, 'node_modules'));
}

/**
 * Takes away the package's own copy of TF.js, so that Node finds the project's in the folder above, and what only that
 * copy needs, thousands of files.
 */
async function shareTfjs(modules: string): Promise<void> {
  const needed = new Set<string>();
  const need = (name: string): void => {
    if (needed.has(name) || name === '@tensorflow/tfjs') return;
    needed.add(name);
    Object.keys(readManifest(join(modules, name))?.dependencies ?? {}).forEach(need);
  };
  [bindingPackage, HEADERS.name].forEach(need);
  for (const entry of await readdir(modules)) {
    const scoped = entry.startsWith('@');
    const names = scoped ? (await readdir(join(modules, entry))).map((name) => `${entry}/${name}`) : [entry];
    for (const name of names) {
      if (!needed.has(name)) await rm(join(modules, name), { recursive: true });
    }
  }
}

/** `npm run` says which npm it is. */
function npmCommand({ npm_execpath: npm }: NodeJS.ProcessEnv): string[] {
  if (npm === undefined) return ['npm'];
  return /\.[cm]?js$/.test(npm) ? [process.execPath, npm] : [npm];
}

function versionIn(packageFolder: string): string | undefined {
  return readManifest(packageFolder)?.version;
}

function readManifest(
  packageFolder: string,
): { version: string; dependencies?: Record<string, string> } | undefined {
  try {
    return JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as ReturnType<
      typeof readManifest
    >;
  } catch {
    return undefined;
  }
}
