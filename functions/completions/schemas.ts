import type * as z from 'zod';
import type { BodySchema } from '../../shared/middleware/parse-body.ts';
import { askSchema, planSchema } from '../../shared/model/ask-schema.ts';
import { once } from '../../shared/services/once.ts';

/** Put together with the first body for it: making all of them would be a tenth of a cold start. */
const lazily = (load: () => Promise<z.ZodType>): BodySchema => once(load);

/** By route. */
export const schemas: Readonly<Record<string, BodySchema>> = {
  'POST /v1/ask': askSchema,
  'POST /v1/plan': planSchema,
  'POST /v1/chat/completions': lazily(async () => (await import('./openai/schema.ts')).chatSchema),
  'POST /v1/responses': lazily(async () => (await import('./responses/schema.ts')).responsesSchema),
  'POST /v1/embeddings': lazily(async () => (await import('./embeddings/schema.ts')).embeddingsSchema),
  'POST /v1/messages': lazily(async () => (await import('./anthropic/schema.ts')).messagesSchema),
  'POST /admin/privacy/preview': lazily(async () => (await import('./preview-schema.ts')).previewSchema),
};
