import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import type { Group } from 'h5wasm/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unpackArchive } from '../../../../src/archives/unpackArchive.ts';
import { useEngine } from '../../../../src/engine/engine.ts';
import { withHdf5, type Hdf5File } from '../../../../src/files/hdf5.ts';
import { importKeras } from '../../../../src/models/keras/importKeras.ts';
import { tempFolder } from '../../../support/tempFolder.ts';
import { buildZip, type TestMember } from '../../archives/buildArchives.ts';
import { kerasFixture } from './fixtures.ts';

const temp = tempFolder();
const fixture = kerasFixture('keras3Mel.keras');
const names = ['metadata.json', 'config.json', 'model.weights.h5'] as const;
const members = {} as Record<(typeof names)[number], Buffer>;
const tmp = process.env['TMPDIR'];

beforeAll(async () => {
  await useEngine('cpu');
  await unpackArchive(fixture, temp('whole'));
  for (const name of names) members[name] = readFileSync(temp('whole', name));
  mkdirSync(temp('tmp'));
  process.env['TMPDIR'] = temp('tmp'); // what is unpacked goes here, and nothing is left
  expect(tmpdir()).toBe(temp('tmp'));
});
afterAll(() => {
  if (tmp === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = tmp;
});

/** The fixture with members changed, left out (null), or added. */
function packed(changes: Record<string, Partial<TestMember> | string | null>): string {
  const changed = { ...members, ...changes };
  const list = Object.entries(changed).flatMap(([name, content]): TestMember[] => {
    if (content === null) return [];
    if (typeof content === 'string' || Buffer.isBuffer(content)) return [{ name, content }];
    return [{ name, content: members['config.json'], ...(content as Partial<TestMember>) }];
  });
  writeFileSync(temp('changed.keras'), buildZip(list));
  return temp('changed.keras');
}

async function expectRefused(path: string, message: string, longest = 400): Promise<void> {
  const error = await importKeras(path).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'InputError', message: expect.stringContaining(message) });
  expect((error as Error).message).toMatch(new RegExp(`^[^\\n]{1,${longest}}$`));
  expect(readdirSync(temp('tmp'))).toEqual([]);
}

test('what is neither an archive nor HDF5, and an archive of nothing', async () => {
  writeFileSync(temp('text.keras'), 'path,tags\n');
  await expectRefused(
    temp('text.keras'),
    'not an HDF5 file or .keras archive. Give a model that Keras saved',
  );
  writeFileSync(temp('nothing.keras'), buildZip([]));
  await expectRefused(temp('nothing.keras'), 'the archive holds no files');
});

test('an archive cut off anywhere', async () => {
  const whole = readFileSync(fixture);
  for (const share of [0.01, 0.3, 0.7, 0.999]) {
    writeFileSync(temp('cut.keras'), whole.subarray(0, Math.floor(share * whole.length)));
    await expectRefused(temp('cut.keras'), 'cut off');
  }
});

test.each<[string, Parameters<typeof packed>[0] | (() => Parameters<typeof packed>[0]), string]>([
  [
    'no metadata',
    { 'metadata.json': null },
    'its metadata.json is missing: not a model that Keras saved as .keras',
  ],
  ['no description', { 'config.json': null }, 'its config.json is missing'],
  ['no weights', { 'model.weights.h5': null }, 'its model.weights.h5 is missing'],
  ['a description that is no JSON', { 'config.json': '{"module": ' }, 'its config.json is not JSON: damaged'],
  ['a description that is a number', { 'config.json': '7' }, 'its config.json is not an object of JSON'],
  ['a description that is a list', { 'config.json': '[]' }, 'lacks what describes a model'],
  [
    'no version',
    { 'metadata.json': '{"keras_version": 3}' },
    'metadata.json does not say the version of Keras',
  ],
  ['weights that are text', { 'model.weights.h5': 'weights' }, 'model.weights.h5 is not an HDF5 file'],
  [
    'weights cut off',
    () => ({ 'model.weights.h5': { content: members['model.weights.h5'].subarray(0, 900) } }),
    'model.weights.h5: cut off or damaged HDF5 (',
  ],
  [
    'a bomb of zeros',
    { 'assets/zeros': { content: Buffer.alloc(70e6) } },
    'the archive unpacks to more than 100 times its size, as a bomb does',
  ],
  [
    'a member said to be huge',
    { 'assets/huge': { says: { bytes: 2 ** 32 - 2 } } },
    'are more than the 4000000000 allowed',
  ],
  ['a member outside the folder', { '../outside': {} }, 'invalid relative path: ../outside'],
  [
    'two thousand members',
    () => Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`assets/${at}`, ''])),
    'the archive has more than 1000 members',
  ],
])('%s', async (_what, changes, message) => {
  await expectRefused(packed(typeof changes === 'function' ? changes() : changes), message);
});

