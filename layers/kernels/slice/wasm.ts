/** A stretch of a tensor, for the `wasm` backend: the stock kernel of TensorFlow.js 4.22 reads all of it for every piece. */
import * as tf from '@tensorflow/tfjs';

/** What is asked of a backend that holds its tensors in memory of its own. */
interface ReadableBackend {
  /** A copy of the values from `start` up to `end`, which 0 stands for the end of all. */
  readSync(dataId: object, start: number, end: number): Float32Array | Int32Array | Uint8Array;
}

/** Puts the kernel in front of the stock one, which still cuts what does not lie in one piece. */
export function replaceSlice(): void {
  const stock = tf.getKernel(tf.Slice, 'wasm');
  if (stock == null) return;
  tf.unregisterKernel(tf.Slice, 'wasm'); // without this TensorFlow.js prints a warning
  tf.registerKernel({
    kernelName: tf.Slice,
    backendName: 'wasm',
    kernelFunc(args) {
      const x = args.inputs.x as tf.Tensor;
      const { begin, size } = args.attrs as unknown as Record<'begin' | 'size', number | number[]>;
      const [start, shape] = tf.slice_util.parseSliceParams(x, begin, size);
      const count = tf.util.sizeFromShape(shape);
      if (x.dtype === 'string' || count === 0 || !tf.slice_util.isSliceContinous(x.shape, start, shape)) {
        return stock.kernelFunc(args);
      }
      const offset = tf.slice_util.computeFlatOffset(start, tf.util.computeStrides(x.shape));
      const values = (args.backend as ReadableBackend).readSync(x.dataId, offset, offset + count);
      return tf.tensor(values, shape, x.dtype);
    },
  });
}
