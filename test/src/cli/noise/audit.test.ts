import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { AuditResult } from '../../../../src/noise/auditReport.ts';
import { expectRefusal, runCommand } from '../../../support/runCommand.ts';
import { tempFolder } from '../../../support/tempFolder.ts';

const temp = tempFolder();
const write = (name: string, ...lines: string[]) => writeFileSync(temp(name), `${lines.join('\n')}\n`);
const audit = (truth: string, ...options: string[]) =>
  runCommand(
    ...['noise', 'audit', '--labels', temp('given.csv'), '--reannotated', temp(truth)],
    ...['--out', temp('out'), ...options],
  );
const auditJson = async (truth: string, ...options: string[]): Promise<AuditResult> => {
  const { code, stdout, stderr } = await audit(truth, '--json', ...options);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as AuditResult;
};

/** Clips 0–9 carry the guitar, 0–4 the piano; 100 in all. */
const clip = (i: number) => `${i}.wav`;
beforeAll(() => {
  const tags = (i: number) => [i < 10 && 'guitar', i < 5 && 'piano'].filter(Boolean).join(';');
  const rows = Array.from({ length: 100 }, (_, i) => `${clip(i)},${tags(i)}`);
  write('given.csv', 'path,tags', ...rows);
  // of clips 0–3 and 50–65 the guitar is in 0, 1, 2 and 50
  const asked = [0, 1, 2, 3, ...Array.from({ length: 16 }, (_, i) => 50 + i)];
  write('wide.csv', 'id,guitar', ...asked.map((i) => `${clip(i)},${i < 3 || i === 50 ? 1 : 0}`));
});

test('a random sample in the wide form, by hand', async () => {
  const result = await auditJson('wide.csv', '--design', 'random');
  expect(result).toMatchObject({ clips: 100, design: 'random', truth: 'majority', intervals: 'jeffreys' });
  const [guitar, ...others] = result.tags;
  expect(others).toEqual([]); // the piano was not asked
  expect(guitar.strata).toEqual([
    { given: 1, size: 10, audited: 4, positives: 3 },
    { given: 0, size: 90, audited: 16, positives: 1 },
  ]);
  expect(guitar.quality.precision.value).toBeCloseTo(0.75, 12);
  expect(guitar.quality.recall.value).toBeCloseTo(7.5 / (7.5 + 90 / 16), 12);
  const [low, high] = guitar.quality.recall.interval!;
  expect(low).toBeLessThan(0.5);
  expect(high).toBeGreaterThan(0.6);
  expect(JSON.parse(readFileSync(temp('out', 'audit.json'), 'utf8')).tags).toEqual(result.tags);
});

test('exact intervals are wider than the default', async () => {
  const [jeffreys, exact] = [
    await auditJson('wide.csv', '--design', 'random'),
    await auditJson('wide.csv', '--design', 'random', '--intervals', 'exact'),
  ].map(({ tags }) => tags[0].quality.precision.interval!);
  expect(exact[1] - exact[0]).toBeGreaterThan(jeffreys[1] - jeffreys[0]);
});

test('of tagged clips, those that carry the tag count, and recall is left open with its reason', async () => {
  const [guitar] = (await auditJson('wide.csv', '--design', 'tagged')).tags;
  expect(guitar.quality.precision.value).toBeCloseTo(0.75, 12);
  expect(guitar.quality.recall.value).toBeNull();
  expect(guitar.missing).toBe('none of 90 clips without the tag has an answer');
  const { stdout } = await audit('wide.csv', '--design', 'tagged');
  expect(stdout).toContain('guitar: none of 90 clips without the tag has an answer');
});

test('a manifest answers every tag', async () => {
  write('manifest.csv', 'path,tags', `${clip(0)},guitar`, `${clip(20)},guitar;piano`, `${clip(30)},`);
  const { tags } = await auditJson('manifest.csv', '--design', 'random');
  expect(tags.map(({ tag, strata }) => [tag, strata.map(({ positives }) => positives)])).toEqual([
    ['guitar', [1, 1]],
    ['piano', [0, 1]],
  ]);
});

test('a sheet tells its strata, which need no design', async () => {
  const row = (i: number, stratum: number, size: number, answer: string) =>
    `${clip(i)},guitar,stratified,${stratum},${size},${answer},ann`;
  write(
    'sheet.csv',
    'path,tag,design,stratum,size,answer,annotator',
    ...[row(0, 1, 2, 'yes'), row(1, 1, 2, 'no'), row(2, 2, 8, 'yes'), row(3, 2, 8, 'unsure')],
    ...[row(50, 3, 90, 'no'), row(51, 3, 90, 'yes'), row(52, 3, 90, '')],
  );
  const [guitar] = (await auditJson('sheet.csv')).tags;
  expect(guitar.open).toBe(1);
  expect(guitar.strata).toEqual([
    { given: 1, size: 2, audited: 2, positives: 1 },
    { given: 1, size: 8, audited: 1, positives: 1 },
    { given: 0, size: 90, audited: 2, positives: 1 },
  ]);
  expect(guitar.quality.precision.value).toBeCloseTo(0.9, 12); // (1 + 8) / 10
  expect(guitar.quality.negativeError.value).toBeCloseTo(0.5, 12);
});

