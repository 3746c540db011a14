import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRandom } from '../../../datasets/random.ts';
import type { SystemStudy } from '../../../src/noise/systemStudy.ts';
import { expectRefusal, runCommand } from '../../support/runCommand.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const temp = tempFolder();
const write = (name: string, text: string) => {
  writeFileSync(temp(name), text);
  return temp(name);
};

/** Three systems on 90 clips of three tags; the first 60 are audited for two of them. */
function files() {
  const random = createRandom(2);
  const tags = ['guitar', '<drums>', 'piano'];
  const truth = Array.from({ length: 90 }, () => tags.map(() => random.chance(0.4)));
  const given = truth.map((row) => row.map((label) => (label ? random.chance(0.7) : random.chance(0.05))));
  const list = (row: boolean[]) => tags.filter((_, tag) => row[tag]).join(';');
  const system = (name: string, skill: number, order: number[]) =>
    write(
      `${name}.csv`,
      `path,tags,${tags.join(',')}\n${order
        .map((clip) => {
          const scores = truth[clip].map((label) =>
            (skill * Number(label) + random.uniform(0, 2)).toFixed(3),
          );
          return `c${clip},${list(given[clip])},${scores.join(',')}`;
        })
        .join('\n')}\n`,
    );
  const order = truth.map((_, clip) => clip);
  const audited = truth
    .slice(0, 60)
    .map((row, clip) => `c${clip},${clip === 5 ? '' : Number(row[0])},${Number(row[1])}`);
  return {
    scores: [
      `poor=${system('poor', 0.3, order)}`,
      `fair=${system('fair', 0.9, order.toReversed())}`,
      system('good', 2, order),
    ],
    reannotated: write('truth.csv', `path,guitar,<drums>\n${audited.join('\n')}\n`),
    given: write('given.csv', `path,tags\n${[...given.map((row, clip) => `c${clip},${list(row)}`), 'z1,', 'z2,piano'].join('\n')}\n`), // prettier-ignore
  };
}

test('scores both ways, correlations and the trusted difference come as JSON and as a page', async () => {
  const { scores, reannotated, given } = files();
  const out = temp('evaluate.html');
  const { code, stdout } = await runCommand(
    ...['noise', 'evaluate', '--scores', ...scores, '--reannotated', reannotated, '--given', given],
    ...['--draws', '80', '--seed', '4', '--out', out, '--json'],
  );
  expect(code).toBe(0);
  const study = JSON.parse(stdout) as SystemStudy;
  expect(study).toMatchObject({ clips: 90, auditedClips: 60, auditedTags: ['guitar', '<drums>'] });
  expect(study.systems.map(({ name }) => name)).toEqual(['poor', 'fair', temp('good.csv')]);
  const [poor, fair, good] = study.systems.map(({ rocAuc }) => rocAuc.audited!);
  expect(good).toBeGreaterThan(fair);
  expect(fair).toBeGreaterThan(poor);
  expect(study.perTag[0]).toMatchObject({ tag: 'guitar', clips: 59 });
  expect(study.givenAgainstAudited!.rocAuc.spearman.interval).toHaveLength(2);
  expect(study.auditedTagsAgainstAll!.prAuc.pearson.value).toBeGreaterThan(0.9);
  const { byLabels, byLabelsAndClips, attenuation } = study.trusted.rocAuc;
  expect(byLabels).toBeGreaterThan(0);
  expect(byLabelsAndClips).toBeGreaterThan(byLabels);
  expect(attenuation).toBeGreaterThan(0.3);
  expect(attenuation).toBeLessThan(0.9);
  const page = readFileSync(out, 'utf8');
  for (const part of [
    'What difference can be trusted',
    'rank the systems alike',
    'Estimated noise',
    '&#60;drums&#62;',
  ])
    expect(page).toContain(part);
});

test('without --given the predictions’ own labels are taken; one tag of the audit may be chosen', async () => {
  const { scores, reannotated } = files();
  const evaluate = (...args: string[]) =>
    runCommand('noise', 'evaluate', '--scores', ...scores, '--reannotated', reannotated, '--draws', '40', '--out', temp('own.html'), ...args); // prettier-ignore
  const { code, stdout } = await evaluate('--tags', '<drums>');
  expect(code).toBe(0);
  expect(stdout).toContain('3 systems on 60 audited clips, 1 audited tags');
  expect(stdout).toMatch(/A difference of ROC-AUC below 0\.\d+ is not to be trusted/);
  const again = await evaluate('--tags', '<drums>');
  expect(again.stdout).toBe(stdout);
});

test('systems of other clips, one system, unknown tags and an audit of one side are refused in one line', async () => {
  const { scores, reannotated } = files();
  const refusal = async (reannotatedFile: string, ...systems: string[]) =>
    expectRefusal(
      await runCommand('noise', 'evaluate', '--scores', ...systems, '--reannotated', reannotatedFile, '--out', temp('no.html')), // prettier-ignore
    );
  expect(await refusal(reannotated, scores[0])).toContain('two systems');
  expect(await refusal(reannotated, scores[0], scores[0])).toContain('"poor" stands twice');
  const short = write('short.csv', 'path,guitar,<drums>,piano\nc0,1,0,0\n');
  expect(await refusal(reannotated, scores[0], short)).toContain('scores 1 clips where poor scores 90');
  const bare = write('bare.csv', 'path,guitar\nc0,1\nc1,0\n');
  expect(await refusal(reannotated, bare, scores[0])).toContain('--given');
  expect(await refusal(write('polka.csv', 'path,polka\nc0,1\n'), ...scores)).toContain(
    'do not score the tag "polka"',
  );
  expect(await refusal(write('side.csv', 'path,guitar\nc0,1\n'), ...scores)).toContain('audit more');
  expect(existsSync(temp('no.html'))).toBe(false);
});
