/** `sonotag noise annotate`: a page to listen and answer. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { InputError } from '../../../errors.ts';
import { jsonOption, wholeNumber } from '../../options.ts';
import { terminalReporter } from '../../terminalReporter.ts';

interface AnnotateOptions {
  sheet: string;
  audio: string;
  out: string;
  host: string;
  port: number;
  json?: true;
}

const help = `
Open the address that is printed in a browser on this machine. The page asks who
is listening, plays each clip and asks whether each tag applies: Y yes, N no, U
not sure, Space plays or stops, arrows go back and on. Every answer is on disk
before the next question; stop with Ctrl-C and start again to go on. Several
people take one name each, at one time or one after the other. The given labels
are not shown. Then: noise audit --reannotated <the answers>.

Browsers play WAV, MP3, FLAC, Ogg and Opus; AU files must be converted first.
`;

export function annotateCommand(): Command {
  return new Command('annotate')
    .description('serve a page on this machine that plays clips and records answers')
    .requiredOption('--sheet <csv>', 'the questions, as "noise sample" writes them')
    .requiredOption('--audio <folder>', 'where the clips of the sheet are')
    .option('--out <csv>', 'the answers; those there are kept and gone on from', 'answers.csv')
    .option('--host <address>', 'a loopback address; others are refused', '127.0.0.1')
    .option('--port <n>', '0 takes a free one', wholeNumber(0), 8420)
    .addOption(jsonOption())
    .addHelpText('after', help)
    .action(run);
}

async function run({ sheet: sheetPath, audio, out, host, port, json }: AnnotateOptions): Promise<void> {
  const [{ readSheet }, { openAnswerJournal }, { serveAnnotation }] = await Promise.all([
    import('../../../noise/sheet.ts'),
    import('../../../noise/answerJournal.ts'),
    import('../../../noise/annotationServer.ts'),
  ]);
  const sheet = await readSheet(sheetPath);
  await reportMissing(audio, [...new Set(sheet.map(({ path }) => path))]);
  const journal = await openAnswerJournal(out, sheet);
  const server = await serveAnnotation({ sheet, journal, audio, host, port });
  process.stdout.write(
    json
      ? `${JSON.stringify({ url: server.url, answers: out, questions: sheet.length })}\n`
      : `Open ${server.url} in a browser; ${sheet.length} questions, answers in ${out}. Ctrl-C ends.\n`,
  );
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await server.close();
  await journal.close();
}

async function reportMissing(audio: string, clips: string[]): Promise<void> {
  const found = await Promise.all(clips.map((clip) => stat(join(audio, clip)).catch(() => null)));
  const missing = clips.filter((_, i) => !found[i]?.isFile());
  if (missing.length === clips.length) {
    throw new InputError(
      `${audio}: none of the ${clips.length} clips of the sheet is there, such as "${clips[0]}". Name their folder.`,
    );
  }
  if (missing.length > 0) {
    terminalReporter().line(
      `${missing.length} of ${clips.length} clips are not there, such as ${missing[0]}`,
    );
  }
}
