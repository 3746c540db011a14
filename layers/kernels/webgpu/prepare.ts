/** Brings our kernels to the backend `webgpu`, whose stock kernels must be registered. */
import { registerWebgpuAdam } from '../adam/webgpu.ts';
import { registerWebgpuConvBlock } from '../convBlock/webgpu/register.ts';
import { replaceConv2dBackpropFilter } from '../conv2dBackpropFilter/webgpu/register.ts';
import { registerWebgpuMelSpectrogram } from '../melSpectrogram/webgpu/register.ts';
import { replaceLeadingSums } from './leadingSums.ts';

/** Registers the kernels; call it once. */
export function prepareWebgpu(): void {
  replaceConv2dBackpropFilter();
  replaceLeadingSums();
  registerWebgpuConvBlock();
  registerWebgpuMelSpectrogram();
  registerWebgpuAdam();
}
