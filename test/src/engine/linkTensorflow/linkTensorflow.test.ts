import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InputError } from '../../../../src/errors.ts';
import { compilerArguments } from '../../../../src/engine/linkTensorflow/compileBinding.ts';
import { findTensorflow } from '../../../../src/engine/linkTensorflow/findTensorflow.ts';
import { linkTensorflow } from '../../../../src/engine/linkTensorflow/linkTensorflow.ts';
import { tensorflowDriver } from '../../../../src/engine/tensorflow.ts';
import { workingPackage } from '../fakeProject.ts';
import { makeFakeMachine, type FakeMachine } from './fakeMachine.ts';

let machine: FakeMachine;
beforeEach(() => {
  machine = makeFakeMachine();
});
afterEach(() => machine.project.remove());

const link = (path?: string, platform: NodeJS.Platform = 'linux') =>
  linkTensorflow({ path, root: machine.project.root, env: machine.env, platform });

const probe = () => tensorflowDriver({ root: machine.project.root }).probe();

/** The one line of a refusal; nothing is linked by it and nothing left behind. */
async function refusal(path?: string, platform?: NodeJS.Platform): Promise<string> {
  const before = filesOf(machine);
  const error = await link(path, platform).then(
    () => new Error('it was linked'),
    (reason: unknown) => reason as Error,
  );
  expect(error, String(error.stack)).toBeInstanceOf(InputError);
  expect(error.message).not.toContain('\n');
  expect(filesOf(machine)).toEqual(before);
  return error.message;
}

function filesOf({ path }: FakeMachine): string[] {
  return readdirSync(path()).filter((name) => name.includes('.tensorflow'));
}

describe('what is linked', () => {
  test('the wheel of the python3 on PATH: engine tensorflow then loads it, and says that it is linked', async () => {
    const source = realpathSync(machine.path('site-packages/tensorflow'));
    expect(await link()).toEqual({ version: '2.20.0', device: 'CPU', source, cuda: null });
    expect(await probe()).toMatchObject({
      available: true,
      version: 'TensorFlow 2.20.0, tfjs-node 4.22.0',
      reason: `native TensorFlow on the processor, spectrogram and first convolution on our SIMD kernels, linked by link-tensorflow from ${source} (CPU)`,
    });
  });

  test('the binding is compiled against that wheel and Node-API’s own headers, all functions looked up at once', async () => {
    await link();
    const source = realpathSync(machine.path('site-packages/tensorflow'));
    const given = machine.compilerArguments();
    expect(given).toEqual(
      expect.arrayContaining([
        `-I${source}/include`,
        join(source, 'libtensorflow_cc.so.2'),
        join(source, 'libtensorflow_framework.so.2'),
        `-Wl,-rpath,${source}`,
        '-Wl,-z,now',
        'binding/tfjs_backend.cc',
      ]),
    );
    expect(given.some((text) => /^-I.*node-api-headers.include$/.test(text))).toBe(true);
  });

  test('of what npm brings, the binding and what that needs stays, without a second TF.js and what only that needs', async () => {
    await link();
    const modules = machine.path('.tensorflow/node_modules');
    const scopes = ['@tensorflow', '@scope'].map((scope) => readdirSync(join(modules, scope)));
    expect(scopes).toEqual([['tfjs-node'], ['paths']]);
    expect(readdirSync(modules).sort()).toEqual(['@scope', '@tensorflow', 'finder', 'node-api-headers']);
  });

  test.each([
    ['a Python', 'venv/bin/python3'],
    ['a virtualenv', 'venv'],
    ['a site-packages folder', 'venv/lib/site-packages'],
    ['the folder of the wheel', 'venv/lib/site-packages/tensorflow'],
  ])('from %s', async (_, path) => {
    const folder = machine.wheel(machine.path('venv/lib/site-packages/tensorflow'));
    machine.python(machine.path('venv/bin/python3'), folder);
    expect((await link(machine.path(path))).source).toBe(realpathSync(folder));
  });

  test('from a Python named without its folder', async () => {
    machine.python(machine.path('bin/python3.99'), machine.wheel(machine.path('other')));
    expect((await link('python3.99')).source).toBe(realpathSync(machine.path('other')));
  });

  test('from libtensorflow, which says its version only when it is loaded', async () => {
    const folder = machine.path('libtensorflow');
    machine.write(join(folder, 'include/tensorflow/c/c_api.h'));
    machine.write(join(folder, 'lib/libtensorflow.so'));
    machine.npmBrings(workingPackage(false, '2.18.1'));
    expect(await link(folder)).toMatchObject({ version: '2.18.1', device: 'CPU' });
    expect(machine.compilerArguments()).toContain(`-Wl,-rpath,${join(realpathSync(folder), 'lib')}`);
  });

  test.each([
    [true, 'CUDA 12.5.1'],
    [false, 'CPU: built for CUDA 12.5.1, but it found no GPU that it can use'],
  ])('built for CUDA, with a GPU at hand: %s', async (gpu, device) => {
    machine.npmBrings(workingPackage(gpu, '2.20.0'));
    expect((await link(machine.wheel(machine.path('cuda'), { cuda: '12.5.1' }))).device).toBe(device);
    expect((await probe()).reason).toContain(`(${device})`);
  });

  test('again and with another: what npm has brought is used again, the last one counts', async () => {
    await link();
    const folder = machine.wheel(machine.path('newer'), { version: '2.21.0' });
    expect((await link(folder)).source).toBe(realpathSync(folder));
    expect(machine.npmCalls()).toBe(1);
    expect((await probe()).reason).toContain(realpathSync(folder));
    expect(filesOf(machine)).toEqual(['.tensorflow']);
  });

  test('it comes before an installed tfjs-node, and a broken one gives way to that, with the reason', async () => {
    machine.project.install('@tensorflow/tfjs-node', '4.22.0', workingPackage(false, '2.9.1'), {
      'lib/napi-v8/tfjs_binding.node': '',
    });
    await link();
    expect(await probe()).toMatchObject({ version: 'TensorFlow 2.20.0, tfjs-node 4.22.0' });
    rmSync(machine.path('.tensorflow/node_modules/@tensorflow/tfjs-node/lib'), { recursive: true });
    const result = await probe();
    expect(result).toMatchObject({ available: true, version: 'TensorFlow 2.9.1, tfjs-node 4.22.0' });
    expect(result.reason).toContain('the linked TensorFlow 2.20.0 has no tfjs_binding.node');
  });

  test('on macOS by its names', async () => {
    const libraries = ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'];
    const folder = realpathSync(machine.wheel(machine.path('mac'), { libraries }));
    const found = await findTensorflow(folder, { platform: 'darwin', env: machine.env });
    expect(found.libraries).toEqual(libraries.map((name) => join(folder, name)));
    const given = compilerArguments('out.node', '/headers', found, 'darwin');
    expect(given).toEqual(expect.arrayContaining(['-undefined', 'dynamic_lookup', `-Wl,-rpath,${folder}`]));
    expect(given.join(' ')).not.toMatch(/-z,now|--no-as-needed/);
  });
});

