/** What the gateway noticed of itself and of changes to its configuration: for operators, kept for a month. */

export const EVENT_TYPES = [
  'adapter.registered',
  'adapter.removed',
  'adapter.tested',
  'adapter.key_set',
  'adapter.key_removed',
  'adapter.breaker_opened',
  'adapter.breaker_closed',
  'key.created',
  'key.rotated',
  'key.revoked',
  'quota.set',
  'quota.exceeded',
  'secret.rotated',
  'flags.changed',
  'drain.began',
  'drain.ended',
  'policy.changed',
  'policy.promoted',
  'policy.removed',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export interface StageEvent {
  /** Time-ordered (UUIDv7). */
  id: string;
  type: EventType;
  /** The model, key, policy or tenant that it is about. */
  subject?: string;
  /** Of whom it is, where it is one tenant's. */
  tenant_id?: string;
  /** Whose key brought it about, where a caller did. */
  by?: string;
  request_id?: string;
  created_at: string;
}

export const EVENT_RETENTION_MS = 30 * 86_400_000;

export interface EventQuery {
  limit: number;
  type?: EventType;
  tenant_id?: string;
  /** Milliseconds since the epoch: from then on, and before then. */
  since?: number;
  until?: number;
  /** Opaque; from the previous page. */
  cursor?: string;
}

export interface EventPage {
  items: StageEvent[];
  cursor?: string;
}
