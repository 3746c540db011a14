/** What every layer owes, asked of each class that `sonotag/layers` exports. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as layers from '../../layers/index.ts';
import type { DataFormat } from '../../layers/index.ts';
import { checkLayer } from '../support/checkLayer.ts';
import { expectClose } from '../support/expectClose.ts';
import { expectGradient, expectLayerGradients } from '../support/expectGradient.ts';
import { onEngines } from '../support/onEngines.ts';
import type { LayerCase } from './everyLayer/layerCase.ts';
import { complexCases, mapCases } from './everyLayer/mapCases.ts';
import { waveformCases } from './everyLayer/waveformCases.ts';

const cases = [...waveformCases, ...mapCases, ...complexCases].map((of): [string, LayerCase] => [
  `${of.create('channelsLast').getClassName()}, ${of.about}`,
  of,
]);
const casesWithFormats = cases.filter(([, { formats = true }]) => formats);
const casesOfChannels = cases.filter(([, { channelsApart = true, augments }]) => channelsApart && !augments);

test('every layer that is exported has a case here', () => {
  const exported = Object.values(layers).flatMap((value) =>
    typeof value === 'function' && value.prototype instanceof tf.layers.Layer ? [value.name] : [],
  );
  expect(exported.length).toBeGreaterThan(30);
  expect([...new Set(cases.map(([name]) => name.split(',')[0]))].sort()).toEqual(exported.sort());
});

onEngines((engine) => {
  // sums over an axis run in the order of the memory, four lanes side by side where there is SIMD
  const rounding = engine === 'cpu' ? { atol: 0 } : { atol: 1e-6, rtol: 1e-6 };

  // nothing is printed, whatever the layer and the input
  const outlets = [console, process.stdout, process.stderr] as const;
  beforeEach(() => {
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) vi.spyOn(console, method);
    for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write');
    tf.engine().startScope();
  });
  afterEach(() => {
    tf.engine().endScope();
    for (const outlet of outlets) {
      for (const method of Object.values(outlet))
        if (vi.isMockFunction(method)) expect(method).not.toHaveBeenCalled();
    }
    vi.restoreAllMocks();
  });

  test.each(cases)('%s: shape, configuration, save and load, batch, leaks', async (_, of) => {
    const { batchInvariant = true, gradient } = of;
    const format: DataFormat = of.formats === false ? 'channelsLast' : 'channelsFirst';
    const options = { batchInvariant, differentiable: gradient !== false };
    await checkLayer(() => of.create(format), inFormat(inputOf(of), format), options);
  });

  test.each(casesWithFormats)('%s: channels first are channels last, transposed', (_, of) => {
    for (const shape of [of.shape, mono(of.shape)]) {
      const x = inputOf({ ...of, shape });
      const first = run(of, inFormat(x, 'channelsFirst'), 'channelsFirst');
      expectClose(first, inFormat(run(of, x), 'channelsFirst'), rounding);
    }
  });

  test.each(cases.filter(([, of]) => 'inputDataFormat' in of.create('channelsLast').getConfig()))(
    '%s: the format of the output does not hang on that of the input',
    (_, of) => {
      const last = of.create('channelsLast');
      const config = { ...last.getConfig(), inputDataFormat: 'channelsFirst', name: 'mixed' };
      const mixed = new (last.constructor as new (config: object) => tf.layers.Layer)(config);
      const x = inputOf(of);
      expectClose(mixed.apply(inFormat(x, 'channelsFirst')) as tf.Tensor, run(of, x), rounding);
    },
  );

  test.each(cases.filter(([, of]) => waveformCases.includes(of) && of.formats !== false && !of.augments))(
    '%s: a waveform without channels is one of one channel, in both formats',
    (_, of) => {
      const x = inputOf({ ...of, shape: mono(of.shape) });
      for (const format of ['channelsLast', 'channelsFirst'] as const) {
        const expected = run(of, inFormat(x, format), format);
        const output = run(of, tf.squeeze(x, [2]), format);
        expect(output.shape).toEqual(expected.shape);
        expectClose(output, expected, { atol: 0 });
      }
    },
  );

  test.each(casesOfChannels)('%s: channels in another order come out in that order', (_, of) => {
    const x = inputOf(of);
    const reversed = (y: tf.Tensor) => tf.reverse(y, y.rank === 3 ? 2 : 3);
    expectClose(run(of, reversed(x)), reversed(run(of, x)), rounding);
  });

  test.each(cases)(
    '%s: silence, a constant and full scale come out finite, with finite gradients',
    (_, of) => {
      const [low, high] = of.range ?? [-1, 1];
      const alternating = tf.reshape(tf.range(0, tf.util.sizeFromShape(of.shape)), of.shape);
      for (const x of [
        tf.zeros(of.shape),
        tf.fill(of.shape, 0.5),
        tf.where(tf.equal(tf.mod(alternating, 2), 0), tf.fill(of.shape, low), tf.fill(of.shape, high)),
      ]) {
        expectFinite(run(of, x));
        if (of.gradient !== false) expectFinite(tf.grad((v) => tf.sum(run(of, v)))(x));
      }
    },
  );

  test.each(cases.filter(([, { batchInvariant = true }]) => batchInvariant))(
    '%s: NaN in one clip leaves the other as it is, to the last bit',
    (_, of) => {
      const [kept, other] = tf.split(inputOf(of), 2);
      const expected = tf.slice(run(of, tf.concat([kept, other])), 0, 1).dataSync();
      const oneNaN = tf.where(tf.reshape(tf.equal(tf.range(0, other.size), 5), other.shape), NaN, other);
      for (const broken of [tf.fill(other.shape, NaN), oneNaN]) {
        expect(tf.slice(run(of, tf.concat([kept, broken])), 0, 1).dataSync()).toEqual(expected);
      }
    },
  );

  test.each(cases)('%s: what is short has the computed shape, or is refused with the way out', (_, of) => {
    for (const length of [1, 2, 5]) {
      const shape = of.shape.map((size, axis) => (axis === 1 ? length : size));
      const x = inputOf({ ...of, shape });
      let output;
      try {
        output = run(of, x);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        expect((error as RangeError).message).toMatch(/ (Give|Use|Lower|Pass) /);
        continue;
      }
      expect(output.shape).toEqual(of.create('channelsLast').computeOutputShape(shape));
      expectFinite(output);
    }
  });

  test.each(cases.filter(([, { gradient }]) => gradient !== false))(
    '%s: gradients by the input and by each trained weight are those of finite differences',
    (_, of) => {
      const options = of.gradient || {};
      const x = inputOf(of);
      expectLayerGradients(of.create('channelsLast'), x, options);
      if (of.augments === true) expectGradient((v) => run(of, v), x, options);
    },
  );
});

/** A random input in the case's range, channels last. */
function inputOf({ shape, range: [low, high] = [-1, 1] }: LayerCase): tf.Tensor {
  return tf.randomUniform(shape, low, high, 'float32', 3);
}

/** The output of a new layer, as in training where the case augments. */
function run(of: LayerCase, x: tf.Tensor, format: DataFormat = 'channelsLast'): tf.Tensor {
  return of.create(format).apply(x, of.augments === true ? { training: true, step: 1 } : {}) as tf.Tensor;
}

/** From channels last; a waveform, a map or a complex map. */
function inFormat(x: tf.Tensor, format: DataFormat): tf.Tensor {
  if (format === 'channelsLast') return x;
  const order = { 3: [0, 2, 1], 4: [0, 3, 1, 2], 5: [0, 3, 1, 2, 4] }[x.rank as 3 | 4 | 5];
  return tf.transpose(x, order);
}

const mono = (shape: number[]) =>
  shape.map((size, axis) => (axis === (shape.length === 3 ? 2 : 3) ? 1 : size));

function expectFinite(x: tf.Tensor): void {
  expect(Array.from(x.dataSync()).every(Number.isFinite)).toBe(true);
}
