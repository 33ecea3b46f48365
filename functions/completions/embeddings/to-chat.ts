/** Texts to embed in the form that redaction and limits take: a message each. */
import type { ChatBody } from '../../../shared/model/chat.ts';
import type { EmbeddingsRequest } from './schema.ts';

const TRANSLATED = new Set(['model', 'input', 'messages', 'stream']);

export const textsOf = ({ input: given }: EmbeddingsRequest): string[] =>
  [given].flat().filter((entry) => typeof entry === 'string');

export const toChat = (body: EmbeddingsRequest): ChatBody => ({
  ...Object.fromEntries(
    Object.entries(body).filter(([name, value]) => !TRANSLATED.has(name) && value !== null),
  ),
  messages: textsOf(body).map((content) => ({ role: 'user', content })),
});
