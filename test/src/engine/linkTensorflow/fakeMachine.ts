/** A machine of our own making to link on: a Python, a compiler and an npm that are scripts, and a TensorFlow of empty files. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFakeProject, workingPackage, type FakeProject } from '../fakeProject.ts';

export interface FakeMachine {
  project: FakeProject;
  env: NodeJS.ProcessEnv;
  /** Path in the machine's folder. */
  path(...parts: string[]): string;
  /** Writes a file and the folders on the way. */
  write(path: string, text?: string): void;
  /** Writes a script that the shell runs. */
  script(path: string, lines: string): void;
  /** A wheel's folder; returns it. */
  wheel(folder: string, options?: WheelOptions): string;
  /** A `python3` at `path` that has the TensorFlow in `folder`, or none. */
  python(path: string, folder: string | null): void;
  /** What npm brings as tfjs-node's index.js. */
  npmBrings(index: string): void;
  /** How often npm was called, and what the compiler was called with. */
  npmCalls(): number;
  compilerArguments(): string[];
}

export interface WheelOptions {
  version?: string;
  cuda?: string;
  libraries?: string[];
  headers?: boolean;
}

// In place of npm: brings the two packages into --prefix, and the copy of TF.js that tfjs-node depends on.
const NPM = `
const { appendFileSync, mkdirSync, writeFileSync, readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
appendFileSync(join(__dirname, 'npm.log'), 'called\\n');
const folder = process.argv[process.argv.indexOf('--prefix') + 1];
if (!process.argv.includes('--ignore-scripts')) throw new Error('would download a TensorFlow');
const write = (path, text) => {
  mkdirSync(dirname(join(folder, 'node_modules', path)), { recursive: true });
  writeFileSync(join(folder, 'node_modules', path), text);
};
for (const spec of process.argv.filter((text) => /@\\d/.test(text))) {
  const [name, version] = spec.split(/(?<=.)@/);
  const dependencies = name.startsWith('@') ? { '@tensorflow/tfjs': version, finder: '1' } : {};
  write(name + '/package.json', JSON.stringify({ name, version, main: 'index.js', dependencies }));
}
write('finder/package.json', '{ "dependencies": { "@scope/paths": "1" } }');
write('@scope/paths/package.json', '{}');
write('core-js/package.json', '{}');
write('@tensorflow/tfjs-node/index.js', readFileSync(join(__dirname, 'index.js'), 'utf8'));
write('node-api-headers/include/node_api.h', '');
write('@tensorflow/tfjs/package.json', '{ "name": "@tensorflow/tfjs", "version": "4.22.0", "dependencies": { "core-js": "3" } }');
write('@tensorflow/tfjs/index.js', 'throw new Error("a second TF.js")');`;

export function makeFakeMachine(): FakeMachine {
  const project = makeFakeProject();
  const folder = dirname(project.root);
  const path = (...parts: string[]) => join(folder, ...parts);
  const machine: FakeMachine = {
    project,
    env: { PATH: `${path('bin')}:/usr/bin:/bin`, npm_execpath: path('npm.cjs') },
    path,
    write(file, text = '') {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    },
    script(file, lines) {
      machine.write(file, `#!/bin/sh\n${lines}\n`);
      chmodSync(file, 0o755);
    },
    wheel(
      at,
      {
        version = '2.20.0',
        cuda,
        libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
        headers = true,
      } = {},
    ) {
      for (const library of libraries) machine.write(join(at, library));
      if (headers) machine.write(join(at, 'include/tensorflow/c/c_api.h'));
      const defines = version.split('.').map((n, i) => `#define TF_${['MAJOR', 'MINOR', 'PATCH'][i]}_VERSION ${n}`); // prettier-ignore
      machine.write(join(at, 'include/tensorflow/core/public/release_version.h'), defines.join('\n'));
      const build = cuda === undefined ? "('is_cuda_build', False)" : `('cuda_version', '${cuda}'), ('is_cuda_build', True)`; // prettier-ignore
      machine.write(join(at, 'python/platform/build_info.py'), `build_info = OrderedDict([${build}])`);
      return at;
    },
    python(file, tensorflow) {
      const answer = JSON.stringify([file, '3.11.7', tensorflow]);
      machine.script(file, `echo 'a warning'\necho 'sonotag-tensorflow:${answer}'`);
    },
    npmBrings: (index) => machine.write(path('index.js'), index),
    npmCalls: () => readLines(path('npm.log')).length,
    compilerArguments: () => readLines(path('compiler.log')),
  };
  machine.write(path('package.json'), '{ "name": "project" }');
  machine.write(path('npm.cjs'), NPM);
  machine.npmBrings(workingPackage(false, '2.20.0'));
  machine.python(path('bin/python3'), machine.wheel(path('site-packages/tensorflow')));
  // Called with --version or with all that makes a binding: writes what follows -o.
  machine.script(
    path('bin/c++'),
    `[ "$1" = --version ] && exit 0
printf '%s\\n' "$@" > '${path('compiler.log')}'
while [ "$1" != -o ]; do shift; done
echo binding > "$2"`,
  );
  for (const name of ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-cpu']) project.link(name);
  return machine;
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}
