/**
 * Do the 95 % intervals of `noise audit` hold the truth in 95 % of audits? Simulated audits of data sets whose truth is
 * known: first with another truth in each repetition, then for fixed truths, where counts are discrete and a few clips
 * cannot give every level.
 *      npm run -s sonotag -- experiment auditCoverage     (10,000 repetitions: about 10 minutes on one core)
 */
import { join } from 'node:path';
import { Command } from 'commander';
import type { Random } from '../datasets/random.ts';
import { jsonOption, seedOption, wholeNumber } from '../src/cli/options.ts';
import { terminalReporter } from '../src/cli/terminalReporter.ts';
import { writeWhole } from '../src/files/writeWhole.ts';
import { simulateAudits, type AuditTruth, type SimulatedDesign } from '../src/noise/simulateAudits.ts';
import {
  describeCoverage,
  renderCoverageReport,
  type CoverageResult,
  type CoverageRow,
} from './auditCoverage/report.ts';

interface CoverageOptions {
  repetitions: number;
  draws: number;
  out: string;
  seed: number;
  json?: true;
}

/** Clips of the simulated data sets: about the test part of the Million Song Dataset's split. */
const clips = 20_000;

const designs: SimulatedDesign[] = [
  { name: 'tagged', clips: 50 },
  { name: 'random', clips: 400 },
  { name: 'stratified', clips: 100 },
  { name: 'informative', clips: 100 },
];

/** Share of clips with the tag, precision, and error of the negative labels. */
const fixedTruths: [number, number, number][] = [
  [0.05, 0.8, 0.05],
  [0.05, 0.6, 0.2],
  [0.02, 0.9, 0.02],
  [0.1, 0.95, 0.4],
  [0.013, 0.7, 0.3],
];

export function auditCoverage(): Command {
  return new Command()
    .option('--repetitions <n>', 'audits of each kind', wholeNumber(1), 10_000)
    .option('--draws <n>', 'of the posterior in each audit', wholeNumber(100), 1000)
    .option('--out <folder>', 'where result.json and report.html go', 'runs/auditCoverage')
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(run);
}

async function run({ repetitions, draws, out, seed, json }: CoverageOptions): Promise<void> {
  const cells = [
    ...(['jeffreys', 'exact'] as const).map((intervals) => ({ intervals, truth: drawTruth, name: 'varied' })),
    ...fixedTruths.map((fixed) => ({
      intervals: 'jeffreys' as const,
      truth: () => truthOf(...fixed),
      name: `tag ${fixed[0]}, precision ${fixed[1]}, negative error ${fixed[2]}`,
    })),
  ].flatMap((cell) => designs.map((design) => ({ ...cell, design })));
  const bar = terminalReporter().bar('audits', cells.length);
  const rows: CoverageRow[] = [];
  for (const { intervals, truth, name, design } of cells) {
    const measures = simulateAudits(truth, design, { repetitions, seed, draws, intervals });
    rows.push({ design: design.name, audited: design.clips, intervals, truth: name, measures });
    bar.update(rows.length);
  }
  bar.done();
  const result: CoverageResult = {
    ...{ created: new Date().toISOString(), clips, repetitions, draws, seed, rows },
  };
  const text = `${JSON.stringify(result, null, 2)}\n`;
  await writeWhole(join(out, 'result.json'), text);
  await writeWhole(join(out, 'report.html'), renderCoverageReport(result));
  process.stdout.write(json ? text : describeCoverage(result, join(out, 'report.html')));
}

/** Tags of 1 to 20 % of the clips, precision 0.5 to 0.98, and an error of negative labels of 1 to 50 %, log-uniform. */
function drawTruth(random: Random): AuditTruth {
  const logUniform = (low: number, high: number) => Math.exp(random.uniform(Math.log(low), Math.log(high)));
  return truthOf(logUniform(0.01, 0.2), random.uniform(0.5, 0.98), logUniform(0.01, 0.5));
}

function truthOf(rate: number, precision: number, negativeError: number): AuditTruth {
  const tagged = Math.round(clips * rate);
  const untagged = clips - tagged;
  return {
    ...{ tagged, untagged },
    truePositives: Math.round(tagged * precision),
    missed: Math.round(untagged * negativeError),
  };
}
