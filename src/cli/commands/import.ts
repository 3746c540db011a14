/** `sonotag import`: a model of Keras as one of ours. */
import { Command, Option } from 'commander';
import { describeNotes } from '../describeNotes.ts';
import { importableLayers } from '../../models/keras/importableLayers.ts';
import { jsonOption, positiveNumber } from '../options.ts';
import { terminalWidth, wrapText } from '../wrapText.ts';

interface ImportCommandOptions {
  out: string;
  tags?: string;
  sampleRate?: number;
  seconds?: number;
  batchNorm?: 'moving' | 'batch';
  reference?: 'clip' | 'batch';
  kernels?: 'tensorflow' | 'theano';
  json?: true;
}

const layers = wrapText(importableLayers.join(', '), terminalWidth - 2).map((line) => `  ${line}`).join('\n'); // prettier-ignore

export function importCommand(): Command {
  return new Command('import')
    .description('make a sonotag model of one that Keras saved, with or without Kapre layers')
    .argument(
      '<file>',
      'a whole model, .keras (Keras 2.12 or later, 3) or HDF5 (Keras 2, 3), or weights of a published tagger of Keras 1',
    )
    .requiredOption('--out <folder>', 'model folder; a model that is there is replaced')
    .option(
      '--tags <file>',
      'names of the outputs, one a line, or "msd50" (default: msd50 where the file fits it)',
    )
    .addOption(
      new Option('--sample-rate <hz>', 'where no layer says it (default: what the file says)').argParser(
        positiveNumber,
      ),
    )
    .addOption(
      new Option(
        '--seconds <n>',
        'length of the input, where the file leaves it open (default: 29 for the published front end)',
      ).argParser(positiveNumber),
    )
    .addOption(
      new Option('--batch-norm <statistics>', 'moving averages, or the batch at hand (default: as published)')
        .choices(['moving', 'batch']), // prettier-ignore
    )
    .addOption(
      new Option(
        '--reference <scope>',
        "whose peak is 0 dB and whose mean is 0 in Kapre's layers of 2017 (default: as published), and from whose peak top_db hangs in MelSpectrogram of Keras 3 (default: clip)",
      ).choices(['clip', 'batch']),
    )
    .addOption(
      new Option('--kernels <library>', 'whose convolutions the kernels are for (default: what the file says)')
        .choices(['tensorflow', 'theano']), // prettier-ignore
    )
    .addOption(jsonOption())
    .addHelpText('after', `\nLayers that can be imported:\n${layers}`)
    .action(async (file: string, options: ImportCommandOptions) => {
      // loaded here, so that --help need not wait for TensorFlow.js
      const [{ useEngine }, { importKeras }, { saveTagger }, { readTagNames }] = await Promise.all([
        import('../../engine/engine.ts'),
        import('../../models/keras/importKeras.ts'),
        import('../../models/tagger.ts'),
        import('../../models/keras/readTagNames.ts'),
      ]);
      await useEngine('cpu'); // nothing is computed
      const { out, tags, json, ...rest } = options;
      const names = tags === undefined ? undefined : await readTagNames(tags);
      const { model, info, notes } = await importKeras(file, { ...rest, tags: names });
      process.stderr.write(describeNotes(file, notes));
      await saveTagger({ model, info }, out);
      const seconds = info.samples / info.sampleRate;
      process.stdout.write(
        json
          ? `${JSON.stringify({ file, model: out, ...info, notes }, null, 2)}\n`
          : `${out}: ${info.tags.length} tags from ${seconds.toFixed(2)} s at ${info.sampleRate} Hz\n`,
      );
    });
}