describe('what is refused, in one line with the way out', () => {
  test('no python3 on PATH', async () => {
    machine.env['PATH'] = machine.path('empty');
    expect(await refusal()).toMatch(/^there is no python3 on PATH: npm run link-tensorflow -- PATH takes/);
  });

  test('a path that is not there', async () => {
    expect(await refusal(machine.path('nowhere'))).toMatch(/^there is no .*nowhere: npm run link-tensorflow/);
  });

  test('a folder with neither TensorFlow nor Python', async () => {
    machine.write(machine.path('photos/a.jpg'));
    expect(await refusal(machine.path('photos'))).toMatch(/photos holds no TensorFlow and no bin\/python3/);
  });

  test('a Python without TensorFlow: how to install it into that very Python', async () => {
    machine.python(machine.path('bin/python3'), null);
    const python = machine.path('bin/python3');
    expect(await refusal()).toContain(
      `${python} (Python 3.11.7) has no TensorFlow: ${python} -m pip install tensorflow-cpu`,
    );
  });

  test('a program that is no Python', async () => {
    machine.script(machine.path('bin/python3'), 'echo "no such option: -c" >&2; exit 2');
    expect(await refusal()).toMatch(/^python3 does not run as a Python 3: no such option: -c: /);
  });

  test.each([
    ['by its headers', { version: '1.15.5' }, '1.15.5'],
    ['by its headers, whatever its library', { version: '0.12.1', libraries: [] }, '0.12.1'],
  ])('TensorFlow 1, %s', async (_, options, version) => {
    const folder = machine.wheel(machine.path('old'), options);
    expect(await refusal(folder)).toMatch(
      new RegExp(`TensorFlow ${version} in .* pip install -U tensorflow`),
    );
  });

  test('TensorFlow 1 by the name of its library', async () => {
    machine.write(machine.path('lib1/lib/libtensorflow.so.1'));
    expect(await refusal(machine.path('lib1'))).toContain('is not TensorFlow 2');
  });

  test('TensorFlow 3, which says so when it is loaded', async () => {
    machine.npmBrings(workingPackage(false, '3.0.0'));
    expect(await refusal()).toContain('says that it is TensorFlow 3.0.0, not 2');
  });

  test('a wheel that keeps its functions to Python', async () => {
    const folder = machine.wheel(machine.path('old'), {
      version: '2.4.0',
      libraries: ['libtensorflow_framework.so.2'],
    });
    expect(await refusal(folder)).toMatch(/has no libtensorflow_cc\.so\.2 .*TensorFlow 2\.4\.0 keeps/);
  });

  test('a library without its headers', async () => {
    expect(await refusal(machine.wheel(machine.path('bare'), { headers: false }))).toContain(
      'has no include/tensorflow/c/c_api.h',
    );
  });

  test('no compiler, and one that CXX names and is not there', async () => {
    rmSync(machine.path('bin/c++'));
    machine.env['PATH'] = machine.path('bin');
    machine.python(machine.path('bin/python3'), machine.path('site-packages/tensorflow'));
    expect(await refusal(machine.path('site-packages'))).toMatch(/no c\+\+, g\+\+ or clang\+\+ is on PATH: .*apt install g\+\+/); // prettier-ignore
    machine.env['CXX'] = 'ccache nope';
    expect(await refusal(machine.path('site-packages'))).toContain('CXX names ccache, which is not there');
  });

  test('what the compiler refuses: its first error, and CXX is used with its arguments', async () => {
    machine.script(
      machine.path('bin/my-c++'),
      `[ "$1" = --version ] && exit 0
echo 'In file included from x:' >&2; echo "c_api.h:1:2: error: no $1" >&2; exit 1`,
    );
    machine.env['CXX'] = 'my-c++ -m32';
    expect(await refusal()).toMatch(
      /^my-c\+\+ could not build the binding against .*: c_api\.h:1:2: error: no -m32: try/,
    );
  });

  test('what npm cannot bring', async () => {
    machine.write(
      machine.path('npm.cjs'),
      "console.error('npm error network request failed'); process.exit(1)",
    );
    expect(await refusal()).toMatch(
      /^npm could not bring @tensorflow\/tfjs-node@4\.22\.0 .*: npm error network request failed: look/,
    );
  });

  test('a library that lacks a function, and what was linked before stays', async () => {
    await link();
    const earlier = await probe();
    rmSync(machine.path('.tensorflow/node_modules/node-api-headers'), { recursive: true }); // so that npm is asked again
    machine.npmBrings("throw new Error('/x/tfjs_binding.node: undefined symbol: TFE_Execute')");
    expect(await refusal()).toMatch(
      /^the binding is built, but TensorFlow does not load: .* has no function TFE_Execute for C programs/,
    );
    expect(await probe()).toEqual(expect.objectContaining({ reason: earlier.reason }));
  });

  test('Windows, whose TensorFlow has no library to link to', async () => {
    expect(await refusal(undefined, 'win32')).toMatch(/not on win32, .*: use WSL 2, or npm install/);
  });
});

