/** Name that the op is registered under. */
export const slidingMedianKernel = 'SonotagSlidingMedian';
