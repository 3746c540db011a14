/** Options that several commands take, and how their values are read. */
import { InvalidArgumentError, Option } from 'commander';

/** A whole number >= `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least) {
      throw new InvalidArgumentError(`Expected a whole number >= ${least}.`);
    }
    return value;
  };
}

/** A number > 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Expected a number > 0.');
  return value;
}

/** A number in [0, 1). */
export function share(text: string): number {
  const value = Number(text);
  if (!(text.trim() !== '' && value >= 0 && value < 1))
    throw new InvalidArgumentError('Expected a share in [0, 1), such as 0.2.');
  return value;
}

export function engineOption(): Option {
  return new Option('--engine <name>', 'what to compute on')
    .choices(['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'])
    .default('auto');
}

/** Of our kernels, on the engines that have them. */
export function threadsOption(): Option {
  return new Option(
    '--threads <n>',
    'processor threads; the result does not depend on it (default: all)',
  ).argParser(wholeNumber(1));
}

export function seedOption(): Option {
  return new Option('--seed <n>', 'of everything random; the same seed gives the same result')
    .argParser(wholeNumber(0))
    .default(1);
}

export function jsonOption(): Option {
  return new Option('--json', 'print the result as JSON on stdout, all else on stderr');
}

export function modelOption(): Option {
  return new Option(
    '--model <path>',
    'run folder, model folder, model.json or file of Keras (.keras, .h5, .hdf5)',
  ).makeOptionMandatory();
}

export function dataOption(): Option {
  return new Option(
    '--data <data>',
    'folder of class folders, manifest CSV (path,tags[,split]), store of "prepare", or a data set that sonotag knows: "generated", "chords", NAME:DIR; see "sonotag datasets"',
  ).makeOptionMandatory();
}

export function splitOption(): Option {
  return new Option('--split <name>', 'published split of NAME:DIR (default: its first)');
}

export function expectedRateOption(): Option {
  return new Option(
    '--sample-rate <hz>',
    'the rate that the model is expected to have; another is an error',
  ).argParser(positiveNumber);
}