test('a library that is gone after linking is named with the place where it was, and the way out', async () => {
  await link();
  const message = 'libtensorflow_cc.so.2: cannot open shared object file: No such file or directory';
  machine.write(
    machine.path('.tensorflow/node_modules/@tensorflow/tfjs-node/index.js'),
    `throw new Error('${message}')`,
  );
  const result = await probe();
  expect(result).toMatchObject({
    available: false,
    remedy: expect.stringContaining('npm run link-tensorflow'),
  });
  expect(result.reason).toMatch(
    /the linked TensorFlow 2\.20\.0 misses the shared library libtensorflow_cc\.so\.2; it was in .*tensorflow$/,
  );
});

test('what a killed link has left is cleared away by the next one; what a running one is filling stays', async () => {
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  const partial = (pid: number) => `.${pid}.partial..tensorflow`;
  for (const name of [partial(ended), partial(process.ppid), `.${ended}.partial.other`]) {
    mkdirSync(machine.path(name));
    writeFileSync(machine.path(name, 'package.json'), '{}');
  }
  await link();
  expect(filesOf(machine)).toEqual([partial(process.ppid), '.tensorflow'].sort());
  expect(existsSync(machine.path(`.${ended}.partial.other`))).toBe(true);
});

test('a folder without a whole link, such as one that was being made, counts as none', async () => {
  machine.write(machine.path('.tensorflow/linked.json'), '{');
  expect(await probe()).toMatchObject({ available: false, reason: 'is not installed' });
  expect(existsSync(machine.path('.tensorflow'))).toBe(true);
});
