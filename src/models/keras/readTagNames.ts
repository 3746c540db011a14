/** Names of a model's outputs, by a file or by a name that is built in. */
import { readFile, stat } from 'node:fs/promises';
import { InputError } from '../../errors.ts';
import { msdTags } from './msdTags.ts';

const maxBytes = 1 << 24;

/**
 * One name a line, in the order of the outputs; empty lines at the end are left out.
 *
 * @param source a file, or `'msd50'`
 * @throws InputError if there is no such file, or a line is empty or stands twice.
 * @example await readTagNames('msd50') // ['rock', 'pop', …]
 */
export async function readTagNames(source: string): Promise<readonly string[]> {
  if (source === 'msd50') return msdTags;
  const stats = await stat(source).catch(() => undefined);
  if (stats === undefined || !stats.isFile() || stats.size > maxBytes) {
    throw new InputError(`${source}: no file of tag names. Give one name a line, or msd50.`);
  }
  const text = await readFile(source, 'utf8');
  const names = text.trimEnd().split('\n').map((line) => line.trim()); // prettier-ignore
  const odd = names.findIndex((name, at) => name === '' || names.indexOf(name) !== at);
  if (odd < 0) return names;
  throw new InputError(
    `${source}: line ${odd + 1} is ${names[odd] === '' ? 'empty' : `"${names[odd]}" again`}. Give every name once, one a line.`,
  );
}
