import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { parseCsv } from '../../../../datasets/csv.ts';
import type { AuditResult } from '../../../../src/noise/auditReport.ts';
import { expectRefusal, runCommand } from '../../../support/runCommand.ts';
import { tempFolder } from '../../../support/tempFolder.ts';

const temp = tempFolder();
const sample = (...options: string[]) =>
  runCommand('noise', 'sample', '--labels', temp('given.csv'), '--out', temp('sheet.csv'), ...options);
interface Row {
  clip: number;
  tag: string;
  stratum: string;
  size: number;
}
const drawn = async (...options: string[]): Promise<Row[]> => {
  const { code, stderr } = await sample(...options);
  expect(code, stderr).toBe(0);
  const [header, ...records] = parseCsv(readFileSync(temp('sheet.csv'), 'utf8'), 'sheet.csv');
  expect(header.fields).toEqual(['path', 'tag', 'design', 'stratum', 'size', 'annotator', 'answer']);
  return records.map(({ fields: [path, tag, , stratum, size] }) => {
    return { clip: Number(path.slice(5)), tag, stratum, size: Number(size) };
  });
};

/** Of 200 clips, 0–39 carry "a, b" and 20–29 "piano"; the score of a clip is its number / 200. */
beforeAll(() => {
  const clips = Array.from({ length: 200 }, (_, i) => i);
  const rows = clips.map((i) => `clip ${i},${i < 40 ? 1 : 0},${i >= 20 && i < 30 ? 1 : ''}`);
  writeFileSync(temp('given.csv'), ['id,"a, b",piano', ...rows].join('\n'));
  writeFileSync(temp('scores.csv'), ['path,"a, b"', ...clips.map((i) => `clip ${i},${i / 200}`)].join('\n'));
});

test('tagged clips alone, without repetition, each tag with its own size', async () => {
  const rows = await drawn('--design', 'tagged', '--clips', '30');
  const [first, piano] = ['a, b', 'piano'].map((tag) => rows.filter((row) => row.tag === tag));
  expect([first.length, piano.length]).toEqual([30, 10]); // there are no more
  expect(new Set(first.map(({ clip }) => clip)).size).toBe(30);
  expect(first.every(({ clip, size }) => clip < 40 && size === 40)).toBe(true);
  expect(piano.every(({ clip, size }) => clip >= 20 && clip < 30 && size === 10)).toBe(true);
});

test('half with the tag and half without', async () => {
  const rows = await drawn('--clips', '21', '--tags', 'a, b');
  expect(rows.filter(({ clip, size }) => clip < 40 && size === 40)).toHaveLength(11);
  expect(rows.filter(({ clip, size }) => clip >= 40 && size === 160)).toHaveLength(10);
});

test('a random set is asked for every tag, clip by clip', async () => {
  const rows = await drawn('--design', 'random', '--clips', '25');
  expect(rows).toHaveLength(50);
  rows.forEach(({ tag, size, clip }, i) => {
    expect([tag, size]).toEqual([i % 2 === 0 ? 'a, b' : 'piano', 200]);
    expect(clip).toBe(rows[i - (i % 2)].clip);
  });
});

test('the most disputed are audited whole, the others drawn from the rest', async () => {
  const rows = await drawn(
    ...['--design', 'informative', '--clips', '20', '--tags', 'a, b', '--predictions', temp('scores.csv')],
  );
  const clipsOf = (stratum: string) =>
    rows
      .filter((row) => row.stratum === stratum)
      .map(({ clip }) => clip)
      .sort((a, b) => a - b);
  expect(clipsOf('1')).toEqual([0, 1, 2, 3, 4]); // tagged, with the lowest scores
  expect(clipsOf('3')).toEqual([195, 196, 197, 198, 199]); // untagged, with the highest
  expect(clipsOf('2').every((clip) => clip >= 5 && clip < 40)).toBe(true);
  expect(clipsOf('4').every((clip) => clip >= 40 && clip < 195)).toBe(true);
  const sizes = new Map(rows.map(({ stratum, size }) => [stratum, size]));
  expect(Object.fromEntries(sizes)).toEqual({ 1: 5, 2: 35, 3: 5, 4: 155 });
});

test('the same seed draws the same sheet, another a different one', async () => {
  const [first, again, other] = [await drawn(), await drawn('--seed', '1'), await drawn('--seed', '2')];
  expect(first).toEqual(again);
  expect(first).not.toEqual(other);
});

test.each(['tagged', 'random', 'stratified', 'informative'])(
  'a filled sheet of the design %s is audited with its own weights',
  async (design) => {
    const more = design === 'informative' ? ['--predictions', temp('scores.csv')] : [];
    const rows = await drawn('--design', design, '--clips', '40', '--tags', 'a, b', ...more);
    // the tag truly applies to even numbers
    const filled = readFileSync(temp('sheet.csv'), 'utf8')
      .split('\n')
      .map((line) =>
        line.replace(/^clip (\d+)(.*),$/, (_, n, rest) => `clip ${n}${rest},${n % 2 ? 'no' : 'yes'}`),
      );
    writeFileSync(temp('filled.csv'), filled.join('\n'));
    const { code, stdout, stderr } = await runCommand(
      ...['noise', 'audit', '--labels', temp('given.csv'), '--reannotated', temp('filled.csv')],
      ...['--out', temp('out'), '--json'],
    );
    expect(code, stderr).toBe(0);
    const { design: found, tags } = JSON.parse(stdout) as AuditResult;
    expect([found, tags.length]).toEqual([design, 1]);
    expect(tags[0].strata.reduce((sum, { audited }) => sum + audited, 0)).toBe(rows.length);
    const [low, high] = tags[0].quality.precision.interval!;
    expect(low).toBeLessThanOrEqual(0.5);
    expect(high).toBeGreaterThanOrEqual(0.5);
    expect(tags[0].quality.recall.value === null).toBe(design === 'tagged');
  },
);

test('--json tells what was drawn', async () => {
  const { stdout } = await sample('--clips', '10', '--tags', 'piano', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    path: temp('sheet.csv'),
    questions: 10,
    clips: 10,
    tags: ['piano'],
  });
});

test('bad input is refused', async () => {
  expect(expectRefusal(await sample('--design', 'informative'))).toContain('belong together');
  expect(expectRefusal(await sample('--tags', 'flute'))).toContain('the tag "flute" is not in');
  expect(expectRefusal(await sample('--clips', '0'))).toContain('--clips');
  writeFileSync(temp('other.csv'), 'path,flute\nclip 1,0.5\n');
  const informative = ['--design', 'informative', '--predictions', temp('other.csv')];
  expect(expectRefusal(await sample(...informative))).toContain('no score of a clip and tag');
  writeFileSync(temp('other.csv'), 'path,piano\nclip 1,high\n');
  expect(expectRefusal(await sample(...informative))).toContain('line 2: the score "high"');
});
