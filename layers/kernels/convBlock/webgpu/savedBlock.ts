/** Forward passes that wait for their gradient, on the GPU. */
import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '../../webgpu/runShader.ts';
import { storedGradient } from '../../conv2dBackpropFilter/webgpu/filterGradient.ts';
import { kernelGradient, type Kept, pooledGradient, storeGradient, valuesGradient } from './backward.ts';
import type { BlockSizes } from './blockSizes.ts';
import { runStock } from './values.ts';
import { takeRow } from './statistics.ts';

export type GradientBy = 'x' | 'kernel' | 'gamma' | 'beta';

/** One forward pass, kept for one backward pass. What is not asked for is not computed. */
export class SavedBlock {
  private readonly backend: WebGPUBackend;
  private readonly sizes: BlockSizes;
  private readonly kept: Kept;
  /** Of our own, so that they outlive the caller's. */
  private readonly x: tf.Tensor;
  private readonly kernel: tf.Tensor;
  private coefficients: tf.TensorInfo | undefined;
  private gradientOfValues: tf.TensorInfo | undefined;

  constructor(backend: WebGPUBackend, sizes: BlockSizes, kept: Kept, x: tf.Tensor, kernel: tf.Tensor) {
    this.backend = backend;
    this.sizes = sizes;
    this.kept = kept;
    this.x = tf.keep(tf.clone(x));
    this.kernel = tf.keep(tf.clone(kernel));
  }

  gradient(by: GradientBy, dy: tf.TensorInfo): tf.TensorInfo {
    const { backend, sizes, kept, x, kernel } = this;
    const coefficients = (this.coefficients ??= pooledGradient(backend, kept, dy, sizes));
    if (by === 'gamma') return takeRow(backend, coefficients, 2);
    if (by === 'beta') return takeRow(backend, coefficients, 3);
    const code = valuesGradient(kept, coefficients, dy, sizes);
    if (by === 'kernel' && !sizes.storesValues) return kernelGradient(backend, x, code, sizes);
    const stored = (this.gradientOfValues ??= storeGradient(backend, code, sizes));
    if (by === 'x') {
      const inputs = { dy: stored, filter: kernel };
      return runStock(backend, tf.Conv2DBackpropInput, inputs, { inputShape: sizes.xShape });
    }
    return kernelGradient(backend, x, storedGradient(stored), sizes);
  }

  release(): void {
    const { values, pooled, statistics } = this.kept;
    for (const info of [values.stored, pooled, statistics, this.coefficients, this.gradientOfValues]) {
      if (info !== undefined) this.backend.disposeData(info.dataId);
    }
    tf.dispose([this.x, this.kernel]);
  }
}

export class SavedBlocks {
  private readonly blocks = new Map<number, { block: SavedBlock; tape: unknown }>();
  private current: number | undefined;

  add(id: number, block: SavedBlock): void {
    this.blocks.set(id, { block, tape: tf.engine().state.activeTape });
  }

  get(id: number): SavedBlock {
    // TF.js 4.22 goes through a tape once, and takes all gradients of one node before the next.
    if (this.current !== undefined && this.current !== id) this.release(this.current);
    this.current = id;
    const entry = this.blocks.get(id);
    if (entry === undefined) throw new Error(`convBlock: forward pass ${id} has no saved values.`);
    return entry.block;
  }

  /** Frees what was kept for tapes that are gone, so that nobody can ask for it. Done before each forward pass. */
  collect(): void {
    const { activeTape } = tf.engine().state;
    for (const [id, { tape }] of this.blocks) {
      if (tape !== activeTape) this.release(id);
    }
  }

  private release(id: number): void {
    this.blocks.get(id)?.block.release();
    this.blocks.delete(id);
    if (this.current === id) this.current = undefined;
  }
}
