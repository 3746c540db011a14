/** Names under which a backend registers its implementation of the block. */
export const trainingKernel = 'SonotagConvBlockTraining';
export const inferenceKernel = 'SonotagConvBlockInference';
export const gradientKernel = 'SonotagConvBlockGradient';
