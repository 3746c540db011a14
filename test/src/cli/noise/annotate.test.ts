import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { expectRefusal, runCommand, startProgram } from '../../../support/runCommand.ts';
import { tempFolder } from '../../../support/tempFolder.ts';

const temp = tempFolder();
const header = 'path,tag,design,stratum,size,annotator,answer';
const options = (...more: string[]) => [
  ...['noise', 'annotate', '--sheet', temp('sheet.csv'), '--audio', temp('audio')],
  ...['--out', temp('answers.csv'), '--port', '0', ...more],
];
beforeAll(() => {
  mkdirSync(temp('audio'));
  writeFileSync(temp('audio', 'a.wav'), '');
  writeFileSync(temp('sheet.csv'), `${header}\na.wav,guitar,tagged,1,9,,\ngone.wav,guitar,tagged,1,9,,\n`);
});

test('killed after an answer, it has kept it; started again it goes on, and ends by SIGTERM with 0', async () => {
  const start = async () => {
    const { child, ended } = startProgram(options('--json'));
    const line = await new Promise<string>((resolve) =>
      child.stdout!.once('data', (text) => resolve(String(text))),
    );
    return { child, ended, ...(JSON.parse(line) as { url: string; questions: number }) };
  };
  const first = await start();
  expect(first.questions).toBe(2);
  const saved = await fetch(`${first.url}answers`, {
    ...{ method: 'POST', headers: { 'Content-Type': 'application/json' } },
    body: JSON.stringify({ row: 0, annotator: 'ann', answer: 'yes' }),
  });
  expect(saved.status).toBe(200);
  first.child.kill('SIGKILL');
  expect((await first.ended).stderr).toContain('1 of 2 clips are not there, such as gone.wav');
  expect(readFileSync(temp('answers.csv'), 'utf8')).toBe(`${header}\na.wav,guitar,tagged,1,9,ann,yes\n`);

  const second = await start();
  const questions = await (await fetch(`${second.url}questions?annotator=ann`)).json();
  expect(questions).toMatchObject([{ answer: 'yes' }, { answer: '' }]);
  second.child.kill('SIGTERM');
  expect((await second.ended).code).toBe(0);
});

test('any address but loopback, and files that do not fit, are refused', async () => {
  const refused = async (...more: string[]) => expectRefusal(await runCommand(...options(...more)));
  expect(await refused('--host', '0.0.0.0')).toContain('--host 0.0.0.0: the page is for this machine alone');
  expect(await refused('--audio', temp('nowhere'))).toContain('none of the 2 clips of the sheet is there');
  writeFileSync(temp('other.csv'), 'path,tag\na.wav,guitar\n');
  expect(await refused('--sheet', temp('other.csv'))).toContain('no column "design"');
  writeFileSync(temp('twice.csv'), `${header}\n${'a.wav,guitar,tagged,1,9,,\n'.repeat(2)}`);
  expect(await refused('--sheet', temp('twice.csv'))).toContain(
    'line 3: "a.wav" and "guitar" stand in line 2, too',
  );
});
