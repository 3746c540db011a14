/** What a tagger's network is fed with: apart from the layers, so that `--help` need not wait for TensorFlow.js. */
export const frontEndKinds = ['mel', 'learned-chroma', 'mel+chroma'] as const;
export type FrontEndKind = (typeof frontEndKinds)[number];
