import type { QualityTier } from './policy.ts';

/** The task of a request that names none. */
export const GENERAL_TASK = 'general';

/** A caller's request to answer a prompt, as parsed at the edge. */
export interface Ask {
  prompt: string;
  quality: QualityTier;
  max_cost_usd?: number | undefined;
  latency_slo_ms?: number | undefined;
  task_type?: string | undefined;
  session_id?: string | undefined;
  max_tokens?: number | undefined;
  stream: boolean;
}
