/** What happened over time, in steps: as CloudWatch or the local runtime counted it, and by model as observations say. */
import type { PiiType } from './pii.ts';

/** One step of all answering routes together. Times are milliseconds; null where nothing was measured. */
export interface SeriesPoint {
  /** Its beginning, ISO 8601. */
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
  pii_findings: Partial<Record<PiiType, number>>;
  pii_modes: Record<string, number>;
}

export interface ModelPoint {
  at: string;
  requests: number;
  errors: number;
  cost_usd: number;
  p50_ms: number | null;
  /** Mean of the scores that were given. */
  quality: number | null;
}

/** Milliseconds since the epoch; both are multiples of the step. */
export interface SeriesSpan {
  from: number;
  to: number;
  stepMs: number;
}
