/** Links a TensorFlow 2 of this machine to TF.js: builds tfjs-node's binding against it. */
import { createRequire } from 'node:module';
import { writeFile } from 'node:fs/promises';
import { InputError } from '../../errors.ts';
import { replaceFolder } from '../../files/replaceFolder.ts';
import {
  bindingFolder,
  bindingPackage,
  describeDevice,
  linkedFolder,
  manifestPath,
  type LinkedTensorflow,
} from '../linkedTensorflow.ts';
import { findPackage, tryPackage } from '../tensorflowPackage.ts';
import { bringSources, nodeHeaders } from './bringSources.ts';
import { compileBinding } from './compileBinding.ts';
import { findTensorflow } from './findTensorflow.ts';
import { removeStale } from './removeStale.ts';

export interface LinkOptions {
  /** Python, virtualenv or folder to take TensorFlow from; see {@link findTensorflow}. Default: python3 on PATH. */
  path?: string;
  /** File or file URL in the package that is to use it. Default: this file. */
  root?: string;
  /** Default: that of this process. */
  env?: NodeJS.ProcessEnv;
  /** Default: this one. */
  platform?: NodeJS.Platform;
  /** Told of each step as it begins, since all together take a quarter of a minute. */
  onStep?: (step: string) => void;
}

export interface Link extends LinkedTensorflow {
  /** 'CPU', 'CUDA 12.5.1', or why not CUDA. */
  device: string;
}

/**
 * Finds a TensorFlow 2, builds tfjs-node's binding against it, tries it, and puts it where engine `tensorflow` looks
 * first. What was linked before stays until the new one has computed.
 *
 * @throws InputError, one line with the way out, where something is missing or does not work
 * @example const { version, device } = await linkTensorflow({ path: 'venv' }); // '2.20.0', 'CPU'
 */
export async function linkTensorflow({
  path,
  root = import.meta.url,
  env = process.env,
  platform = process.platform,
  onStep = () => undefined,
}: LinkOptions = {}): Promise<Link> {
  const { version } = findPackage('@tensorflow/tfjs', createRequire(import.meta.url))!;
  if (platform !== 'linux' && platform !== 'darwin') {
    throw new InputError(
      `link-tensorflow works on Linux and macOS, not on ${platform}, whose TensorFlow comes without a library to ` +
        `link to: use WSL 2, or npm install ${bindingPackage}@${version}.`,
    );
  }
  const machine = { platform, env };
  onStep('Looking for TensorFlow');
  const tensorflow = await findTensorflow(path, machine);
  const folder = linkedFolder(root);
  if (folder === undefined)
    throw new InputError(`${root} is in no npm package: run it in a clone of sonotag.`);
  await removeStale(folder);
  let link: Link | undefined;
  await replaceFolder(folder, async (beside) => {
    onStep(`Fetching the sources of the binding, ${bindingPackage} ${version}, through npm`);
    await bringSources(beside, { version, earlier: folder, env });
    const packageFolder = bindingFolder(beside);
    onStep(`Compiling the binding against ${tensorflow.folder}`);
    await compileBinding(packageFolder, nodeHeaders(beside), tensorflow, machine);
    onStep('Trying it');
    const { cuda, folder: source } = tensorflow;
    link = await tryLink(packageFolder, version, { version: tensorflow.version ?? '2', source, cuda });
    await writeFile(manifestPath(beside), `${JSON.stringify({ version: link.version, source, cuda })}\n`);
  });
  return link!;
}

/** Computes through the binding, in a child process. */
async function tryLink(folder: string, version: string, linked: LinkedTensorflow): Promise<Link> {
  const trial = await tryPackage({ name: bindingPackage, version, folder, linked }, 60);
  if ('reason' in trial) {
    throw new InputError(`the binding is built, but TensorFlow ${trial.reason}: ${trial.remedy}.`);
  }
  if (!trial.version.startsWith('2.')) {
    throw new InputError(
      `${linked.source} says that it is TensorFlow ${trial.version}, not 2: take a newer one: pip install -U tensorflow-cpu.`,
    );
  }
  const found = { ...linked, version: trial.version };
  return { ...found, device: describeDevice(found, trial.gpu) };
}
