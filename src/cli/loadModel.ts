/** The tagger that `--model` names, of the rate that `--sample-rate` expects. */
import { existsSync, statSync } from 'node:fs';
import { InputError } from '../errors.ts';
import { isKerasFile } from '../models/keras/kerasFile.ts';
import { loadTagger, type Tagger } from '../models/tagger.ts';
import { describeNotes } from './describeNotes.ts';

/**
 * A model of ours, or a Keras file (.keras, .h5, .hdf5), which is imported as `sonotag import` does without options; what it then
 * notes goes to stderr.
 *
 * @param sampleRate Hz; undefined takes a model of any rate
 * @throws InputError if there is no model, it is damaged, or it has another rate.
 */
export async function loadModel(path: string, sampleRate?: number): Promise<Tagger> {
  if (await isOfKeras(path)) {
    const { importKeras } = await import('../models/keras/importKeras.ts');
    const { notes, ...tagger } = await importKeras(path, { sampleRate });
    process.stderr.write(describeNotes(path, notes));
    return tagger;
  }
  const tagger = await loadTagger(path);
  const { sampleRate: own, batchNorm, decibel, imported } = tagger.info;
  if (sampleRate !== undefined && sampleRate !== own) {
    tagger.model.dispose();
    throw new InputError(
      `${path}: the model works at ${own} Hz, but --sample-rate expects ${sampleRate} Hz. ` +
        'Name a model trained at that rate, or leave the option out: files of any rate are resampled.',
    );
  }
  if ([batchNorm, decibel?.reference, imported?.normalization].includes('batch')) {
    process.stderr.write(
      `${path}: warning: normalises by the batch, as published: results depend on what is computed together\n`,
    );
  }
  return tagger;
}

/** By what stands in it; a name alone may lie, but says what a file was meant to be. */
async function isOfKeras(path: string): Promise<boolean> {
  if (!existsSync(path) || !statSync(path).isFile()) return false;
  return /\.(keras|h5|hdf5)$/i.test(path) || (await isKerasFile(path));
}
