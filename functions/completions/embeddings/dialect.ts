/** `POST /v1/embeddings`: the provider's own vectors, under the name of the model that made them. */
import type { Dialect } from '../vendor-route.ts';

export const embeddings: Dialect = {
  whole: ({ document, reply: { model_used, tokens_in } }) => ({
    object: 'list',
    ...document,
    model: model_used,
    usage: document.usage ?? { prompt_tokens: tokens_in, total_tokens: tokens_in },
  }),
};
