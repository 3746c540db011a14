/**
 * Names under which a backend registers its implementation. Inputs, attributes and outputs:
 *
 * - `SonotagSpectrogram`: `x` `[clips, channels, samples]`, `window` `[nFft]`; attributes `StftShape` (shape.ts). Output
 *   `[clips, channels, frames, 1 + nFft / 2]`, magnitude or power.
 * - `SonotagMelSpectrogram`: also `filterbank` `[bins, mels]`; attributes `MelShape`. Output
 *   `[clips, channels, frames, mels]`, in decibels where `decibel` is not null: references and floors over all channels
 *   and frames of a clip, and never over more than a clip.
 * - `SonotagSpectrogramGradient`, optional (stock ops without it): `x`, `window`, `dy` of the shape of
 *   `SonotagSpectrogram`'s output; attributes `StftShape` and `by`, `'x'` or `'window'`: the gradient by that.
 *
 * They are only called where `canTransform` says so, with at least one clip, channel and frame, and with a
 * waveform that is long enough to be mirrored.
 */
export const spectrogramKernel = 'SonotagSpectrogram';
export const melSpectrogramKernel = 'SonotagMelSpectrogram';
export const spectrogramGradientKernel = 'SonotagSpectrogramGradient';
