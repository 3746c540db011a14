// The convolution block in SIMD, one image or some of its rows at a time. AssemblyScript; no arrays, strings or classes, so no runtime,
// no stack in memory and no data segment. Pointers and strides are in bytes, channels of `values` come in tiles of 16.
export { convolve, forward } from './forward';
export { firstOfWindows } from './pool';
export { normalise, pooledGradient } from './activate';
export { spread } from './spread';
export { kernelGradient, patchProducts, sparseKernelGradient, sumParts } from './kernelGradient';
export { copyChannels, zeroBorders } from './layout';
