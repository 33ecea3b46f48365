import type { Adapter } from '../model/adapter.ts';
import type { ConfigSnapshot, Flags, Policy } from '../model/policy.ts';

/** What holds where nothing was stored. */
export interface ConfigDefaults {
  policy: Policy;
  flags: Flags;
}

/** Adapters, policies and flags: small, read often, written seldom. Reads are strongly consistent. */
export interface ConfigStore {
  snapshot(): Promise<ConfigSnapshot>;
  listAdapters(): Promise<Adapter[]>;
  getAdapter(id: string): Promise<Adapter | undefined>;
  putAdapter(adapter: Adapter): Promise<void>;
  /** False when there was none. */
  deleteAdapter(id: string): Promise<boolean>;
  getFlags(): Promise<Flags>;
  putFlags(flags: Flags): Promise<void>;
}

/** A snapshot that is at most seconds old; see services/cached-config.ts for the bounds. */
export interface ConfigSource {
  current(): Promise<ConfigSnapshot>;
  /** Reads now; for the moment when the copy at hand cannot serve. */
  refresh(): Promise<ConfigSnapshot>;
}
