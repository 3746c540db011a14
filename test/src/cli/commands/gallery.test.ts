import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { galleryEntries } from '../../../../src/gallery/galleryEntries.ts';
import { writeWav } from '../../../../src/audio/writeWav.ts';
import { expectRefusal, runCommand } from '../../../support/runCommand.ts';
import { tempFolder } from '../../../support/tempFolder.ts';

const temp = tempFolder();
const run = (...options: string[]) =>
  runCommand('gallery', '--engine', 'wasm', '--seconds', '2', '--out', temp('gallery.html'), ...options);
const pageOf = () => readFileSync(temp('gallery.html'), 'utf8');

test('a generated piece without a file: one page with a picture of every entry, the same for the same seed', async () => {
  const { code, stdout, stderr } = await run();
  expect(code, stderr).toBe(0);
  expect(stdout).toBe(
    `${galleryEntries.length} pictures of ${new Set(galleryEntries.map(({ layer }) => layer)).size} layers. ` +
      `Open ${temp('gallery.html')} in a browser.\n`,
  );
  const page = pageOf();
  expect(page.match(/<article/g)).toHaveLength(galleryEntries.length);
  expect(page).not.toMatch(/<script|<link|src="(?!data:)|>NaN<|undefined|nothing finite/);
  for (const [, target] of page.matchAll(/href="#([^"]*)"/g))
    expect(page).toContain(`<article id="${target}"`);
  await run();
  expect(pageOf()).toBe(page);
  await run('--seed', '2');
  expect(pageOf()).not.toBe(page);
}, 180_000);

test('a recording of another rate is drawn, its name escaped; --json names page and layers', async () => {
  const path = temp('a<b>.wav');
  const tone = Float32Array.from({ length: 16_000 }, (_, t) => 0.5 * Math.sin(t / 3));
  await writeWav(path, tone, { sampleRate: 8000 });
  const { code, stdout, stderr } = await run('--json', path);
  expect(code, stderr).toBe(0);
  const result = JSON.parse(stdout);
  expect(result.path).toBe(temp('gallery.html'));
  expect(result.layers).toContain('MelSpectrogram');
  const page = pageOf();
  expect(page).toContain('What each layer makes of a&#60;b&#62;.wav');
  expect(page).toContain('2.0 s at 16,000 Hz');
}, 120_000);

test('too short a recording, or none, is refused in one line, and no page is written', async () => {
  const path = temp('short.wav');
  await writeWav(path, new Float32Array(4000).fill(0.1), { sampleRate: 8000 });
  const out = ['--out', temp('none.html')];
  expect(expectRefusal(await run(...out, path))).toContain('0.50 s are too short');
  expect(expectRefusal(await run(...out, temp('nowhere.wav')))).toContain('nowhere.wav');
  expect(expectRefusal(await run(...out, '--seconds', '0.5'))).toContain('Take 1 or more');
  expect(existsSync(temp('none.html'))).toBe(false);
});
