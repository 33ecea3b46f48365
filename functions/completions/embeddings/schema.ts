/** OpenAI's embeddings request, checked as far as the router relies on it. What is not named here is the provider's business and passes. */
import * as z from 'zod';

const MAX_NAME = 256;
const MOST_TEXTS = 2_048;
const MOST_DIMENSIONS = 65_536;

const text = z
  .string('must be a string: tokens cannot be searched for personal data')
  .min(1, 'must not be empty');
const texts = z
  .array(text, 'must be a string or an array of strings')
  .min(1, 'must hold a text')
  .max(MOST_TEXTS, `must hold at most ${MOST_TEXTS} texts`);

/** By hand, because a union would not say which text is at fault. Of many faults, as tokens are, the first one is told. */
const input = z
  .unknown()
  .meta({
    description: 'A text, or an array of texts.',
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1, maxItems: MOST_TEXTS },
    ],
  })
  .superRefine((value, context) => {
    const { error } = (typeof value === 'string' ? text : texts).safeParse(value);
    const [fault] = error?.issues ?? [];
    if (fault !== undefined) context.addIssue({ code: 'custom', path: fault.path, message: fault.message });
  });

export const embeddingsSchema = z.looseObject({
  model: z.string().min(1).max(MAX_NAME),
  input,
  dimensions: z.int().min(1).max(MOST_DIMENSIONS).nullish(),
  encoding_format: z.enum(['float', 'base64'], 'must be float or base64').nullish(),
  user: z.string().max(MAX_NAME).nullish(),
});

export type EmbeddingsRequest = z.output<typeof embeddingsSchema>;
