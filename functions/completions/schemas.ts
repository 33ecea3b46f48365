import { askSchema, planSchema } from '../../shared/model/ask-schema.ts';
import { messagesSchema } from './anthropic/schema.ts';
import { embeddingsSchema } from './embeddings/schema.ts';
import { chatSchema } from './openai/schema.ts';
import { previewSchema } from './preview.ts';
import { responsesSchema } from './responses/schema.ts';

/** By route. */
export const schemas = {
  'POST /v1/ask': askSchema,
  'POST /v1/plan': planSchema,
  'POST /v1/chat/completions': chatSchema,
  'POST /v1/responses': responsesSchema,
  'POST /v1/embeddings': embeddingsSchema,
  'POST /v1/messages': messagesSchema,
  'POST /admin/privacy/preview': previewSchema,
};
