/** Names under which a backend registers its implementation of the block. */
export const trainingKernel = 'SonotagConvBlockTraining';
export const inferenceKernel = 'SonotagConvBlockInference';
/** Has no gradient of its own: a second derivative fails with TensorFlow.js's message. */
export const gradientKernel = 'SonotagConvBlockGradient';
