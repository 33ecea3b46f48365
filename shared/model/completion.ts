/** A provider-neutral model call: what is sent, and the events that come back. */
import type { Adapter } from './adapter.ts';
import type { ChatBody, JsonObject } from './chat.ts';

export interface ModelRequest {
  request_id: string;
  chat: ChatBody;
  /** Output tokens of a choice, at most. */
  max_tokens: number;
  /** Whether the provider must be told of `max_tokens`, also where `chat` names no bound of its own. */
  bounded: boolean;
  task_type: string;
  stream: boolean;
  /** Answer in `document` events, with all that the provider says, instead of `text`. */
  documents: boolean;
  /** W3C's trace header, where providers may see it. */
  traceparent?: string | undefined;
}

/** Milliseconds that a provider may say nothing, and how often its usual latency a whole answer may take. */
const MAX_SILENCE_MS = 60_000;
const TIMES_ITS_LATENCY = 4;

/** Milliseconds without a byte after which a provider is given up. A whole answer is silence until it is there. */
export const patienceMs = ({ latency_ms }: Adapter, stream: boolean): number =>
  stream ? MAX_SILENCE_MS : Math.max(MAX_SILENCE_MS, latency_ms * TIMES_ITS_LATENCY);

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

export interface TokenUsage {
  tokens_in: number;
  tokens_out: number;
  /** True where the provider reported none and we counted for ourselves. */
  estimated: boolean;
}

/**
 * Text pieces in order, or documents, then exactly one `end`; a fault is thrown as AppError, never yielded. Documents are
 * OpenAI's: one `chat.completion`, or for a stream each `chat.completion.chunk`.
 */
export type ModelEvent =
  | { type: 'text'; text: string }
  | { type: 'document'; document: JsonObject }
  | { type: 'end'; finish_reason: FinishReason; usage?: { tokens_in: number; tokens_out: number } };
