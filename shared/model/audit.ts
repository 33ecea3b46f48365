/** Who changed what, and who was refused: entries of chains, each signed together with the one before it. */
import type { Role } from './tenant.ts';

export const AUDIT_KINDS = ['change', 'denied', 'system'] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** A change is written down before it is made (`begun`) and again with how it ended. */
export const AUDIT_OUTCOMES = ['begun', 'succeeded', 'failed', 'unauthenticated', 'forbidden'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

export interface AuditActor {
  key_id: string;
  tenant_id: string;
  roles: readonly Role[];
}

/** What happened. Names, numbers and codes: no secret, no personal data, no caller's free text. */
export interface AuditEvent {
  id: string;
  at: string;
  kind: AuditKind;
  /** `POST /admin/keys`. */
  action: string;
  outcome: AuditOutcome;
  /** The tenant whose chain it is in; none for what concerns no tenant. */
  tenant_id?: string;
  /** None where nobody was recognised. */
  actor?: AuditActor;
  /** Parameters of the path. */
  target?: Readonly<Record<string, string>>;
  /** What was asked, where it may be written down; otherwise its kind, in brackets. */
  change?: unknown;
  /** HTTP status of the reply. */
  status?: number;
  request_id?: string;
  /** Of a change that ended: the entry in which it began. */
  begun_by?: string;
  /** Refusals alike that one entry stands for, and when the first of them was. */
  count?: number;
  first_at?: string;
}

/** As it is signed: its place in its chain, the entry before it, and the key. */
export interface ChainedEvent extends AuditEvent {
  chain: string;
  seq: number;
  /** The mac of the entry before; empty for the first. */
  prev: string;
  /** Version of the audit key. */
  key_version: string;
}

/** `document` is the chained event's JSON, exactly as it was signed. */
export interface AuditEntry {
  chain: string;
  seq: number;
  at: string;
  id: string;
  document: string;
  mac: string;
}

/** A chain's end. Its seal shows that nobody but a holder of the key put it there. */
export interface ChainHead {
  chain: string;
  seq: number;
  mac: string;
  key_version: string;
  seal: string;
}

export interface AuditQuery {
  limit: number;
  tenant_id?: string;
  kind?: AuditKind;
  outcome?: AuditOutcome;
  action?: string;
  /** Key id of the actor. */
  actor?: string;
  /** Milliseconds since the epoch. */
  from?: number;
  to?: number;
  cursor?: string;
}

export interface AuditPage {
  items: ChainedEvent[];
  cursor?: string;
}
