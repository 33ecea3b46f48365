/** The ranking of the models for one request, and who made it. */

export type SelectorBackend = 'rust' | 'typescript';

export type IneligibleReason =
  | 'disabled'
  | 'context_window'
  | 'max_output_tokens'
  | 'max_cost_usd'
  | 'latency_slo_ms'
  | 'missing_capability'
  | 'unhealthy'
  | 'breaker_open'
  | 'not_in_policy'
  | 'no_key';

/** One model in `POST /v1/plan`'s reply. */
export interface Candidate {
  id: string;
  eligible: boolean;
  reason?: IneligibleReason;
  quality: number;
  uncertainty: number;
  cost_usd: number;
  latency_ms: number;
  score: number;
  propensity: number;
  /** How much of `quality` scores of the named task brought or took, where there are any. */
  by_task?: number;
}

export interface Decision {
  policy: string;
  selector: SelectorBackend;
  state_version: number;
  /** Eligible ones best first, then the others. */
  candidates: Candidate[];
}
