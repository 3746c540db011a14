/** The annotation page in a browser: listen, answer by keyboard, lose the server, go on. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeWav } from '../../src/audio/writeWav.ts';
import { startProgram, type Ended } from '../support/runCommand.ts';
import { tempFolder } from '../support/tempFolder.ts';
import { findChromium } from './chromium.ts';
import { openPage, type BrowserPage } from './devtools.ts';

const chromium = findChromium();
const temp = tempFolder();
const sampleRate = 8000;
const wave = (frequency: number, t: number) => 0.3 * Math.sin((2 * Math.PI * frequency * t) / sampleRate);

interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
  url: string;
}

async function startServer(port = '0'): Promise<Running> {
  const { child, ended } = startProgram([
    ...['noise', 'annotate', '--sheet', temp('sheet.csv'), '--audio', temp('audio')],
    ...['--out', temp('answers.csv'), '--port', port, '--json'],
  ]);
  const line = await Promise.race([
    new Promise<string>((resolve) => child.stdout!.once('data', (text) => resolve(String(text)))),
    ended.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ]);
  return { child, ended, url: (JSON.parse(line) as { url: string }).url };
}

/** What the file holds of each answer. */
const answers = () =>
  readFileSync(temp('answers.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [path, tag, , , , annotator, answer] = line.split(',');
      return [path, tag, annotator, answer].join(' ');
    });

describe.skipIf(chromium === undefined)(
  `in ${chromium ?? 'a browser (skipped: chromium is not installed)'}`,
  () => {
    let page: BrowserPage;
    let server: Running;
    beforeAll(async () => {
      for (const [name, frequency] of [
        ['low', 220],
        ['high', 1900],
      ] as const) {
        const sound = Float32Array.from({ length: 20 * sampleRate }, (_, t) => wave(frequency, t));
        mkdirSync(temp('audio', name), { recursive: true });
        await writeWav(temp('audio', name, '0.wav'), sound, { sampleRate });
      }
      const rows = ['low/0.wav,low', 'low/0.wav,pure', 'high/0.wav,low', 'high/0.wav,pure'];
      const lines = rows.map((row) => `${row},random,1,100,,`);
      writeFileSync(
        temp('sheet.csv'),
        ['path,tag,design,stratum,size,annotator,answer', ...lines].join('\n'),
      );
      [page, server] = await Promise.all([openPage(chromium!), startServer()]);
    }, 120_000);
    afterAll(async () => {
      await page?.close();
      server?.child.kill('SIGTERM');
      await server?.ended;
    });

    const saved = (count: number) =>
      page.until(
        `document.getElementById('place').textContent.endsWith(', ${count} answered') && ` +
          `document.getElementById('status').textContent.startsWith('Saved')`,
      );
    const asks = (tag: string, place: number) =>
      page.until(
        `document.getElementById('question').textContent === 'Does ${tag} apply?' && ` +
          `document.getElementById('place').textContent.startsWith('Question ${place} of 4')`,
      );
    const startAs = async (name: string) => {
      await page.goTo(server.url);
      await page.type(name);
      await page.press('Enter');
    };

    test('the clip plays, and answers by keyboard are on disk', async () => {
      await startAs('ann');
      await asks('low', 1);
      await page.until(`document.getElementById('player').currentTime > 0.05`);
      expect(await page.evaluate(`document.getElementById('player').error`)).toBeNull();
      await page.press('y');
      await saved(1);
      await asks('pure', 2);
      expect(answers()).toEqual(['low/0.wav low ann yes']);
      await page.press('u');
      await saved(2);
      expect(await page.evaluate(`decodeURIComponent(document.getElementById('player').src)`)).toMatch(
        /\/audio\/high\/0\.wav$/,
      );
      await page.until(`document.getElementById('player').currentTime > 0.05`);
      await page.press('r');
      await page.until(`!document.getElementById('player').paused`);
      await page.press(' ');
      await page.until(`document.getElementById('player').paused`);
    });

    test('going back shows what was said, and a correction is the last line', async () => {
      await page.press('ArrowLeft');
      await asks('pure', 2);
      expect(await page.evaluate(`document.querySelector('[aria-pressed="true"]').dataset.answer`)).toBe(
        'unsure',
      );
      await page.press('y');
      await saved(2);
      await asks('low', 3);
      expect(answers().at(-1)).toBe('low/0.wav pure ann yes');
    });

    test('when the server is killed the page says so, and after a restart it goes on where it was', async () => {
      const port = new URL(server.url).port;
      server.child.kill('SIGKILL');
      await server.ended;
      await page.press('n');
      await page.until(`document.getElementById('status').textContent.startsWith('Not saved')`);
      await asks('low', 3);
      server = await startServer(port);
      await page.press('n'); // the same page, without loading it again
      await saved(3);
      await startAs('ann');
      await asks('pure', 4);
      await page.press('n');
      await page.until(
        `document.getElementById('status').textContent.includes('All questions are answered')`,
      );
      expect(answers()).toEqual([
        ...['low/0.wav low ann yes', 'low/0.wav pure ann unsure', 'low/0.wav pure ann yes'],
        ...['high/0.wav low ann no', 'high/0.wav pure ann no'],
      ]);
    });

    test('a second annotator starts at the first question', async () => {
      await startAs('bob');
      await asks('low', 1);
      await page.press('n');
      await saved(1);
      expect(answers().at(-1)).toBe('low/0.wav low bob no');
      expect((await page.screenshot()).length).toBeGreaterThan(1000);
    });
  },
);
