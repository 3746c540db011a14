/**
 * How fast is this, next to what a Python user would run on the same machine? Both sides in one run, taking turns;
 * Markdown on stdout, progress on stderr.
 *      npm run bench [-- --only a,c] [--quick] [--rounds 7] [--files 500] [--json FILE]
 * Python peers are used where the Python named by SONOTAG_PYTHON, or python3, has them: see requirements.txt.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { listEngines } from '../src/engine/listEngines.ts';
import { writeWhole } from '../src/files/writeWhole.ts';
import { describeMachine, machineText } from './describeMachine.ts';
import { goalTable, isMet, type GoalName, type GoalResult } from './goals.ts';
import { findPython, installPeers } from './python.ts';
import type { Section, SectionResult } from './section.ts';
import { agreementSection } from './sections/agreement.ts';
import { layerFeaturesSection } from './sections/layerFeatures.ts';
import { loadingSection } from './sections/loading.ts';
import { logMelSection } from './sections/logMel.ts';
import { memorySection } from './sections/memory.ts';
import { trainingStepSection } from './sections/trainingStep.ts';
import { wholeJobSection } from './sections/wholeJob.ts';
import { Session } from './session.ts';

const sections: Section[] = [
  logMelSection,
  loadingSection,
  trainingStepSection,
  layerFeaturesSection,
  wholeJobSection,
  memorySection,
  agreementSection,
];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    files: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log('npm run bench [-- --only a,c] [--quick] [--rounds 7] [--files 500] [--json FILE]\n');
  for (const { letter, question } of sections) console.log(`  ${letter}  ${question}`);
} else {
  await bench();
}

async function bench(): Promise<void> {
  const { quick } = values;
  const chosen = chooseSections(values.only);
  const say = (line: string) => console.error(line);
  const folder = await mkdtemp(join(tmpdir(), 'sonotag-bench-'));
  const [engines, python] = [await listEngines(), await findPython()];
  const rounds = wholeNumber('--rounds', values.rounds, quick ? 2 : 7);
  const files = wholeNumber('--files', values.files, quick ? 6 : 500);
  const session = new Session({ folder, python, engines, quick, rounds, files, say });
  const results: (SectionResult & { letter: string })[] = [];
  try {
    for (const section of chosen) {
      say(`${section.letter}. ${section.question}`);
      const result = await section.run(session);
      results.push({ letter: section.letter, ...result });
      console.log(`### ${section.letter}. ${result.title}\n\n${result.body}\n`);
    }
  } finally {
    await session.close();
    await rm(folder, { recursive: true, force: true });
  }
  const goals: GoalResult[] = results.flatMap((result) => result.goals);
  const remarks: Partial<Record<GoalName, string>> = Object.assign(
    {},
    ...results.map((result) => result.remarks),
  );
  const machine = describeMachine(engines, python);
  const missing = [...python.missing, ...session.remarks];
  console.log(
    `### Goals\n\n${goalTable(
      chosen.flatMap((section) => section.goals),
      goals,
      remarks,
    )}\n\n${machineText(machine)}`,
  );
  if (quick) console.log('A smoke run (--quick): too short to be quoted.');
  if (missing.length > 0) console.log(`\nLeft out:\n\n${missing.map((line) => `- ${line}`).join('\n')}`);
  if (python.missing.length > 0) console.log(`\nFor the Python peers: ${installPeers}.`);
  if (values.json !== undefined) {
    const judged = goals.map((goal) => ({ ...goal, met: isMet(goal) }));
    const report = { machine, quick, rounds, goals: judged, missing, sections: results };
    await writeWhole(values.json, `${JSON.stringify(report, null, 1)}\n`);
  }
}

function chooseSections(only: string | undefined): Section[] {
  if (only === undefined) return sections;
  return only.split(',').map((wanted) => {
    const section = sections.find(({ letter }) => letter === wanted.trim());
    if (section) return section;
    const letters = sections.map(({ letter }) => letter).join(',');
    throw new RangeError(`--only ${only}: there is no section "${wanted}". Choose from ${letters}.`);
  });
}

function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new RangeError(`${name} must be a whole number >= 1; got ${text}.`);
}
