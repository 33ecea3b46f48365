import * as z from 'zod';

const MAX_LABELS = 64;
const MAX_LABEL = 256;

export const observeSchema = z.strictObject({
  request_id: z.string().min(1).max(128),
  quality_score: z.number().min(0).max(1),
  labels: z
    .record(z.string().min(1).max(MAX_LABEL), z.string().max(MAX_LABEL), {
      error: ({ code }) =>
        code === 'invalid_key' ? `must have a name of 1 to ${MAX_LABEL} characters` : undefined,
    })
    .refine((labels) => Object.keys(labels).length <= MAX_LABELS, `must hold at most ${MAX_LABELS} labels`)
    .optional(),
});

export type ObserveBody = z.output<typeof observeSchema>;
