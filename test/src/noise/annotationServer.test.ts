import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { request, type OutgoingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveAnnotation, type AnnotationServer } from '../../../src/noise/annotationServer.ts';
import { openAnswerJournal, type AnswerJournal } from '../../../src/noise/answerJournal.ts';
import type { SheetRow } from '../../../src/noise/sheet.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const temp = tempFolder();
const question = (path: string, tag = 'guitar'): SheetRow => ({
  ...{ path, tag, design: 'tagged', stratum: '1', size: 9 },
});
const sheet = ['a #1.wav', 'sub/b.wav', '../secret.wav', 'link.wav', process.execPath].map((path) =>
  question(path),
);
let journal: AnswerJournal;
let server: AnnotationServer;

beforeAll(async () => {
  mkdirSync(temp('audio', 'sub'), { recursive: true });
  writeFileSync(temp('audio', 'a #1.wav'), '0123456789');
  writeFileSync(temp('audio', 'unasked.wav'), 'unasked');
  writeFileSync(temp('audio', 'sub', 'b.wav'), 'b');
  writeFileSync(temp('secret.wav'), 'secret');
  symlinkSync(temp('secret.wav'), temp('audio', 'link.wav'));
  journal = await openAnswerJournal(temp('answers.csv'), sheet);
  server = await serveAnnotation({ sheet, journal, audio: temp('audio') });
});
afterAll(async () => {
  await server.close();
  await journal.close();
});

interface Reply {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** The path goes out as it is, unlike with fetch. */
function ask(
  path: string,
  { method = 'GET', headers = {}, body = '' as string | null } = {},
): Promise<Reply> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const options = { host: hostname, port, path, method, headers: headers as OutgoingHttpHeaders };
    const sent = request(options, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: text }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const post = (body: string, headers: object = { 'Content-Type': 'application/json' }) =>
  ask('/answers', { method: 'POST', headers, body });

test.each(['0.0.0.0', '::', '192.168.1.2', 'example.org'])('the address %s is refused', async (host) => {
  await expect(serveAnnotation({ sheet, journal, audio: temp('audio'), host })).rejects.toThrow(
    `--host ${host}: the page is for this machine alone`,
  );
});

test('it listens on loopback, and not to a name of elsewhere that points here', async () => {
  expect(new URL(server.url).hostname).toBe('127.0.0.1');
  expect((await ask('/', { headers: { Host: 'evil.example' } })).status).toBe(403);
  expect((await ask('/', { headers: { Host: 'localhost:1' } })).status).toBe(200);
});

test('a clip in the sheet and the folder is sent, whole and in ranges', async () => {
  const path = `/audio/${encodeURIComponent('a #1.wav')}`;
  const whole = await ask(path);
  expect([whole.status, whole.body, whole.headers['content-type']]).toEqual([200, '0123456789', 'audio/wav']);
  for (const [range, body, content] of [
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
  ]) {
    const part = await ask(path, { headers: { Range: range } });
    expect([part.status, part.body, part.headers['content-range']]).toEqual([206, body, content]);
  }
  for (const range of ['bytes=10-', 'bytes=5-2', 'bytes=-', 'lines=1-2'])
    expect((await ask(path, { headers: { Range: range } })).status, range).toBe(416);
  expect((await ask('/audio/sub%2Fb.wav')).body).toBe('b');
});

test.each([
  ['a path upward', '..%2Fsecret.wav'],
  ['a link', 'link.wav'],
  ['an absolute path', encodeURIComponent(process.execPath)],
])('%s out of the audio folder is refused, though the sheet names it', async (_, path) => {
  const reply = await ask(`/audio/${path}`);
  expect([reply.status, reply.body]).toEqual([403, 'outside the audio folder\n']);
});

test.each(['unasked.wav', '../secret.wav', '%2e%2e/secret.wav', '..%2F..%2Fetc%2Fpasswd', '%E0%A4%A'])(
  '%s is not in the sheet, and so not there',
  async (path) => {
    const reply = await ask(`/audio/${path}`);
    expect(reply.status).toBe(404);
    expect(reply.body).not.toContain('secret');
  },
);

test('a body over 4096 bytes is refused, told by its length or not, and nothing is written', async () => {
  const before = readFileSync(temp('answers.csv'), 'utf8');
  const long = JSON.stringify({ row: 0, annotator: 'ann', answer: 'yes', more: 'x'.repeat(5000) });
  expect((await post(long)).status).toBe(413);
  const chunked = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' };
  expect((await post(long, chunked)).status).toBe(413);
  expect(readFileSync(temp('answers.csv'), 'utf8')).toBe(before);
});

test.each([
  '{',
  'null',
  '{"row":9,"annotator":"ann","answer":"yes"}',
  '{"row":0,"annotator":"","answer":"yes"}',
  '{"row":0,"annotator":"a\\nb","answer":"yes"}',
  '{"row":0,"annotator":"ann","answer":"perhaps"}',
])('the answer %s is refused', async (body) => {
  expect((await post(body)).status).toBe(400);
});

test('a form of another page, and other methods and places, are refused', async () => {
  expect((await post('{}', { 'Content-Type': 'text/plain' })).status).toBe(415);
  expect((await ask('/answers', { method: 'DELETE' })).status).toBe(405);
  expect((await ask('/other', { method: 'POST' })).status).toBe(404);
  expect((await ask('/other')).status).toBe(404);
});

test('answers are in the file when the reply comes, apart by annotator, and the later counts', async () => {
  const say = (row: number, annotator: string, answer: string) =>
    post(JSON.stringify({ row, annotator, answer }));
  expect((await say(0, 'ann', 'yes')).body).toBe('{"saved":0}');
  expect(readFileSync(temp('answers.csv'), 'utf8')).toMatch(/\na #1\.wav,guitar,tagged,1,9,ann,yes\n$/);
  await Promise.all([say(1, 'bob, jr', 'unsure'), say(0, 'ann', 'no'), say(1, 'ann', 'yes')]);
  const questions = async (name: string) =>
    JSON.parse((await ask(`/questions?annotator=${encodeURIComponent(name)}`)).body) as object[];
  const answers = async (name: string) =>
    (await questions(name)).map((row) => (row as { answer: string }).answer);
  expect(await answers('ann')).toEqual(['no', 'yes', '', '', '']);
  expect(await answers('bob, jr')).toEqual(['', 'unsure', '', '', '']);
  expect(await questions('cy')).toContainEqual({ path: 'sub/b.wav', tag: 'guitar', answer: '' }); // no stratum
});

test('a file is gone on from, without a line that was cut short', async () => {
  appendFileSync(temp('answers.csv'), 'sub/b.wav,guitar,tag');
  const again = await openAnswerJournal(temp('answers.csv'), sheet);
  expect([...again.answersOf('ann')]).toEqual([
    [0, 'no'],
    [1, 'yes'],
  ]);
  await again.append(2, 'ann', 'no');
  await again.close();
  expect(readFileSync(temp('answers.csv'), 'utf8')).toMatch(
    /bob, jr",unsure\n[^]*\n\.\.\/secret\.wav,.*,ann,no\n$/,
  );
});

test('answers to another sheet are not written on', async () => {
  await expect(openAnswerJournal(temp('answers.csv'), [question('other.wav')])).rejects.toThrow(
    /line 2: answers a question that the sheet does not ask .*Choose another --out/,
  );
  writeFileSync(temp('notes.csv'), 'a,b\n1,2\n');
  await expect(openAnswerJournal(temp('notes.csv'), sheet)).rejects.toThrow('choose another --out');
});
