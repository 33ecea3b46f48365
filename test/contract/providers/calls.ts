import type { Adapter } from '../../../shared/model/adapter.ts';
import { chatOf, type JsonObject } from '../../../shared/model/chat.ts';
import type { ModelEvent, ModelRequest } from '../../../shared/model/completion.ts';
import type { ModelClient } from '../../../shared/ports/model-client.ts';

export const anAdapter = (fields: Partial<Adapter> = {}): Adapter => ({
  id: 'model-a',
  provider: 'openai-compatible',
  model: 'vendor-model',
  price: { input_per_mtok: 1, output_per_mtok: 2 },
  quality: 0.5,
  capabilities: [],
  context_window: 8_000,
  max_output_tokens: 1_000,
  latency_ms: 40,
  enabled: true,
  created_at: '2026-01-05T12:00:00.000Z',
  updated_at: '2026-01-05T12:00:00.000Z',
  ...fields,
});

export const aRequest = (fields: Partial<ModelRequest> = {}): ModelRequest => ({
  request_id: 'request-1',
  chat: chatOf('Explain quantum computing'),
  max_tokens: 500,
  bounded: true,
  task_type: 'general',
  stream: false,
  documents: false,
  ...fields,
});

export interface Received {
  text: string;
  pieces: string[];
  documents: JsonObject[];
  end: ModelEvent | undefined;
  /** What was thrown, if anything. */
  error: unknown;
}

/** Reads an answer to its end, or to its fault. */
export const receive = async (
  client: ModelClient,
  adapter: Adapter,
  request: ModelRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<Received> => {
  const received: Received = { text: '', pieces: [], documents: [], end: undefined, error: undefined };
  try {
    for await (const event of client.call(adapter, request, signal)) {
      if (event.type === 'end') received.end = event;
      else if (event.type === 'text') received.pieces.push(event.text);
      else received.documents.push(event.document);
    }
  } catch (error) {
    received.error = error;
  }
  received.text = received.pieces.join('');
  return received;
};
