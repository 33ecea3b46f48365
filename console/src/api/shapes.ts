/** Names for the replies that several pages read. */
import type { Schemas } from './client.ts';

export type Adapter = Schemas['Adapter'];
export type Observation = Schemas['Observation'];
export type Policy = Schemas['Policy'];
export type Evaluation = Schemas['Evaluation'];
export type Candidate = Schemas['Candidate'];
export type Key = Schemas['Key'];
export type Limits = Schemas['QuotaWithUse']['limits'];
export type UsageRow = Schemas['Usage'][number];
export type AuditEntry = Schemas['AuditEntry'];

export interface Me {
  key_id: string;
  tenant_id: string;
  roles: string[];
  scopes?: string[];
  stage: string;
  version: string;
}

export interface Point {
  at: string;
  requests: number;
  errors: number;
  limit_hits: number;
  p50_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
  cost_usd: number;
  tokens_in: number;
  tokens_out: number;
  active_connections: number | null;
  rust: number;
  typescript: number;
  pii_findings: Record<string, number>;
  pii_modes: Record<string, number>;
}

export interface ModelPoint {
  at: string;
  requests: number;
  errors: number;
  cost_usd: number;
  p50_ms: number | null;
  quality: number | null;
}

export interface Series {
  step_s: number;
  complete: boolean;
  points: Point[];
  by_model: Record<string, ModelPoint[]>;
}

export interface Snapshot {
  step_s: number;
  point: Point;
}

export interface Arm {
  id: string;
  registered: boolean;
  enabled: boolean;
  q_hat: number | null;
  uncertainty: number | null;
  pulls: number | null;
  prior: number;
  requests: number;
  share: number;
  mean_cost_usd: number | null;
  mean_latency_ms: number | null;
  mean_feedback: number | null;
  scored: number;
  errors: number;
  frontier: boolean;
}

export interface Arms {
  policy: string;
  version: number;
  strategy: string;
  state_version: number;
  from: string;
  to: string;
  truncated: boolean;
  step_s: number;
  arms: Arm[];
  shares: { at: string; requests: number; by_model: Record<string, number> }[];
  shadow: { policy: string; decisions: number; agreed: number }[];
}

export interface Decision extends Observation {
  candidates: (Omit<Candidate, 'quality' | 'uncertainty' | 'cost_usd' | 'latency_ms' | 'score'> & {
    quality: number | null;
    uncertainty: number | null;
    cost_usd: number | null;
    latency_ms: number | null;
    score: number | null;
  })[];
  steps: { name: string; start_ms: number; duration_ms: number | null }[];
  prompt_truncated?: true;
}

export interface Preview {
  mode: string;
  detector: string;
  partial: boolean;
  findings: { type: string; start: number; end: number }[];
  masked: string;
  sent: string | null;
}

export interface TestCall {
  ok: boolean;
  model: string;
  latency_ms: number;
  first_byte_ms: number | null;
  tokens_in: number | null;
  tokens_out: number | null;
  cost_usd: number | null;
  error: { code: string; message: string } | null;
}

export interface BrokenLink {
  chain: string;
  seq: number;
  fault: string;
  id?: string;
}

export interface Verification {
  ok: boolean;
  complete: boolean;
  chains: number;
  entries: number;
  first_broken?: BrokenLink;
  broken: BrokenLink[];
}
