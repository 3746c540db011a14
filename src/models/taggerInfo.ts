/** What a saved tagger says about itself, beside its layers and weights. */
import { z } from 'zod';

const share = z.number().min(0).max(1);

/** Checked whenever a model is read; unknown keys are refused, since they come from a newer version. */
export const taggerInfoSchema = z.strictObject({
  format: z.literal('sonotag tagger'),
  formatVersion: z.literal(1),
  /** Hz. */
  sampleRate: z.number().positive(),
  /** Length of the input, samples. */
  samples: z.int().positive(),
  /** In the order of the outputs. */
  tags: z.array(z.string().min(1)).min(1),
  /** Whether exactly one tag applies to a clip. */
  exclusive: z.boolean(),
  /** Options of the front end away from their defaults. */
  frontEnd: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
  /**
   * Decibels are 10·log10 of power, or as Kapre 0.4 has it of magnitude; their reference is each clip's own peak, that
   * of the batch, or a fixed value. null where there are none.
   */
  decibel: z
    .strictObject({
      of: z.enum(['power', 'magnitude']),
      reference: z.enum(['clip', 'batch', 'fixed']),
    })
    .nullable(),
  /** Statistics that batch norm uses outside training. */
  batchNorm: z.enum(['moving', 'batch']),
  /** What it was trained on, where sonotag trained it. */
  training: z
    .strictObject({
      data: z.string(),
      clips: z.int().nonnegative(),
      /** Name of the published split, or how it was drawn. */
      split: z.string().optional(),
      /** SHA-256 over the clips' ids and parts. */
      splitHash: z.string(),
      validShare: share,
      seed: z.int(),
      epochs: z.int().nonnegative(),
      engine: z.string(),
    })
    .optional(),
  /** What it was imported from, where another program trained it. */
  imported: z
    .strictObject({
      file: z.string(),
      /** SHA-256 of that file. */
      sha256: z.string(),
      /** Version of Keras that wrote it. */
      keras: z.string(),
      /** Whose convolutions its kernels were for. */
      backend: z.string(),
      /** Whether the front end takes statistics of each clip alone or of the batch. */
      normalization: z.enum(['clip', 'batch']),
    })
    .optional(),
  /** SHA-256 of the weights. */
  weightsHash: z.string(),
  /** What is known of the licence of the weights and of what they were trained on. */
  licence: z.string(),
  madeBy: z.string(),
});

export type TaggerInfo = z.infer<typeof taggerInfoSchema>;
