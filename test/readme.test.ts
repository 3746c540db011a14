import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);

/** Runs a TypeScript example in a folder of its own, with the package's names standing for the sources. */
function runExample(code: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sonotag-readme-'));
  const source = code
    .replace(/from 'sonotag'/g, `from '${join(root, 'src/index.ts')}'`)
    .replace(/from 'sonotag\/layers'/g, `from '${join(root, 'layers/index.ts')}'`)
    .replace(
      /from '@tensorflow\/tfjs'/g,
      `from '${join(root, 'node_modules/@tensorflow/tfjs/dist/tf.node.js')}'`,
    );
  try {
    writeFileSync(join(folder, 'example.mts'), source);
    const loader = join(root, 'node_modules/tsx/dist/loader.mjs');
    const options = { cwd: folder, encoding: 'utf8', stdio: 'pipe' } as const;
    return execFileSync(process.execPath, ['--import', loader, 'example.mts'], options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('the library example trains, saves, loads and tags', { timeout: 60_000 }, () => {
  const [auc, tag, probability] = runExample(examples[0])
    .trim()
    .split(/ (?=\d)|(?<=\d) /);
  expect(Number(auc)).toBeGreaterThan(0);
  expect(tag).toMatch(/^[a-z]/);
  expect(Number(probability)).toBeGreaterThan(0.5);
});

test('the front-end example gives 63 frames of 64 mel bands', () => {
  const shape = 'console.log(JSON.stringify(model.outputs[0].shape));';
  expect(runExample(`${examples[1]}\n${shape}`).trim()).toBe('[null,63,64,1]');
});

test('every folder of the picture exists', () => {
  const picture = /```\n(layers\/[\s\S]*?)```/.exec(readme)![1];
  const folders = picture.match(/^ {0,2}[a-z]+\//gm)!.map((folder) => folder.trim());
  expect(folders.length).toBeGreaterThan(10);
});
