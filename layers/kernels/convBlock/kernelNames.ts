/** Names under which a backend registers its implementation of the block. */
export const trainingKernel = 'SonotagConvBlockTraining';
export const inferenceKernel = 'SonotagConvBlockInference';
export const gradientKernel = 'SonotagConvBlockGradient';

/** The same on TensorFlow's own ops, whose gradient keeps tensors and needs no kernel of ours. */
export const namedOpsTrainingKernel = 'SonotagConvBlockNamedOpsTraining';
export const namedOpsInferenceKernel = 'SonotagConvBlockNamedOpsInference';
