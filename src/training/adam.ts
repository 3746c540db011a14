/** The Adam optimiser over one flat vector, its state plain arrays that a checkpoint holds exactly. */
import * as tf from '@tensorflow/tfjs';
import { adamStep } from '../../layers/kernels/index.ts';

export interface AdamOptions {
  /** Decay of the first moment. Default 0.9. */
  beta1?: number;
  /** Decay of the second moment. Default 0.999. */
  beta2?: number;
  /** Default 1e-7, as in Keras. */
  epsilon?: number;
}

/** What a checkpoint keeps. */
export interface AdamState {
  step: number;
  /** First moments of all variables, one after the other. */
  m: Float32Array;
  /** Second moments likewise. */
  v: Float32Array;
}

/**
 * Adam (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1; the form of its section 2 with the corrected step size, as in
 * Keras). TF.js's own restores its decay powers rounded, so that a resumed run would differ from an uninterrupted one.
 *
 * @example const adam = new Adam(variables); await adam.apply(gradients, 1e-3)
 */
export class Adam {
  private readonly variables: tf.Variable[];
  private readonly options: Required<AdamOptions>;
  private step = 0;
  /** One vector of three parts: the values of all variables after the last step, first moments, second moments. */
  private moved: tf.Tensor1D;

  constructor(variables: tf.Variable[], { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: AdamOptions = {}) {
    this.variables = variables;
    this.options = { beta1, beta2, epsilon };
    const size = variables.reduce((sum, variable) => sum + variable.size, 0);
    this.moved = tf.keep(tf.zeros([3 * size]));
  }

  /** Steps taken so far, those before a restored state included. */
  get steps(): number {
    return this.step;
  }

  /**
   * One step down the gradients, given by the variables' names; a variable without one stays.
   */
  apply(gradients: tf.NamedTensorMap, learningRate: number): void {
    const { beta1, beta2, epsilon } = this.options;
    this.step++;
    const stepSize = (learningRate * Math.sqrt(1 - beta2 ** this.step)) / (1 - beta1 ** this.step);
    const moved = tf.tidy(() => {
      const flat = (tensorOf: (variable: tf.Variable) => tf.Tensor) =>
        tf.concat1d(this.variables.map((variable) => tf.reshape(tensorOf(variable), [variable.size])));
      const inputs = {
        parameters: flat((variable) => variable),
        gradient: flat((variable) => gradients[variable.name] ?? tf.zeros(variable.shape)),
        state: this.moved,
      };
      const next = adamStep(inputs, { stepSize, beta1, beta2, epsilon });
      let offset = 0;
      for (const variable of this.variables) {
        const { size, shape } = variable;
        variable.assign(tf.reshape(tf.slice(next, [offset], [size]), shape));
        offset += size;
      }
      return next;
    });
    this.dispose();
    this.moved = tf.keep(moved);
  }

  async state(): Promise<AdamState> {
    const values = Float32Array.from(await this.moved.data());
    const size = values.length / 3;
    return { step: this.step, m: values.slice(size, 2 * size), v: values.slice(2 * size) };
  }

  /** @throws RangeError if the state is of other variables. */
  restore({ step, m, v }: AdamState): void {
    const size = this.moved.size / 3;
    if (m.length !== size || v.length !== size) {
      throw new RangeError(`Adam: the state holds ${m.length} values; the variables have ${size}.`);
    }
    const values = new Float32Array(3 * size);
    values.set(m, size);
    values.set(v, 2 * size);
    this.dispose();
    this.step = step;
    this.moved = tf.keep(tf.tensor1d(values));
  }

  dispose(): void {
    this.moved.dispose();
  }
}
