/** `sonotag gallery`: a page with a picture of what every layer makes of a recording. */
import { basename } from 'node:path';
import { Command } from 'commander';
import type { EngineName } from '../../engine/engine.ts';
import { writeWhole } from '../../files/writeWhole.ts';
import { describeEngine } from '../describe.ts';
import { engineOption, jsonOption, positiveNumber, seedOption } from '../options.ts';
import { terminalReporter } from '../terminalReporter.ts';

interface GalleryCommandOptions {
  out: string;
  seconds: number;
  engine: EngineName | 'auto';
  seed: number;
  json?: true;
}

export function galleryCommand(): Command {
  return new Command('gallery')
    .description('draw what every layer makes of a recording, with its parameters, on one HTML page')
    .argument('[file]', 'WAV, AU, MP3, FLAC, Ogg Vorbis, Opus; a generated piece where none is named')
    .option('--out <file>', 'the page', 'gallery.html')
    .option('--seconds <n>', 'how much of it, from the start', positiveNumber, 6)
    .addOption(engineOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (file: string | undefined, options: GalleryCommandOptions) => {
      // loaded here, so that --help need not wait for TensorFlow.js
      const [{ useEngine }, { galleryEntries }, { loadGalleryClip }, { renderGallery }] = await Promise.all([
        import('../../engine/engine.ts'),
        import('../../gallery/galleryEntries.ts'),
        import('../../gallery/loadGalleryClip.ts'),
        import('../../gallery/renderGallery.ts'),
      ]);
      const { out, seconds, seed, json } = options;
      const reporter = terminalReporter();
      reporter.line(describeEngine(await useEngine(options.engine)));
      const samples = await loadGalleryClip(file, { seconds, seed });
      const title = file === undefined ? 'a generated piece' : basename(file);
      const bar = reporter.bar('layers', galleryEntries.length);
      const page = await renderGallery({ title, samples, seed, bar }).finally(() => bar.done());
      await writeWhole(out, page);
      const layers = [...new Set(galleryEntries.map(({ layer }) => layer))];
      process.stdout.write(
        json
          ? `${JSON.stringify({ path: out, title, layers }, null, 2)}\n`
          : `${galleryEntries.length} pictures of ${layers.length} layers. Open ${out} in a browser.\n`,
      );
    });
}
