import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** Writes the address of every module that is loaded to stderr. */
const hooks = `export async function load(url, context, next) {
  process._rawDebug(url);
  return next(url, context);
}`;
const register = `import { register } from 'node:module';
register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hooks)}));`;

test('help does not wait for TensorFlow.js and HDF5, which a command loads when it needs them', () => {
  const flag = `data:text/javascript,${encodeURIComponent(register)}`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', flag, '--import', 'tsx', 'src/cli/main.ts', '--help'],
    { encoding: 'utf8' },
  );
  expect([status, stdout.slice(0, 14)]).toEqual([0, 'Usage: sonotag']);
  expect(stderr).toContain('src/cli/runCommandLine.ts');
  expect(stderr).not.toMatch(/node_modules\/(@tensorflow|h5wasm)\//);
});
