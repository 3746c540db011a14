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
  private m: tf.Tensor1D;
  private v: tf.Tensor1D;

  constructor(variables: tf.Variable[], { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: AdamOptions = {}) {
    this.variables = variables;
    this.options = { beta1, beta2, epsilon };
    const size = variables.reduce((sum, variable) => sum + variable.size, 0);
    this.m = tf.keep(tf.zeros([size]));
    this.v = tf.keep(tf.zeros([size]));
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
    const { m, v } = tf.tidy(() => {
      const flat = this.variables.map((variable) => {
        const gradient = gradients[variable.name];
        return gradient ? tf.reshape(gradient, [variable.size]) : tf.zeros([variable.size]);
      });
      const constants = { stepSize, beta1, beta2, epsilon };
      const { update, ...moments } = adamStep(
        tf.concat(flat as tf.Tensor1D[]),
        { m: this.m, v: this.v },
        constants,
      );
      let offset = 0;
      for (const variable of this.variables) {
        const part = tf.reshape(tf.slice(update, [offset], [variable.size]), variable.shape);
        variable.assign(tf.sub(variable, part));
        offset += variable.size;
      }
      return { ...moments };
    });
    this.dispose();
    this.m = tf.keep(m);
    this.v = tf.keep(v);
  }

  async state(): Promise<AdamState> {
    const [m, v] = await Promise.all([this.m.data(), this.v.data()]);
    return { step: this.step, m: Float32Array.from(m), v: Float32Array.from(v) };
  }

  /** @throws RangeError if the state is of other variables. */
  restore({ step, m, v }: AdamState): void {
    if (m.length !== this.m.size || v.length !== this.v.size) {
      throw new RangeError(`Adam: the state holds ${m.length} values; the variables have ${this.m.size}.`);
    }
    this.dispose();
    this.step = step;
    this.m = tf.keep(tf.tensor1d(m));
    this.v = tf.keep(tf.tensor1d(v));
  }

  dispose(): void {
    this.m.dispose();
    this.v.dispose();
  }
}
