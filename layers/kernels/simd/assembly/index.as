// All kernels in one module, so that they share a memory and its threads. AssemblyScript; no arrays, strings or classes,
// so no runtime, no stack in memory and no data segment. Pointers and strides are in bytes.
export { adam } from '../../adam/assembly/adam';
export { convolve, forward } from '../../convBlock/assembly/forward';
export { firstOfWindows } from '../../convBlock/assembly/pool';
export { normalise, pooledGradient } from '../../convBlock/assembly/activate';
export { spread } from '../../convBlock/assembly/spread';
export { transformKernel } from '../../convBlock/assembly/winograd';
export { kernelGradient, sparseKernelGradient, sumParts } from '../../convBlock/assembly/kernelGradient';
export { patchProducts } from '../../convBlock/assembly/patchProducts';
export { copyChannels, padImage, zeroBorders } from '../../convBlock/assembly/layout';
export { maxPoolGradient } from '../../maxPoolGrad/assembly/maxPoolGradient';
export { spectrogram } from '../../melSpectrogram/assembly/spectrogram';
export { limitDecibels } from '../../melSpectrogram/assembly/decibel';
export { spectrogramGradient } from '../../melSpectrogram/assembly/gradient';