test('several annotators: agreement, kappa, majority with the later answer, and Dawid–Skene', async () => {
  const answers = (name: string, yes: number[]) =>
    [0, 1, 2, 3, 50, 51].map((i) => `${clip(i)},guitar,${yes.includes(i) ? 'yes' : 'no'},${name}`);
  write(
    'three.csv',
    'path,tag,answer,annotator',
    ...[...answers('ann', [0, 1, 2, 50]), ...answers('bob', [0, 1, 50]), ...answers('cy', [0, 1, 2, 3])],
    `${clip(50)},guitar,no,bob`,
  );
  const { tags } = await auditJson('three.csv', '--design', 'stratified');
  expect(tags[0].strata.map(({ positives, audited }) => [positives, audited])).toEqual([
    [3, 4],
    [0, 2],
  ]);
  const { pairs, fleiss, annotators } = tags[0].agreement;
  // ann and bob: 0, 1 both yes, 3, 51 both no; p_o = 4/6, p_e = (4·2 + 2·4) / 36
  expect(pairs[0]).toMatchObject({ first: 'ann', second: 'bob', clips: 6, agreed: 4 });
  expect(pairs[0].kappa).toBeCloseTo((4 / 6 - 16 / 36) / (1 - 16 / 36), 12);
  // all agree on 0, 1 and 51: P = (3 + 3 · 1/3) / 6, yes 10 of 18
  expect(fleiss!.kappa).toBeCloseTo((4 / 6 - 164 / 324) / (1 - 164 / 324), 12);
  expect(annotators.map(({ name, yes, no }) => [name, yes, no])).toEqual([
    ['ann', 4, 2],
    ['bob', 2, 4],
    ['cy', 4, 2],
  ]);
  const model = await auditJson('three.csv', '--design', 'stratified', '--truth', 'dawid-skene');
  for (const { sensitivity, specificity } of model.tags[0].agreement.annotators) {
    expect(sensitivity).toBeGreaterThanOrEqual(0);
    expect(specificity).toBeLessThanOrEqual(1);
  }
  const page = readFileSync(temp('out', 'report.html'), 'utf8');
  expect(page).toContain('Do the annotators agree?');
  expect(page).not.toMatch(/NaN|undefined|null/);
});

test('for people: a line a tag within 80 columns, and a page that says it in words', async () => {
  const { stdout } = await audit('wide.csv', '--design', 'random');
  expect(stdout).toMatch(/^ {2}guitar +20 {2}0\.750 \[0\.\d{3}, \d\.\d{3}\] {2}0\.571 \[/m);
  for (const line of stdout.split('\n').filter((each) => !each.includes(temp())))
    expect(line.length, line).toBeLessThanOrEqual(80);
  const page = readFileSync(temp('out', 'report.html'), 'utf8');
  expect(page).toContain('of the 10 clips that carry it, 25.0 %');
  expect(page).toContain('Few such clips were found for guitar (1)');
  expect(page).not.toMatch(/NaN|undefined|null/);
});

test('bad input is refused with the file, the line and the way out', async () => {
  expect(expectRefusal(await audit('wide.csv'))).toContain('Name the design');
  expect(expectRefusal(await audit('sheet.csv', '--design', 'random'))).toContain('Leave out the design');
  expect(expectRefusal(await audit('none.csv'))).toContain('none.csv: no such file');
  const given = async (...lines: string[]) => {
    write('bad.csv', ...lines);
    return expectRefusal(await audit('wide.csv', '--labels', temp('bad.csv')));
  };
  expect(await given('id,guitar', '0.wav,2')).toContain('line 2: "2" in the column "guitar"');
  expect(await given('path,tags', 'a,guitar', 'a,piano')).toContain('line 3: "a" stands in line 2, too');
  expect(await given('path,tags', 'a,')).toContain('there is no tag in it');
  expect(await given('id,guitar,guitar', 'a,1,0')).toContain('two columns are called "guitar"');
  expect(await given('path,tags', 'a,guitar,piano')).toContain('line 2: 3 fields where the header has 2');
  expect(await given('path,tags')).toContain('holds no rows');
  write('strange.csv', 'id,guitar', 'x.wav,1');
  expect(expectRefusal(await audit('strange.csv', '--design', 'random'))).toMatch(
    /line 2: the clip "x.wav" is not in/,
  );
  write('tag.csv', 'id,gitar', '0.wav,1');
  expect(expectRefusal(await audit('tag.csv', '--design', 'random'))).toContain('the tag "gitar" is not in');
  write('word.csv', 'path,tag,answer', '0.wav,guitar,perhaps');
  expect(expectRefusal(await audit('word.csv', '--design', 'random'))).toContain('the answer "perhaps"');
  write('empty.csv', 'path,tag,answer', '0.wav,guitar,');
  expect(expectRefusal(await audit('empty.csv', '--design', 'random'))).toContain('no row has an answer');
  write(
    'mixed.csv',
    'path,tag,design,stratum,size,answer',
    '0.wav,guitar,stratified,1,10,yes',
    '50.wav,guitar,stratified,1,10,no',
  );
  expect(expectRefusal(await audit('mixed.csv'))).toContain('stratum 1 holds clips with and without the tag');
  write('size.csv', 'path,tag,design,stratum,size,answer', '0.wav,guitar,stratified,1,11,yes');
  expect(expectRefusal(await audit('size.csv'))).toContain('11 clips with the tag where there are 10');
});
