/** A stage that takes no new work: new connections and asks are refused, what is under way ends. */
export interface Draining {
  enabled: true;
  /** Without personal data. */
  reason?: string;
  /** When callers may come back. */
  reconnect_after_ms: number;
  since: string;
}

export type Drain = { enabled: false } | Draining;

export const NO_DRAIN: Drain = { enabled: false };
