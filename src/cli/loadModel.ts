/** The tagger that `--model` names, of the rate that `--sample-rate` expects. */
import { InputError } from '../errors.ts';
import { loadTagger, type Tagger } from '../models/tagger.ts';

/**
 * @param sampleRate Hz; undefined takes a model of any rate
 * @throws InputError if there is no model, it is damaged, or it has another rate.
 */
export async function loadModel(path: string, sampleRate?: number): Promise<Tagger> {
  const tagger = await loadTagger(path);
  const { sampleRate: own } = tagger.info;
  if (sampleRate !== undefined && sampleRate !== own) {
    tagger.model.dispose();
    throw new InputError(
      `${path}: the model works at ${own} Hz, but --sample-rate expects ${sampleRate} Hz. ` +
        'Name a model trained at that rate, or leave the option out: files of any rate are resampled.',
    );
  }
  return tagger;
}