/** The fixture with its weights changed through HDF5; layer `dense`, which it lacks, is looked for in `layers/dense`. */
async function weighed(change: (file: Hdf5File) => void): Promise<string> {
  writeFileSync(temp('weights.h5'), members['model.weights.h5']);
  await withHdf5(temp('weights.h5'), 'a', change);
  const config = JSON.parse(members['config.json'].toString()) as ModelJson;
  const { layers } = config.config;
  const last = layers.at(-1)!;
  const dense = { name: 'mine', units: 2, activation: 'sigmoid' };
  const tensor = { class_name: '__keras_tensor__', config: { keras_history: [last.name, 0, 0] } };
  layers.push({ name: 'mine', class_name: 'Dense', module: 'keras.layers', config: dense, inbound_nodes: [{ args: [tensor], kwargs: {} }] }); // prettier-ignore
  config.config.output_layers = [['mine', 0, 0]];
  const weights = readFileSync(temp('weights.h5'));
  return packed({ 'config.json': JSON.stringify(config), 'model.weights.h5': { content: weights } });
}

interface ModelJson {
  config: { layers: Record<string, unknown>[]; output_layers: unknown };
}

const vars = 'layers/dense/vars';
const kernel = `${vars}/0`;
const dense = (file: Hdf5File) => {
  file.create_group('layers/dense');
  file.create_group(vars);
};

test.each<[string, (file: Hdf5File) => unknown, string]>([
  ['a layer without weights', () => undefined, 'layer mine (Dense): needs 2 weights, the file has 0'],
  ['a weight that is a group', (file) => (dense(file), file.create_group(kernel)), 'weight 0 is missing'],
  [
    'weights of another name',
    (file) => (
      dense(file),
      file.create_dataset({ name: `${vars}/kernel`, data: new Float32Array(354), shape: [177, 2] })
    ),
    'weight 0 is missing',
  ],
  [
    'whole numbers for weights',
    (file) => (
      dense(file),
      file.create_dataset({ name: kernel, data: new Int32Array(354), shape: [177, 2] })
    ),
    'weight 0 is not of type float32 or float64',
  ],
  [
    'a weight of another shape',
    (file) => {
      dense(file);
      file.create_dataset({ name: kernel, data: new Float32Array(354), shape: [2, 177] });
      file.create_dataset({ name: `${vars}/1`, data: new Float32Array(2) });
    },
    'weight 0 has shape [2, 177], needed is [177, 2]',
  ],
  [
    'a weight that is a link to another file',
    (file) => (dense(file), file.create_external_link(fixture, '/', kernel)),
    'lies in another file, which is not followed',
  ],
  [
    'layers that are a link to themselves',
    (file) => file.create_soft_link('/layers', 'layers/dense'),
    'needs 2 weights, the file has 0',
  ],
])('%s', async (_what, change, message) => {
  await expectRefused(await weighed((file) => void change(file)), message);
});

test('weights that another program wrote', async () => {
  await withHdf5(temp('other.h5'), 'w', (file) => void (file.create_group('things') as Group));
  await expectRefused(
    packed({ 'model.weights.h5': { content: readFileSync(temp('other.h5')) } }),
    'was not written by Keras: it has no group layers',
  );
});

/** The fixture with a first layer of another class. */
function described(layer: Record<string, unknown>): string {
  const config = JSON.parse(members['config.json'].toString()) as ModelJson;
  Object.assign(
    config.config.layers.find(({ class_name }) => class_name === 'Rescaling')!,
    layer,
  );
  return packed({ 'config.json': JSON.stringify(config) });
}

test.each<[string, Record<string, unknown>, string]>([
  [
    'a Lambda is not executed',
    { class_name: 'Lambda' },
    'is a Lambda, which cannot be imported. "sonotag import --help" lists all 72.',
  ],
  [
    "somebody's layer with a name of Keras's",
    { class_name: 'Dense', module: null, registered_name: 'mine>Dense' },
    'is a mine>Dense, which cannot be imported. The nearest that can: Dense',
  ],
  [
    'the same without a package',
    { class_name: 'ReLU', module: '__main__', registered_name: 'ReLU' },
    'is a __main__.ReLU, which cannot be imported. The nearest that can: ',
  ],
  [
    'an operation with the name of a layer',
    { class_name: 'Softmax', module: 'keras.src.ops.nn' },
    'is a keras.src.ops.nn.Softmax, which cannot be imported.',
  ],
])('%s', async (_what, layer, message) => {
  await expectRefused(described(layer), message);
});

test('models in models without end', async () => {
  const inside = '{"class_name": "Sequential", "config": {"name": "m", "layers": ['.repeat(100_000);
  await expectRefused(
    packed({ 'config.json': `${inside}{}${']}}'.repeat(100_000)}` }),
    'models are nested too deeply',
  );
});

test('whatever bytes of an archive are changed or missing, it is imported or refused in one line, and the next is read', async () => {
  const whole = readFileSync(fixture);
  const places = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(places, async (bytes) => {
      const broken = Buffer.from(whole);
      for (const [at, value] of bytes) broken[at] = value;
      writeFileSync(temp('fuzz.keras'), broken);
      try {
        (await importKeras(temp('fuzz.keras'))).model.dispose();
      } catch (error) {
        expect(error).toMatchObject({ name: 'InputError', message: expect.stringMatching(/^[^\n]+$/) });
      }
    }),
    { numRuns: Number(process.env['SONOTAG_FUZZ_RUNS'] ?? 25), seed: 1 },
  );
  (await importKeras(fixture)).model.dispose();
  expect(readdirSync(temp('tmp'))).toEqual([]);
});
