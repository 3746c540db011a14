/** Front ends that published models expect and their files do not describe. */
import * as tf from '@tensorflow/tfjs';
import { MelSpectrogram } from '../../../layers/index.ts';
import { InputError } from '../../errors.ts';
import { onlyInput, put, type LayerImporter } from './importing.ts';

/** Importers by names of ours, which no file has. */
export const publishedFrontEnds: Readonly<Record<string, LayerImporter>> = {
  /**
   * What MusicTaggerCNN and MusicTaggerCRNN were fed with: librosa 0.4's `logamplitude(melspectrogram(y) ** 2)`, so
   * 20·log10 of mel bands of power, from 1e-5 on, at most 80 dB below the peak. `[batch, bands, frames, 1]`.
   * Source: keunwoochoi/music-auto_tagging-keras, audio_processor.py.
   */
  'sonotag:librosaLogMel': (item) => {
    const value = onlyInput(item);
    if (value.form !== 'waveform') throw new InputError(`${item.settings.where}: takes the waveform.`);
    const options = { sampleRate: 12000, nFft: 512, hopLength: 256, nMels: 96 };
    const decibel = { ref: 1, amin: 1e-5, topDb: 40 };
    const { facts } = item.context;
    facts.sampleRate = options.sampleRate;
    facts.options = { ...options, fMin: 0, fMax: 6000, topDb: 80 };
    facts.decibel = { of: 'power', reference: 'fixed' };
    const half = put(item, new MelSpectrogram({ ...options, decibel, name: 'logMel' }), value.x);
    const whole = put(item, tf.layers.rescaling({ scale: 2, name: 'squared' }), half);
    return { form: 'moved', x: tf.layers.permute({ dims: [2, 1, 3] }).apply(whole) as tf.SymbolicTensor };
  },
};
