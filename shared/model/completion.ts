/** A provider-neutral model call: what is sent, and the events that come back. */

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface ModelRequest {
  request_id: string;
  messages: ChatMessage[];
  max_tokens: number;
  task_type: string;
  stream: boolean;
}

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

export interface TokenUsage {
  tokens_in: number;
  tokens_out: number;
  /** True where the provider reported none and we counted for ourselves. */
  estimated: boolean;
}

/** Text pieces in order, then exactly one `end`; a fault is thrown as AppError, never yielded. */
export type ModelEvent =
  | { type: 'text'; text: string }
  | { type: 'end'; finish_reason: FinishReason; usage?: { tokens_in: number; tokens_out: number } };
