/** TF.js' webgpu backend on Dawn in Node: a device with the adapter's full limits, and errors that are not lost. */
import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { outOfDeviceMemory, tooLargeForDevice } from './deviceMemory.ts';

// Kernels that TF.js collects before it submits them. Its default of 15 costs twice the time per kernel of 100.
const SUBMIT_BATCH_SIZE = 100;

// Raised from WebGPU's default to what the adapter has.
const LIMITS = [
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
] as const;

interface Dawn {
  create(options: string[]): GPU;
  globals: object;
}

/**
 * Registers the backend 'webgpu' on the adapter that the package at `url` finds; a second call changes nothing
 * unless the device has failed since.
 *
 * TF.js 4.22 does not look at WebGPU's errors: a shader that does not compile leaves whatever was in the memory. Here
 * the first error makes that kernel, and every kernel and read after it, throw. A tensor that is larger than the device
 * takes is refused with the batch size to try, and so is a batch for which the device has no memory left.
 *
 * @throws Error if there is no adapter or it gives no device
 */
export async function registerWebgpuBackend(url: string): Promise<void> {
  const current = tf.engine().registry['webgpu'] as { fault?: Error } | undefined;
  if (current !== undefined && current.fault === undefined) return;
  if (current !== undefined) tf.removeBackend('webgpu');

  const { create, globals } = (await import(url)) as Dawn;
  for (const [name, value] of Object.entries(globals)) {
    if (!(name in globalThis)) Object.assign(globalThis, { [name]: value as unknown });
  }
  const gpu = create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new Error('no GPU adapter was found');
  const device = await adapter.requestDevice({
    requiredFeatures: adapter.features.has('timestamp-query') ? ['timestamp-query'] : [],
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
  });
  const backend = await makeBackend(gpu, device, adapter.info);
  tf.registerBackend('webgpu', () => backend, 3);
}

async function makeBackend(gpu: GPU, device: GPUDevice, info: GPUAdapterInfo): Promise<tf.KernelBackend> {
  const { WebGPUBackend: StockBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', SUBMIT_BATCH_SIZE);

  class LoudBackend extends StockBackend {
    fault?: Error;
    /** Held because Dawn frees everything, also what is in use, once this object is collected (webgpu 0.6.2). */
    readonly dawn = gpu;

    /** Shape of the tensor that memory was last taken for. */
    lastShape: readonly number[] = [];

    override runWebGPUProgram(...args: Parameters<WebGPUBackend['runWebGPUProgram']>): tf.TensorInfo {
      const [program, inputs] = args;
      const { shape: outputShape = program.outputShape } = program as { shape?: number[] };
      this.requireFitting(outputShape);
      for (const { shape } of inputs) this.requireFitting(shape);
      this.lastShape = outputShape;
      const output = super.runWebGPUProgram(...args);
      this.throwFault(); // Dawn reports a fault of the shader before the call returns
      return output;
    }

    override async read(dataId: object): Promise<tf.backend_util.BackendValues> {
      const values = await super.read(dataId);
      this.throwFault();
      return values;
    }

    override readSync(dataId: object): tf.backend_util.BackendValues {
      this.throwFault();
      // TF.js reads a GPU's buffer synchronously by drawing on a canvas, which Node does not have.
      if (this.tensorMap.get(dataId).values == null) {
        throw new Error('webgpu in Node cannot read a tensor synchronously: use await tensor.data().');
      }
      return super.readSync(dataId);
    }

    /** Before any memory is taken, so that the backend stays usable. */
    private requireFitting(shape: readonly number[]): void {
      const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
      const limit = Math.min(maxBufferSize, maxStorageBufferBindingSize);
      const needed = 4 * shape.reduce((product, length) => product * length, 1);
      if (needed > limit) throw tooLargeForDevice(shape, needed, limit);
    }

    private throwFault(): void {
      if (this.fault !== undefined) throw this.fault;
    }
  }

  const backend = withNavigatorGpu(gpu, () => new LoudBackend(device, info));
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault(); // or Dawn prints it
    const message = event.error.message.trim();
    backend.fault ??= isOutOfMemory(event.error)
      ? outOfDeviceMemory(backend.lastShape, backend.memory().numBytesAllocatedInGPU)
      : new Error(`webgpu failed, its results are void from here on: ${message}`);
  });
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') backend.fault ??= new Error(`webgpu lost the device: ${message.trim()}`);
  });
  return backend;
}

/** Dawn's class for it is a global that `registerWebgpuBackend` has put there. */
function isOutOfMemory(error: GPUError): boolean {
  return error.constructor.name === 'GPUOutOfMemoryError';
}

/** TF.js 4.22 checks for navigator.gpu when a backend is made. It is not left there: Node would not exit. */
function withNavigatorGpu<Result>(gpu: GPU, make: () => Result): Result {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  try {
    return make();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, 'navigator');
    else Object.defineProperty(globalThis, 'navigator', before);
  }
}
