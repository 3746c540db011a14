// The convolution block in SIMD, one image at a time. AssemblyScript; no arrays, strings or classes, so no runtime,
// no stack in memory and no data segment. Pointers and strides are in bytes, channels of `values` come in tiles of 16.
export { convolve, forward } from './forward';
export { firstOfWindows } from './pool';
export { normalise, pooledGradient } from './activate';
export { spread } from './spread';
export { accumulate, kernelGradient, patchProducts, sparseKernelGradient } from './kernelGradient';
export { copyChannels, pad } from './layout';
