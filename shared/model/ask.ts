import type { Capability } from './adapter.ts';
import type { QualityTier } from './policy.ts';

/** The task of a request that names none. */
export const GENERAL_TASK = 'general';

/** The task of a request for vectors. */
export const EMBEDDING_TASK = 'embedding';

/** What a caller asks of the routing, whatever the form of the request. */
export interface RoutingWish {
  quality: QualityTier;
  max_cost_usd?: number | undefined;
  latency_slo_ms?: number | undefined;
  /** Output tokens of an answer. */
  max_tokens?: number | undefined;
  /** Answers to the one request; 1. */
  answers?: number | undefined;
  needs?: readonly Capability[] | undefined;
  /** Vectors are wanted, not an answer: nothing is said. */
  embeds?: true;
  /** Tokens of the longest text, where each is read by itself. */
  longest_input?: number;
}

/** A caller's request to answer a prompt, as parsed at the edge. */
export interface Ask extends RoutingWish {
  prompt: string;
  task_type?: string | undefined;
  session_id?: string | undefined;
  stream: boolean;
}
