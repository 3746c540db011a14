/** Sizes of a block, as its shaders take them. */
import type { ConvBlockActivation, ConvBlockShape } from '../shape.ts';

const activationCodes: Record<ConvBlockActivation, number> = { linear: 0, relu: 1, elu: 2 };

export type BlockSizes = ReturnType<typeof describeBlock>;

export function describeBlock(xShape: number[], kernelShape: number[], shape: ConvBlockShape) {
  const [batch, height, width, channels] = xShape;
  const [kernelHeight, kernelWidth, , filters] = kernelShape;
  const [poolHeight, poolWidth] = shape.poolSize;
  const pooledHeight = Math.floor(height / poolHeight);
  const pooledWidth = Math.floor(width / poolWidth);
  return {
    ...{ xShape, kernelShape, batch, height, width, channels, filters, kernelHeight, kernelWidth },
    top: (kernelHeight - 1) / 2,
    left: (kernelWidth - 1) / 2,
    positions: batch * height * width,
    valuesShape: [batch, height, width, filters],
    pooledPositions: batch * pooledHeight * pooledWidth,
    pooledShape: [batch, pooledHeight, pooledWidth, filters],
    /** Compiled into the shaders: with them, loops unroll and divisions turn into multiplications. */
    constants: {
      ...{ FILTERS: filters, POOL_HEIGHT: poolHeight, POOL_WIDTH: poolWidth },
      ACTIVATION: activationCodes[shape.activation],
    },
    epsilon: shape.epsilon,
    /** Not compiled in: one shader serves all lengths and batches. */
    uniforms: { height, width, pooledHeight, pooledWidth },
    /** With one input channel the convolution is cheap to do again, and its values are many: they are not stored. */
    storesValues: channels > 1,
  };
}
