/** The GRU of Keras 2.1 and later, whose reset gate comes after the product with the state. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape } from '../../../../layers/dataFormat.ts';
import { requireInteger } from '../../../../layers/dsp/checks.ts';
import type { LayerArgs } from '../../../../layers/layerArgs.ts';

type ActivationName = Parameters<typeof tf.layers.activation>[0]['activation'];

export interface ResetAfterGruArgs extends LayerArgs {
  /** Length of the state, >= 1. */
  units: number;
  /** Of the candidate state, by TF.js's name. Default `'tanh'`. */
  activation?: ActivationName;
  /** Of the update and the reset gate. Default `'sigmoid'`. */
  recurrentActivation?: ActivationName;
  /** Whether the products have biases. Default true. */
  useBias?: boolean;
  /** Gives the state after every step, in the order of computation, not the last alone. Default false. */
  returnSequences?: boolean;
  /** Starts at the last step. Default false. */
  goBackwards?: boolean;
}

/**
 * `h = z * h + (1 - z) * activation(W x + b + r * (U h + c))` with the gates `z` and `r`, from a state of zeros.
 *
 * Input: `[batch, steps, channels]`. Output: `[batch, units]`, or `[batch, steps, units]` with `returnSequences`.
 * Weights in order: kernel `[channels, 3 * units]`, recurrent kernel `[units, 3 * units]`, bias `[2, 3 * units]`, that
 * of the input first; gates z, r and the candidate. All start at zero.
 *
 * Same numbers as GRU of Keras 2 with `reset_after=True`, its default since TensorFlow 2; TF.js 4.22 has that of
 * `reset_after=False`. Cho et al. 2014 (arXiv:1406.1078), in the variant of cuDNN.
 *
 * @throws RangeError if `units` is no whole number >= 1.
 * @example new ResetAfterGru({ units: 32 }).apply(tf.zeros([1, 15, 128])) // [1, 32]
 */
export class ResetAfterGru extends tf.layers.Layer {
  static className = 'ResetAfterGru';
  private readonly options: Required<Omit<ResetAfterGruArgs, keyof LayerArgs>>;
  private readonly activate: tf.layers.Layer;
  private readonly activateGates: tf.layers.Layer;
  private kernel!: tf.LayerVariable;
  private recurrentKernel!: tf.LayerVariable;
  private bias?: tf.LayerVariable;

  constructor(args: ResetAfterGruArgs) {
    const { units, activation = 'tanh', recurrentActivation = 'sigmoid', ...others } = args;
    const { useBias = true, returnSequences = false, goBackwards = false, ...layerArgs } = others;
    super(layerArgs);
    requireInteger('ResetAfterGru: units', units, 1);
    this.options = { units, activation, recurrentActivation, useBias, returnSequences, goBackwards };
    this.activate = tf.layers.activation({ activation });
    this.activateGates = tf.layers.activation({ activation: recurrentActivation });
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = onlyShape(inputShape)[2];
    if (channels == null) throw new RangeError('ResetAfterGru: the number of channels must be known.');
    const { units, useBias } = this.options;
    const { zeros } = tf.initializers; // a file's weights take their place
    this.kernel = this.addWeight('kernel', [channels, 3 * units], 'float32', zeros());
    this.recurrentKernel = this.addWeight('recurrentKernel', [units, 3 * units], 'float32', zeros());
    if (useBias) this.bias = this.addWeight('bias', [2, 3 * units], 'float32', zeros());
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, steps] = onlyShape(inputShape);
    const { units, returnSequences } = this.options;
    return returnSequences ? [batch, steps, units] : [batch, units];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const { units, returnSequences, goBackwards } = this.options;
      const x = only(inputs);
      const [batch, steps, channels] = x.shape;
      const [bias, recurrentBias] = this.bias ? tf.unstack(this.bias.read()) : [];
      // the input's part of all steps by one product
      const flat = plus(tf.matMul(tf.reshape(x, [batch * steps, channels]), this.kernel.read()), bias);
      const parts = tf.unstack(tf.reshape(flat, [batch, steps, 3 * units]), 1);
      if (goBackwards) parts.reverse();
      let state: tf.Tensor = tf.zeros([batch, units]);
      const states = parts.map((part) => (state = this.step(part, state, recurrentBias)));
      return returnSequences ? tf.stack(states, 1) : state;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  /** The next state `[batch, units]`. */
  private step(part: tf.Tensor, state: tf.Tensor, recurrentBias: tf.Tensor | undefined): tf.Tensor {
    return tf.tidy(() => {
      const recurrent = plus(tf.matMul(state, this.recurrentKernel.read()), recurrentBias);
      const [zOfInput, rOfInput, hOfInput] = tf.split(part, 3, 1);
      const [zOfState, rOfState, hOfState] = tf.split(recurrent, 3, 1);
      const update = this.activateGates.apply(tf.add(zOfInput, zOfState)) as tf.Tensor;
      const reset = this.activateGates.apply(tf.add(rOfInput, rOfState)) as tf.Tensor;
      const candidate = this.activate.apply(tf.add(hOfInput, tf.mul(reset, hOfState))) as tf.Tensor;
      return tf.add(tf.mul(update, state), tf.mul(tf.sub(1, update), candidate));
    });
  }
}
tf.serialization.registerClass(ResetAfterGru, 'sonotag');

function plus(x: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor {
  return bias === undefined ? x : tf.add(x, bias);
}
